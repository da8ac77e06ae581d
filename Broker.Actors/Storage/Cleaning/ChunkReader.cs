using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>Reads a segment in pieces of whole batches, every checksum checked: a cleaning must not make damage look whole. For one thread.</summary>
internal sealed class ChunkReader(int size)
{
    private byte[] _usual = new byte[size];
    private byte[] _buffer = [];
    private IDiskFile? _file;
    private string _path = "";
    private long _next;
    private long _end;
    private int _at;
    private int _length;
    private long _lastOffset;
    private RecordBatchHeader _header;

    /// <summary>Header of the current batch; a message of format 0 or 1 is a batch of its own.</summary>
    public ref readonly RecordBatchHeader Header => ref _header;

    /// <summary>The current batch, whole.</summary>
    public ReadOnlySpan<byte> Batch => _buffer.AsSpan(_at - _header.SizeInBytes, _header.SizeInBytes);

    /// <summary>Whether the range has been read to its end.</summary>
    public bool IsAtEnd => _next >= _end;

    /// <summary>Takes a range of a file; it stays the caller's.</summary>
    public void Open(IDiskFile file, string path, long start, long end)
    {
        (_file, _path, _next, _end) = (file, path, start, end);
        _at = _length = 0;
        _lastOffset = -1;
    }

    /// <summary>Reads the next piece; gives its bytes.</summary>
    /// <exception cref="CorruptRecordException">No whole batch stands there.</exception>
    public int Fill()
    {
        _buffer = _usual;
        Read();
        if (RecordBatchHeader.TryParseStored(_buffer.AsSpan(0, _length), out var first) && IsBatch(first) && first.SizeInBytes > _length)
        {
            if (first.SizeInBytes > _end - _next) throw Damage("ends inside a batch");
            _buffer = new byte[first.SizeInBytes];
            // Where one is large, many are.
            if (_buffer.Length <= Limits.CleanerMostBuffer) _usual = _buffer;
            Read();
        }

        return _length;
    }

    /// <summary>Steps to the next batch of the piece; false where the next one is not whole in it.</summary>
    /// <exception cref="CorruptRecordException">What stands there is no good batch.</exception>
    public bool MoveNext()
    {
        var rest = _buffer.AsSpan(_at, _length - _at);
        if (!RecordBatchHeader.TryParseStored(rest, out _header))
        {
            if (_next < _end && _at == 0) throw Damage("ends inside a batch");
            return false;
        }

        if (!IsBatch(_header)) throw Damage("holds no batch");
        if (_header.BaseOffset <= _lastOffset) throw Damage("holds a batch whose offset does not rise");
        if (_header.SizeInBytes > rest.Length)
        {
            if (_header.SizeInBytes > _end - _next) throw Damage("ends inside a batch");
            return false;
        }

        if (!_header.HasCrcOf(rest[.._header.SizeInBytes])) throw Damage("holds a batch whose checksum is wrong");
        _lastOffset = _header.LastOffset;
        _at += _header.SizeInBytes;
        _next += _header.SizeInBytes;
        return true;
    }

    private static bool IsBatch(in RecordBatchHeader header)
        => header.IsOldFormat ? header.HasPossibleLength : header is { IsWellFormed: true, LastOffsetDelta: >= 0, RecordCount: >= 0 };

    private void Read()
    {
        _at = 0;
        _length = _file!.Read(_buffer.AsSpan(0, (int)Math.Min(_buffer.Length, _end - _next)), _next);
    }

    private CorruptRecordException Damage(string what) => new(RecordFault.Invalid, $"{_path} {what} at byte {_next}");
}

using System.Buffers;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>How a scan ended.</summary>
internal enum ScanEnd
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>At the end of the range, behind a whole batch.</summary>
    Complete,

    /// <summary>The range ends inside a batch.</summary>
    Torn,

    /// <summary>No batch can stand there: length, format, checksum or offset are impossible.</summary>
    Corrupt,
}

/// <summary>
/// Walks over the batches of a range of a file, in pieces of <see cref="Limits.ScanBufferBytes"/> whatever a batch claims its size to be. With checksums every
/// byte is read; without, only headers. A message of format 0 or 1 is a batch of its own.
/// </summary>
internal sealed class BatchScanner(IDiskFile file, long start, long end, bool checksums) : IDisposable
{
    // Below this size the headers lie close enough together that one large read finds many.
    private const int NearBytes = 16 << 10;

    // Attributes to end; what the checksum covers.
    private const int ChecksummedFrom = 21;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Limits.ScanBufferBytes);
    private long _windowStart = start;
    private int _windowLength;
    private long _next = start;
    private long _lastOffset = -1;
    private RecordBatchHeader _header;

    /// <summary>Header of the current batch.</summary>
    public ref readonly RecordBatchHeader Header => ref _header;

    /// <summary>Where the current batch stands; after the end, where the good batches end.</summary>
    public long Position { get; private set; } = start;

    /// <summary>Bytes of the current batch.</summary>
    public int Size => _header.SizeInBytes;

    /// <summary>Why the scan ended.</summary>
    public ScanEnd End { get; private set; }

    /// <summary>
    /// Reads messages of the old formats whole even without checksums: their header says too little to tell them from garbage.
    /// </summary>
    public bool ChecksOldFormats { get; init; }

    /// <summary>Offsets must be larger than this; rises with every batch.</summary>
    public void StartAfter(long offset) => _lastOffset = offset;

    /// <summary>Steps to the next good batch; false at the end, whatever its cause.</summary>
    public bool MoveNext()
    {
        if (End != ScanEnd.None) return false;
        Position = _next;
        var left = end - _next;
        if (left == 0) return Ended(ScanEnd.Complete);
        var head = Window(_next, RecordBatchHeader.Size);
        if (!RecordBatchHeader.TryParseStored(head, out _header)) return Ended(ScanEnd.Torn);

        var impossible = !_header.HasPossibleLength || _header.Magic < 0 || _header.LastOffsetDelta < 0 || _header.BaseOffset <= _lastOffset || _header.LastOffset < _header.BaseOffset;
        if (impossible) return Ended(ScanEnd.Corrupt);
        if (_header.SizeInBytes > left) return Ended(ScanEnd.Torn);
        if ((checksums || (_header.IsOldFormat && ChecksOldFormats)) && !IsChecksumRight()) return Ended(ScanEnd.Corrupt);

        _lastOffset = _header.LastOffset;
        _next = Position + _header.SizeInBytes;
        return true;
    }

    /// <summary>What the current batch says of a transaction's end.</summary>
    public Marker ReadMarker()
    {
        if (!_header.IsControl) return Marker.None;
        Span<byte> start = stackalloc byte[256];
        var got = file.Read(start[..Math.Min(start.Length, Size)], Position);
        return Markers.Read(_header, start[..got]);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    private bool Ended(ScanEnd why)
    {
        End = why;
        return false;
    }

    private bool IsChecksumRight()
    {
        var isOld = _header.IsOldFormat;
        var crc = 0u;
        var at = Position + (isOld ? RecordBatchHeader.MagicPosition : ChecksummedFrom);
        var stop = Position + Size;
        while (at < stop)
        {
            var piece = Window(at, 1);
            if (piece.IsEmpty) return false;
            if (piece.Length > stop - at) piece = piece[..(int)(stop - at)];
            crc = isOld ? Crc32.Append(crc, piece) : Crc32C.Append(crc, piece);
            at += piece.Length;
        }

        return crc == _header.Crc;
    }

    // All that the buffer has from a position on, at least `wanted` bytes where the range has them.
    private ReadOnlySpan<byte> Window(long position, int wanted)
    {
        var skip = position - _windowStart;
        if (skip < 0 || skip + Math.Min(wanted, end - position) > _windowLength)
        {
            var near = checksums || _header.BatchLength < NearBytes;
            var size = Math.Min(near ? Limits.ScanBufferBytes : Limits.ProbeBytes, end - position);
            _windowLength = file.Read(_buffer.AsSpan(0, (int)size), position);
            _windowStart = position;
            skip = 0;
        }

        return _buffer.AsSpan((int)skip, _windowLength - (int)skip);
    }
}

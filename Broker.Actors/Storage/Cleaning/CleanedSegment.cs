using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>
/// A segment on its way: written as <c>*.cleaned</c> beside the ones that it shall replace, with indexes by the rule of an append. For one thread.
/// </summary>
internal sealed class CleanedSegment : IDisposable
{
    private readonly IDisk _disk;
    private readonly string _directory;
    private readonly int _indexInterval;
    private readonly LogSegment _account;
    private readonly List<AbortedSpan> _aborted = [];
    private readonly byte[] _buffer;
    private IDiskFile? _file;
    private long _position;
    private int _buffered;
    private long _unflushed;

    /// <summary>An empty one; its log file is made.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="directory">The partition's directory.</param>
    /// <param name="baseOffset">The base offset of the first segment that it replaces.</param>
    /// <param name="indexInterval">Log bytes between two index entries.</param>
    /// <param name="buffer">Collects what is written; its length is the size of a write.</param>
    public CleanedSegment(IDisk disk, string directory, long baseOffset, int indexInterval, byte[] buffer)
    {
        _disk = disk;
        _directory = directory;
        _indexInterval = indexInterval;
        _buffer = buffer;
        BaseOffset = baseOffset;
        _account = new LogSegment(disk, directory, baseOffset,
            SegmentIndex.Fresh(disk, File(LogFiles.Index), SegmentIndex.OffsetEntrySize), SegmentIndex.Fresh(disk, File(LogFiles.TimeIndex), SegmentIndex.TimeEntrySize));
        // What an aborted pass may have left.
        foreach (var suffix in LogFiles.OfSegment) disk.Delete(Name(suffix));
        _file = disk.Open(Name(LogFiles.Log), DiskAccess.Create);
    }

    /// <summary>Its base offset.</summary>
    public long BaseOffset { get; }

    /// <summary>Bytes of its batches.</summary>
    public long Size => _position + _buffered;

    /// <summary>Largest timestamp of its records, milliseconds since 1970, or -1.</summary>
    public long MaxTimestamp => _account.MaxTimestamp;

    /// <summary>Last offset of the first batch with that timestamp.</summary>
    public long OffsetOfMaxTimestamp => _account.OffsetOfMaxTimestamp;

    /// <summary>Adds a whole batch.</summary>
    /// <exception cref="InvalidDataException">The segment would become larger than positions in it can be written.</exception>
    public void Append(in RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        if (Size + batch.Length > int.MaxValue) throw new InvalidDataException("a cleaned segment would be larger than 2 GiB");
        _account.Account(header, Size, _indexInterval);
        if (batch.Length > _buffer.Length - _buffered) WriteOut();
        if (batch.Length > _buffer.Length)
        {
            Put(batch);
            return;
        }

        batch.CopyTo(_buffer.AsSpan(_buffered));
        _buffered += batch.Length;
    }

    /// <summary>Notes an aborted transaction whose marker goes to this segment.</summary>
    public void Add(AbortedSpan span) => _aborted.Add(span);

    /// <summary>Completes the files and makes them and their names durable.</summary>
    public void Complete()
    {
        WriteOut();
        _account.Seal();
        if (_aborted.Count > 0) WriteAborted();
        _file!.Flush();
        _account.Offsets.Flush();
        _account.Times.Flush();
        Close();
        _disk.SyncDirectory(_directory);
    }

    /// <summary>Removes its files: the pass ends without it.</summary>
    public void Discard()
    {
        Close();
        foreach (var suffix in LogFiles.OfSegment) _disk.Delete(Name(suffix));
    }

    /// <inheritdoc/>
    public void Dispose() => Close();

    private void WriteOut()
    {
        if (_buffered == 0) return;
        var bytes = _buffer.AsSpan(0, _buffered);
        _buffered = 0;
        Put(bytes);
    }

    // Little by little: one large flush at the end would hold its thread for long.
    private void Put(ReadOnlySpan<byte> bytes)
    {
        _file!.Write(bytes, _position);
        _position += bytes.Length;
        _unflushed += bytes.Length;
        if (_unflushed < Limits.CleanerUnflushedBytes) return;
        _unflushed = 0;
        _file.Flush();
    }

    private void WriteAborted()
    {
        var bytes = new byte[_aborted.Count * AbortedSpan.Size];
        for (var i = 0; i < _aborted.Count; i++) _aborted[i].Encode(bytes.AsSpan(i * AbortedSpan.Size));
        using var file = _disk.Open(Name(LogFiles.TransactionIndex), DiskAccess.Create);
        file.Write(bytes, 0);
        file.Flush();
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
        _account.Retire();
    }

    private SegmentFile File(string suffix) => new(_directory, BaseOffset, suffix + LogFiles.Cleaned);

    private string Name(string suffix) => File(suffix).ToString();
}

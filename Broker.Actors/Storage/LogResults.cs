using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Storage;

/// <summary>What became of a batch that was handed to the log.</summary>
/// <param name="Error"><see cref="ErrorCode.None"/>; <see cref="ErrorCode.OutOfOrderSequenceNumber"/>, <see cref="ErrorCode.InvalidProducerEpoch"/>, <see cref="ErrorCode.RecordListTooLarge"/>, <see cref="ErrorCode.KafkaStorageError"/>.</param>
/// <param name="BaseOffset">Offset of its first record, -1 with an error. It counts once the commit behind it succeeds.</param>
/// <param name="LastOffset">Offset of its last record, -1 with an error.</param>
/// <param name="IsDuplicate">The batch was there already; the offsets are those of then, and nothing is written.</param>
/// <param name="Timestamp">For a duplicate its largest timestamp, milliseconds since 1970; else -1.</param>
public readonly record struct StageResult(ErrorCode Error, long BaseOffset, long LastOffset, bool IsDuplicate, long Timestamp)
{
    internal static StageResult Refused(ErrorCode error) => new(error, -1, -1, false, -1);
}

/// <summary>What became of everything staged.</summary>
/// <param name="Error"><see cref="ErrorCode.None"/> or <see cref="ErrorCode.KafkaStorageError"/>.</param>
/// <param name="EndOffset">The log's end now: with an error, staged batches whose last offset is at or after it are not in the log.</param>
/// <param name="Cause">With an error, what the disk said.</param>
public readonly record struct CommitResult(ErrorCode Error, long EndOffset, string? Cause);

/// <summary>Whole batches of a log, as a range of a file. Dispose it, or the payload made of it, when they were sent.</summary>
public readonly struct ReadResult : IDisposable
{
    private readonly IDiskFile? _file;
    private readonly IDisposable? _lease;

    internal ReadResult(ErrorCode error, LogView view)
    {
        Error = error;
        View = view;
    }

    internal static ReadResult Failed(ErrorCode error, LogView view) => new(error, view);

    internal ReadResult(LogView view, IDiskFile file, long position, int length, IDisposable lease, long offset, long upTo)
    {
        Offset = offset;
        UpTo = upTo;
        View = view;
        _file = file;
        _lease = lease;
        Position = position;
        Length = length;
    }

    /// <summary><see cref="ErrorCode.None"/>, <see cref="ErrorCode.OffsetOutOfRange"/>, or <see cref="ErrorCode.KafkaStorageError"/>.</summary>
    public ErrorCode Error { get; }

    /// <summary>The view that was read.</summary>
    public LogView View { get; }

    /// <summary>The offset that was asked for; 0 where there is nothing to read.</summary>
    public long Offset { get; }

    /// <summary>With <see cref="ReadLimit.Committed"/> on a log with transactions, an offset that no record of the range reaches; 0 otherwise.</summary>
    public long UpTo { get; }

    /// <summary>Where the range begins in its file, bytes.</summary>
    public long Position { get; }

    /// <summary>Bytes; 0 where there is nothing to read. The first batch may begin before the offset asked for; the last one may be cut off.</summary>
    public int Length { get; }

    /// <summary>The batches as a response carries them: a range of the file where the disk has handles, else a copy. Owns the lease: this result is not to be disposed any more.</summary>
    public RecordsPayload ToPayload()
    {
        if (_file is null || Length == 0)
        {
            _lease?.Dispose();
            return new RecordsPayload(ReadOnlyMemory<byte>.Empty);
        }

        if (_file.Handle is { } handle) return new RecordsPayload(new FileRegion(handle, Position, Length, _lease));
        using (_lease)
        {
            return new RecordsPayload(ReadBytes());
        }
    }

    /// <summary>Reads the batches; the lease stays. Errors as of <see cref="IDisk"/>.</summary>
    public byte[] ReadBytes()
    {
        var bytes = new byte[Length];
        var got = _file?.Read(bytes, Position) ?? 0;
        return got == bytes.Length ? bytes : bytes[..got];
    }

    /// <summary>Reads the batches into the caller's memory, at least <see cref="Length"/> long; gives the bytes read. The lease stays. Errors as of <see cref="IDisk"/>.</summary>
    public int ReadInto(Span<byte> to) => _file?.Read(to[..Length], Position) ?? 0;

    /// <summary>The file may go.</summary>
    public void Dispose() => _lease?.Dispose();
}

/// <summary>The answer to a search by time.</summary>
/// <param name="Error"><see cref="ErrorCode.None"/> or <see cref="ErrorCode.KafkaStorageError"/>.</param>
/// <param name="Offset">Offset of the record, -1 where there is none.</param>
/// <param name="Timestamp">Its timestamp, milliseconds since 1970, or -1.</param>
/// <param name="LeaderEpoch">Epoch in which it was appended, or -1.</param>
public readonly record struct TimeLookup(ErrorCode Error, long Offset, long Timestamp, int LeaderEpoch)
{
    internal static TimeLookup Nothing { get; } = new(ErrorCode.None, -1, -1, -1);
}

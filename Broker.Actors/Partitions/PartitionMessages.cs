using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Partitions;

/// <summary>What came of an append.</summary>
/// <param name="Error">What went wrong, or <see cref="ErrorCode.None"/>.</param>
/// <param name="BaseOffset">The first record's offset, or -1.</param>
/// <param name="LogStartOffset">The first offset of the log, or -1.</param>
/// <param name="DuplicateTimestamp">For a batch that was there already its largest timestamp, otherwise -1.</param>
/// <param name="Message">A sentence with an error, or null.</param>
public readonly record struct AppendOutcome(ErrorCode Error, long BaseOffset, long LogStartOffset, long DuplicateTimestamp, string? Message);

/// <summary>
/// A batch for a partition: told to its actor, which calls <see cref="Completed"/> once the batch is as safe as was asked for, or will
/// not be. The bytes belong to the sender until then; base offset and leader epoch are written into them.
/// </summary>
public abstract class PartitionAppend
{
    /// <summary>The batch, checked already.</summary>
    public required Memory<byte> Batch { get; init; }

    /// <summary>Its header.</summary>
    public required RecordBatchHeader Header { get; init; }

    internal long BaseOffset { get; set; } = -1;

    internal long LastOffset { get; set; } = -1;

    internal long DuplicateTimestamp { get; set; } = -1;

    internal ErrorCode StageError { get; set; }

    /// <summary>Called once, on the actor's turn.</summary>
    public abstract void Completed(in AppendOutcome outcome);
}

/// <summary>Tells a partition to move its log start.</summary>
/// <param name="Offset">The new first offset; -1 for the high watermark.</param>
/// <param name="Done">Gets the error and the log start.</param>
public sealed record DeleteRecordsBefore(long Offset, Action<ErrorCode, long> Done);

/// <summary>Tells a partition its topic's configuration.</summary>
public sealed record Reconfigure(TopicConfig Config);

/// <summary>Tells a partition to do what time asks for: retention, flush by age, deletion of files.</summary>
public sealed record Housekeep
{
    /// <summary>The one there is.</summary>
    public static readonly Housekeep Instance = new();
}

/// <summary>Tells a partition to write what was told to it so far.</summary>
internal sealed record WritePending
{
    public static readonly WritePending Instance = new();
}

/// <summary>Tells a partition to close its log and to stop; one that was removed only lets go of it.</summary>
/// <param name="Done">Called when the log is closed, with what went wrong.</param>
public sealed record CloseLog(Action<ErrorCode> Done);

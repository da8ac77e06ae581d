namespace AkkaStream.Actors.Storage;

/// <summary>What is known of a partition's directory before it is opened.</summary>
public sealed record LogOpening
{
    /// <summary>The disk.</summary>
    public required IDisk Disk { get; init; }

    /// <summary>The directory <c>topic-partition</c>; made where it is not there.</summary>
    public required string Directory { get; init; }

    /// <summary>The settings.</summary>
    public LogConfig Config { get; init; } = LogConfig.Default;

    /// <summary>The topic's id, for a new directory.</summary>
    public Guid TopicId { get; init; }

    /// <summary>The broker stopped in an orderly way: nothing is scanned.</summary>
    public bool WasCleanlyShutDown { get; init; }

    /// <summary>What is known of it where it was closed in order; believed as long as its files were not touched since.</summary>
    internal ClosedLog? Closed { get; init; }

    /// <summary>Every record below this offset is on disk as it should be.</summary>
    public long RecoveryPoint { get; init; }

    /// <summary>Offset of the first record that may be read, where a checkpoint names it; -1 otherwise.</summary>
    public long StartOffset { get; init; } = -1;

    /// <summary>Offset up to which all replicas had the log; with one replica it is the end.</summary>
    public long HighWatermark { get; init; }

    /// <summary>There are other replicas: the high watermark does not follow the log's end until somebody says so (<see cref="PartitionLog.HighWatermarkFollowsEnd"/>).</summary>
    public bool IsReplica { get; init; }

    /// <summary>Now, milliseconds since 1970.</summary>
    public long NowMs { get; init; }

    /// <summary>Is told, in a sentence, what was found damaged and what was done about it.</summary>
    public Action<string>? Report { get; init; }
}

namespace AkkaStream.Actors.Storage;

/// <summary>The topic-level settings that the log acts on; Kafka's names in camel case, Kafka's defaults. Times in milliseconds, sizes in bytes.</summary>
public sealed record LogConfig
{
    /// <summary>Every setting at its default.</summary>
    public static LogConfig Default { get; } = new();

    /// <summary>Size at which a segment is closed.</summary>
    public int SegmentBytes { get; init; } = 1 << 30;

    /// <summary>Age, by the records' timestamps, at which a segment is closed.</summary>
    public long SegmentMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary>Size of an index at which its segment is closed.</summary>
    public int SegmentIndexBytes { get; init; } = 10 << 20;

    /// <summary>Log bytes between two entries of the index.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary>Age of a segment's newest record at which the segment goes; -1 for never.</summary>
    public long RetentionMs { get; init; } = 7L * 24 * 60 * 60 * 1000;

    /// <summary>Size of the partition above which its oldest segments go; -1 for never.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>cleanup.policy</c> names <c>delete</c>: retention applies.</summary>
    public bool DeletesByRetention { get; init; } = true;

    /// <summary><c>cleanup.policy</c> names <c>compact</c>.</summary>
    public bool Compacts { get; init; }

    /// <summary>How long a tombstone or marker of a compacted log stays after the cleaning that found nothing before it.</summary>
    public long DeleteRetentionMs { get; init; } = 24L * 60 * 60 * 1000;

    /// <summary>Age of a record, by its timestamp, below which it is not compacted; 0 for none.</summary>
    public long MinCompactionLagMs { get; init; }

    /// <summary>Age of a record at which it is compacted, however few wait with it; <see cref="long.MaxValue"/> for never. A segment is closed at this age, too.</summary>
    public long MaxCompactionLagMs { get; init; } = long.MaxValue;

    /// <summary>Share of not yet compacted bytes, 0 to 1, above which a log is cleaned.</summary>
    public double MinCleanableDirtyRatio { get; init; } = 0.5;

    /// <summary>How long a removed segment's files stay under the name <c>*.deleted</c>.</summary>
    public long FileDeleteDelayMs { get; init; } = 60_000;

    /// <summary>Records after which the log is made durable; <see cref="long.MaxValue"/> for never.</summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary>Age of an unflushed record at which the log is made durable; <see cref="long.MaxValue"/> for never.</summary>
    public long FlushMs { get; init; } = long.MaxValue;

    /// <summary>How long an idempotent producer's last sequence is remembered, by its records' timestamps.</summary>
    public long ProducerIdExpirationMs { get; init; } = 24L * 60 * 60 * 1000;

    /// <summary>How often producers are looked through for those to forget.</summary>
    public long ProducerIdExpirationCheckMs { get; init; } = 10L * 60 * 1000;

    /// <summary>The first batch of a transaction is taken only after its coordinator was asked about it.</summary>
    public bool VerifiesTransactions { get; init; }

    internal long RollMs => Compacts && MaxCompactionLagMs > 0 ? Math.Min(SegmentMs, MaxCompactionLagMs) : SegmentMs;

    internal int MaxOffsetEntries => SegmentIndexBytes / SegmentIndex.OffsetEntrySize;

    internal int MaxTimeEntries => SegmentIndexBytes / SegmentIndex.TimeEntrySize;
}

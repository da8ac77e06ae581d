namespace AkkaStream.Tests.Actors.Storage;

/// <summary>What a batch is.</summary>
internal enum BatchKind
{
    Data,
    Transactional,
    Commit,
    Abort,
}

/// <summary>A record; without a value it is a tombstone.</summary>
internal readonly record struct ModelRecord(long Offset, long Timestamp, int Key, int? Value);

/// <summary>A batch as it was appended, with those of its records that are not compacted away; or as it was found.</summary>
internal sealed class ModelBatch(long first, long last, int producer, short epoch, int sequence, BatchKind kind, List<ModelRecord> records)
{
    public long Base => first;

    public long Last => last;

    public int Producer => producer;

    public short Epoch => epoch;

    public int Sequence => sequence;

    public BatchKind Kind => kind;

    public List<ModelRecord> Records => records;

    /// <summary>Those that were compacted away; a loss of power may bring them back.</summary>
    public List<ModelRecord> Gone { get; } = [];

    public bool Ends => kind >= BatchKind.Commit;

    public (long, long, int, short, int, BatchKind) Identity => (first, last, producer, epoch, sequence, kind);

    /// <summary>Whether it is the one that was found, of which records below the log's start are not shown.</summary>
    public bool IsSame(ModelBatch found) => Identity == found.Identity && found.Records.TrueForAll(record => records.Contains(record) || Gone.Contains(record));

    public override string ToString() => $"{kind} {first}-{last} of {producer}/{epoch}/{sequence}: {string.Join(' ', records)}";
}

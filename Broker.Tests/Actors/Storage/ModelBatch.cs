namespace AkkaStream.Tests.Actors.Storage;

/// <summary>What a batch is.</summary>
internal enum BatchKind { Data, Transactional, Commit, Abort }

/// <summary>A record; without a value it is a tombstone.</summary>
internal readonly record struct ModelRecord(long Offset, long Timestamp, int Key, int? Value);

/// <summary>A batch as it was appended, with those of its records that are not compacted away; or as it was found.</summary>
internal sealed record ModelBatch(long Base, long Last, int Producer, short Epoch, int Sequence, BatchKind Kind, List<ModelRecord> Records)
{
    /// <summary>Those that were compacted away; a loss of power may bring them back.</summary>
    public List<ModelRecord> Gone { get; } = [];

    public bool Ends => Kind >= BatchKind.Commit;

    public (long, long, int, short, int, BatchKind) Identity => (Base, Last, Producer, Epoch, Sequence, Kind);

    /// <summary>Whether it is the one that was found, of which records below the log's start are not shown.</summary>
    public bool IsSame(ModelBatch found) => Identity == found.Identity && found.Records.TrueForAll(record => Records.Contains(record) || Gone.Contains(record));

    public override string ToString() => $"{Kind} {Base}-{Last} of {Producer}/{Epoch}/{Sequence}: {string.Join(' ', Records)}";
}

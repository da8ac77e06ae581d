using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Consumer;

/// <summary>What a reader sees of transactions; the numbers are Kafka's.</summary>
public enum Isolation : sbyte
{
    /// <summary>Every record, also of transactions that are open or were aborted.</summary>
    ReadUncommitted = 0,

    /// <summary>Records outside of transactions and those of committed ones; the first open transaction is as far as a reader gets.</summary>
    ReadCommitted = 1,
}

/// <summary>What a fetch asks for.</summary>
public sealed record FetchOptions
{
    /// <summary>isolation.level.</summary>
    public Isolation Isolation { get; init; }

    /// <summary>The broker answers when this many bytes are there, or the wait is over.</summary>
    public int MinBytes { get; init; } = 1;

    /// <summary>How long the broker may wait for them.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The most bytes of one answer; a first batch that is larger comes all the same.</summary>
    public int MaxBytes { get; init; } = 50 << 20;

    /// <summary>The most bytes of one partition in one answer.</summary>
    public int PartitionMaxBytes { get; init; } = 1 << 20;
}

/// <summary>
/// Where a consumer is in each of its partitions, and what to ask which broker next. Messages in, requests out: it has neither
/// clock nor socket.
/// </summary>
public sealed class FetchPositions(FetchOptions options)
{
    private const short LastVersionByName = 12;
    private readonly Dictionary<TopicPartition, Place> places = [];
    private readonly HashSet<int> busy = [];

    /// <summary>The partitions that are read.</summary>
    public IReadOnlyCollection<TopicPartition> Partitions => places.Keys;

    /// <summary>Begins to read a partition at an offset, or goes on there.</summary>
    public void Seek(TopicPartition partition, long offset)
    {
        if (places.TryGetValue(partition, out var place)) place.MoveTo(offset);
        else places[partition] = new Place(offset);
    }

    /// <summary>Stops reading a partition.</summary>
    public void Remove(TopicPartition partition) => places.Remove(partition);

    /// <summary>The offset that is read next.</summary>
    /// <exception cref="KeyNotFoundException">The partition is not read.</exception>
    public long Position(TopicPartition partition) => places[partition].Offset;

    /// <summary>The partition's last known end for this reader (with <see cref="Isolation.ReadCommitted"/> the last stable offset), or -1.</summary>
    public long HighWatermark(TopicPartition partition) => places.TryGetValue(partition, out var place) ? place.HighWatermark : -1;

    /// <summary>The brokers that a fetch is due at: they lead partitions of this consumer, and none is under way there.</summary>
    public IReadOnlyList<int> Due(ClusterMetadata metadata)
    {
        var due = new List<int>();
        foreach (var partition in places.Keys)
        {
            var leader = metadata.Partition(partition)?.Leader ?? -1;
            if (leader >= 0 && !busy.Contains(leader) && !due.Contains(leader)) due.Add(leader);
        }

        return due;
    }

    /// <summary>Whether a partition has no known leader, so that metadata is due.</summary>
    public bool NeedsMetadata(ClusterMetadata metadata)
    {
        foreach (var partition in places.Keys)
        {
            if (metadata.Partition(partition) is not { Leader: >= 0 }) return true;
        }

        return false;
    }

    /// <summary>The fetch for a broker, which counts as under way from now on; and the highest version it may go out in.</summary>
    public (FetchRequest Request, short Highest) Next(int leader, ClusterMetadata metadata)
    {
        var request = new FetchRequest
        {
            ReplicaId = -1,
            MaxWaitMs = (int)options.MaxWait.TotalMilliseconds,
            MinBytes = options.MinBytes,
            MaxBytes = options.MaxBytes,
            IsolationLevel = (sbyte)options.Isolation,
            SessionId = 0,
            SessionEpoch = -1,
        };
        var byId = true;
        foreach (var (partition, place) in places)
        {
            if (metadata.Partition(partition) is not { } known || known.Leader != leader) continue;
            var topic = metadata.Topics[partition.Topic];
            byId &= topic.Id != Guid.Empty;
            var asked = request.Topics.Find(t => t.Topic == partition.Topic);
            if (asked is null) request.Topics.Add(asked = new() { Topic = partition.Topic, TopicId = topic.Id });
            asked.Partitions.Add(new() { Partition = partition.Partition, FetchOffset = place.Offset, CurrentLeaderEpoch = known.LeaderEpoch, PartitionMaxBytes = options.PartitionMaxBytes });
            place.Asked = place.Offset;
        }

        busy.Add(leader);
        return (request, byId ? short.MaxValue : LastVersionByName);
    }

    /// <summary>The fetch at a broker ended, with an answer or without.</summary>
    public void Ended(int leader) => busy.Remove(leader);

    /// <summary>Takes a partition's part of an answer: false where it is for an offset that is no longer the one to read.</summary>
    public bool Take(TopicPartition partition, FetchResponse.PartitionData data, out long from)
    {
        from = -1;
        if (!places.TryGetValue(partition, out var place) || place.Asked != place.Offset) return false;
        if (data.ErrorCode == ErrorCode.None) place.HighWatermark = options.Isolation == Isolation.ReadCommitted ? data.LastStableOffset : data.HighWatermark;
        from = place.Offset;
        return true;
    }

    /// <summary>Records up to before <paramref name="next"/> were handed over.</summary>
    public void Advance(TopicPartition partition, long next)
    {
        if (places.TryGetValue(partition, out var place)) place.MoveTo(next);
    }

    private sealed class Place(long offset)
    {
        public long Offset { get; private set; } = offset;

        public long Asked { get; set; } = -1;

        public long HighWatermark { get; set; } = -1;

        public void MoveTo(long next) => Offset = next;
    }
}

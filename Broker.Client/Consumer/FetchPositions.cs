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

    /// <summary>client.rack: where a replica in this rack is in sync, records are read from it and not from the leader. Null for none.</summary>
    public string? Rack { get; init; }
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

    /// <summary>Whether a partition is read.</summary>
    public bool Reads(TopicPartition partition) => places.ContainsKey(partition);

    /// <summary>Asks for nothing more of a partition, and drops what comes of it, until <see cref="Resume"/>.</summary>
    public void Pause(TopicPartition partition)
    {
        if (places.TryGetValue(partition, out var place)) place.IsPaused = true;
    }

    /// <summary>Goes on in a partition that was paused.</summary>
    public void Resume(TopicPartition partition)
    {
        if (places.TryGetValue(partition, out var place)) place.IsPaused = false;
    }

    /// <summary>Whether a partition is paused.</summary>
    public bool IsPaused(TopicPartition partition) => places.TryGetValue(partition, out var place) && place.IsPaused;

    /// <summary>The partition's last known end for this reader (with <see cref="Isolation.ReadCommitted"/> the last stable offset), or -1.</summary>
    public long HighWatermark(TopicPartition partition) => places.TryGetValue(partition, out var place) ? place.HighWatermark : -1;

    /// <summary>The brokers that a fetch is due at: partitions of this consumer are read there, and none is under way.</summary>
    public IReadOnlyList<int> Due(ClusterMetadata metadata)
    {
        var due = new List<int>();
        foreach (var (partition, place) in places)
        {
            var leader = place.IsPaused ? -1 : Source(place, metadata.Partition(partition), metadata);
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
            RackId = options.Rack ?? "",
        };
        var byId = true;
        foreach (var (partition, place) in places)
        {
            if (place.IsPaused || metadata.Partition(partition) is not { } known || Source(place, known, metadata) != leader) continue;
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

    /// <summary>A broker was not reached: what was read there beside its leader is read from its leader.</summary>
    public void Lost(int broker)
    {
        foreach (var place in places.Values)
        {
            if (place.Nearer == broker) place.Nearer = -1;
        }
    }

    /// <summary>Takes a partition's part of an answer: false where it is for an offset that is no longer the one to read.</summary>
    public bool Take(TopicPartition partition, FetchResponse.PartitionData data, out long from)
    {
        from = -1;
        if (!places.TryGetValue(partition, out var place) || place.IsPaused || place.Asked != place.Offset) return false;
        // A leader names a nearer replica; one that cannot serve sends back to the leader.
        if (data.ErrorCode != ErrorCode.None) place.Nearer = -1;
        else if (data.PreferredReadReplica >= 0) place.Nearer = data.PreferredReadReplica;
        if (data.ErrorCode == ErrorCode.None) place.HighWatermark = options.Isolation == Isolation.ReadCommitted ? data.LastStableOffset : data.HighWatermark;
        from = place.Offset;
        return true;
    }

    /// <summary>Records up to before <paramref name="next"/> were handed over.</summary>
    public void Advance(TopicPartition partition, long next)
    {
        if (places.TryGetValue(partition, out var place)) place.MoveTo(next);
    }

    private static int Source(Place place, PartitionMetadata? known, ClusterMetadata metadata)
        => known is null ? -1 : place.Nearer >= 0 && known.Leader >= 0 && metadata.Brokers.ContainsKey(place.Nearer) ? place.Nearer : known.Leader;

    private sealed class Place(long offset)
    {
        public long Offset { get; private set; } = offset;

        public long Asked { get; set; } = -1;

        public long HighWatermark { get; set; } = -1;

        public bool IsPaused { get; set; }

        /// <summary>The replica that the leader sent this reader to, or -1.</summary>
        public int Nearer { get; set; } = -1;

        public void MoveTo(long next) => Offset = next;
    }
}

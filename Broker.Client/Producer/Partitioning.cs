using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Producer;

/// <summary>Chooses partitions: the record's own, an application's choice, the key's hash, or for records without a key one that sticks until its batch is full.</summary>
/// <param name="options">The producer's options.</param>
/// <param name="waiting">Its batches; guarded by the producer's lock, as this is.</param>
internal sealed class Partitioning(ProducerOptions options, RecordAccumulator waiting)
{
    private readonly Dictionary<string, Sticky> sticky = [];
    private readonly Random dice = options.Dice ?? new Random();
    private TopicMetadata? lastTopic;
    private Sticky? last;

    public TopicPartition Choose(in ProducerRecord record, TopicMetadata topic)
    {
        var count = topic.Partitions.Count;
        if ((record.Partition ?? options.Partitioner?.Choose(record, topic)) is { } given)
        {
            if ((uint)given >= (uint)count) throw new BrokerException(ErrorCode.UnknownTopicOrPartition, $"{topic.Name}-{given}", $"the topic has {count} partitions");
            return new TopicPartition(topic.Name, given);
        }

        if (record.Key is { } key && !options.IgnoreKeys) return new TopicPartition(topic.Name, Murmur2.PartitionOf(key.Span, count));
        var place = Of(topic);
        return new TopicPartition(topic.Name, place.Partitioner.Current(count, place.Available(topic)));
    }

    public void Appended(in ProducerRecord record, TopicMetadata topic, in AppendResult result)
    {
        if (record.Partition is not null || options.Partitioner is not null || (record.Key is not null && !options.IgnoreKeys)) return;
        var place = Of(topic);
        var bytes = (record.Value?.Length ?? 0) + 16;
        if (options.AdaptivePartitioning && place.Partitioner.IsDue(bytes, result.IsReady)) place.Partitioner.Load = Weigh(topic, place.Available(topic));
        place.Partitioner.Appended(bytes, result.IsReady, topic.Partitions.Count, place.Available(topic));
    }

    // Once for each batch, not for each record.
    private PartitionLoad? Weigh(TopicMetadata topic, ReadOnlySpan<int> available)
    {
        Span<int> queues = available.Length <= 64 ? stackalloc int[available.Length] : new int[available.Length];
        for (var i = 0; i < available.Length; i++) queues[i] = waiting.WaitingOf(new TopicPartition(topic.Name, available[i]));
        return PartitionLoad.From(queues, available, topic.Partitions.Count);
    }

    private Sticky Of(TopicMetadata topic)
    {
        // Mostly it is the topic of the record before.
        if (ReferenceEquals(topic, lastTopic)) return last!;
        lastTopic = topic;
        return last = Find(topic);
    }

    private Sticky Find(TopicMetadata topic)
    {
        if (!sticky.TryGetValue(topic.Name, out var place)) sticky[topic.Name] = place = new Sticky(new StickyPartitioner(options.Batching.BatchSize, () => dice.Next()));
        return place;
    }

    private sealed class Sticky(StickyPartitioner partitioner)
    {
        private readonly LedPartitions leaders = new();

        public StickyPartitioner Partitioner { get; } = partitioner;

        public ReadOnlySpan<int> Available(TopicMetadata topic) => leaders.Of(topic);
    }
}

using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Producer;

/// <summary>Chooses partitions: the record's own, the key's hash, or for records without a key one that sticks until its batch is full.</summary>
internal sealed class Partitioning(ProducerOptions options)
{
    private readonly Dictionary<string, Sticky> sticky = [];
    private readonly Random dice = options.Dice ?? new Random();

    public TopicPartition Choose(in ProducerRecord record, TopicMetadata topic)
    {
        var count = topic.Partitions.Count;
        if (record.Partition is { } given)
        {
            if ((uint)given >= (uint)count) throw new BrokerException(ErrorCode.UnknownTopicOrPartition, $"{topic.Name}-{given}", $"the topic has {count} partitions");
            return new TopicPartition(topic.Name, given);
        }

        if (record.Key is { } key) return new TopicPartition(topic.Name, Murmur2.PartitionOf(key.Span, count));
        var place = Of(topic);
        return new TopicPartition(topic.Name, place.Partitioner.Current(count, place.Available(topic)));
    }

    public void Appended(in ProducerRecord record, TopicMetadata topic, in AppendResult result)
    {
        if (record.Partition is not null || record.Key is not null) return;
        var place = Of(topic);
        place.Partitioner.Appended((record.Value?.Length ?? 0) + 16, result.IsReady, topic.Partitions.Count, place.Available(topic));
    }

    private Sticky Of(TopicMetadata topic)
    {
        if (!sticky.TryGetValue(topic.Name, out var place)) sticky[topic.Name] = place = new Sticky(new StickyPartitioner(options.Batching.BatchSize, () => dice.Next()));
        return place;
    }

    private sealed class Sticky(StickyPartitioner partitioner)
    {
        private TopicMetadata? known;
        private int[] available = [];

        public StickyPartitioner Partitioner { get; } = partitioner;

        // The partitions that have a leader, found once for each new metadata of the topic.
        public ReadOnlySpan<int> Available(TopicMetadata topic)
        {
            if (ReferenceEquals(known, topic)) return available;
            known = topic;
            available = topic.Partitions.Where(p => p.Leader >= 0).Select(p => p.Index).ToArray();
            return available;
        }
    }
}

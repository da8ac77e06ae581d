using AkkaStream.Client.Cluster;

namespace AkkaStream.Client.Producer;

/// <summary>An application's own way of choosing partitions. Called under the producer's lock, for one record at a time: it must not block.</summary>
public interface IPartitioner
{
    /// <summary>Chooses the partition of a record that names none.</summary>
    /// <param name="record">The record.</param>
    /// <param name="topic">Its topic with all partitions.</param>
    /// <returns>A partition from 0 on; one that the topic does not have fails the send.</returns>
    int Choose(in ProducerRecord record, TopicMetadata topic);
}

/// <summary>Gives the records of each topic to its partitions in turn, keys or not, leaving out those without a leader as long as there are others.</summary>
public sealed class RoundRobin : IPartitioner
{
    private readonly Dictionary<string, Turn> turns = [];

    /// <inheritdoc/>
    public int Choose(in ProducerRecord record, TopicMetadata topic)
    {
        if (!turns.TryGetValue(topic.Name, out var turn)) turns.Add(topic.Name, turn = new Turn());
        return turn.Partitioner.Next(topic.Partitions.Count, turn.Leaders.Of(topic));
    }

    private sealed class Turn
    {
        public RoundRobinPartitioner Partitioner { get; } = new();

        public LedPartitions Leaders { get; } = new();
    }
}

/// <summary>The partitions of one topic that have a leader, found once for each new metadata of it.</summary>
internal sealed class LedPartitions
{
    private TopicMetadata? known;
    private int[] led = [];

    public ReadOnlySpan<int> Of(TopicMetadata topic)
    {
        if (ReferenceEquals(known, topic)) return led;
        known = topic;
        led = topic.Partitions.Where(p => p.Leader >= 0).Select(p => p.Index).ToArray();
        return led;
    }
}

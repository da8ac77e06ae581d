using System.Text;
using Akka.Simulation;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Simulation;

/// <summary>Reads all partitions of a topic along, whatever happens, again from the beginning after each failure, and tells the history.</summary>
internal sealed class ClusterReader(SimulatedNode node, Func<SimulatedNode, ClusterClient> connect, string topic, int partitions, ClusterHistory history)
{
    private bool _stopped;

    /// <summary>No further poll.</summary>
    public void Stop() => _stopped = true;

    public async Task Run()
    {
        await using var cluster = connect(node);
        while (!_stopped)
        {
            try
            {
                await using var consumer = new PartitionConsumer(cluster);
                var last = new Dictionary<TopicPartition, long>();
                await consumer.AssignAsync(FromTheStart());
                while (!_stopped) await Poll(consumer, last);
            }
            catch (Exception e) when (e is BrokerException or TransportException)
            {
                await node.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    /// <summary>Everything that the partitions hold.</summary>
    public async Task<Dictionary<TopicPartition, SortedDictionary<long, string>>> ReadAll(ClusterClient cluster)
    {
        var stored = FromTheStart().Keys.ToDictionary(p => p, _ => new SortedDictionary<long, string>());
        await using var consumer = new PartitionConsumer(cluster);
        await consumer.AssignAsync(FromTheStart());
        while (true)
        {
            using var polled = await consumer.PollAsync(TimeSpan.FromSeconds(5));
            foreach (var record in polled) stored[record.Partition].Add(record.Offset, Encoding.ASCII.GetString(record.Value!.Value.Span));
            if (polled.Count == 0 && stored.Keys.All(p => consumer.HighWatermark(p) >= 0 && consumer.Position(p) >= consumer.HighWatermark(p))) return stored;
        }
    }

    private async Task Poll(PartitionConsumer consumer, Dictionary<TopicPartition, long> last)
    {
        using var polled = await consumer.PollAsync(TimeSpan.FromMilliseconds(500));
        foreach (var record in polled)
        {
            var partition = record.Partition;
            if (last.TryGetValue(partition, out var before) && record.Offset <= before) throw new InvalidOperationException($"{partition}: offset {record.Offset} was read behind {before}");
            last[partition] = record.Offset;
            history.Read(partition, record.Offset, Encoding.ASCII.GetString(record.Value!.Value.Span));
        }
    }

    private Dictionary<TopicPartition, long> FromTheStart() => Enumerable.Range(0, partitions).ToDictionary(p => new TopicPartition(topic, p), _ => 0L);
}

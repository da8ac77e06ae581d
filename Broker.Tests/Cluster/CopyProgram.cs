using System.Text;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Transport;

namespace AkkaStream.Tests.Cluster;

/// <summary>A client as an application writes one: a member of a group reads, what it read goes into another topic, both in one transaction; whatever fails, it begins anew.</summary>
internal static class CopyProgram
{
    public const string Group = "copiers";

    public static async Task<int> Run(string address)
    {
        var at = address.Split(':');
        await using var cluster = new ClusterClient(new WireTransport([new BrokerAddress(at[0], int.Parse(at[1]))]), new ClusterOptions { RetryBackoff = TimeSpan.FromMilliseconds(20), RetryBackoffMax = TimeSpan.FromMilliseconds(100) });
        while (true)
        {
            try
            {
                await Copy(cluster);
            }
            catch (Exception e) when (e is BrokerException or TransportException or TransactionException)
            {
                await Console.Error.WriteLineAsync(e.Message);
            }
        }
    }

    private static async Task Copy(ClusterClient cluster)
    {
        await using var producer = new RecordProducer(cluster, new ProducerOptions { TransactionalId = "copier" });
        await producer.InitTransactionsAsync();
        var options = new GroupOptions { GroupId = Group, Topics = ["in"], Protocol = GroupProtocol.Consumer, AutoCommitInterval = TimeSpan.Zero, Reset = AutoOffsetReset.Earliest };
        await using var consumer = new GroupConsumer(cluster, options, new FetchOptions { Isolation = Isolation.ReadCommitted, PartitionMaxBytes = 2000 });
        while (true)
        {
            using var polled = await consumer.PollAsync(TimeSpan.FromSeconds(1));
            if (polled.Count == 0) continue;
            producer.BeginTransaction();
            var next = new Dictionary<TopicPartition, OffsetToCommit>();
            foreach (var record in polled)
            {
                _ = await producer.EnqueueAsync(new ProducerRecord("out", Encoding.UTF8.GetBytes("copy of " + Encoding.UTF8.GetString(record.Value!.Value.Span))) { Partition = record.Partition.Partition });
                next[record.Partition] = new OffsetToCommit(record.Offset + 1);
            }

            await producer.SendOffsetsAsync(next, consumer.Metadata);
            await producer.CommitTransactionAsync();
        }
    }
}

using System.Globalization;
using System.Text;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Cluster;

/// <summary>Three brokers as processes: what was acknowledged is there, once and in order, whoever of them is killed or stopped meanwhile.</summary>
public sealed class ReplicationTests
{
    private const string Topic = "records";

    [Fact]
    public async Task Nothing_acknowledged_is_lost_when_the_leader_is_killed_and_another_one_stops_in_order()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var cluster = await ReplicatedCluster.Start();
        var created = await cluster.Admin.CreateTopicsAsync([new NewTopic(Topic) { Partitions = 1, ReplicationFactor = 3 }]);
        Assert.Equal(ErrorCode.None, created[0].Error);
        await cluster.InSync(Topic);
        var acknowledged = new List<long>();
        using var enough = new CancellationTokenSource();
        var producing = Produce(cluster.Client, acknowledged, enough.Token);
        await Grows(acknowledged);

        var killed = (await cluster.Partitions(Topic))[0].Leader;
        cluster.Of(killed).Kill();
        await cluster.Of(killed).WaitForExitAsync();
        await Grows(acknowledged);
        cluster.Start(killed);
        await cluster.InSync(Topic);

        var stopped = (await cluster.Partitions(Topic))[0].Leader;
        await ClusterNodeProcess.Signal(cluster.Of(stopped), "TERM");
        await cluster.Of(stopped).WaitForExitAsync().WaitAsync(Eventually.Patience);
        Assert.Equal(0, cluster.Of(stopped).ExitCode);
        await Grows(acknowledged);
        cluster.Start(stopped);
        await cluster.InSync(Topic);

        await enough.CancelAsync();
        var sent = await producing;
        Assert.Equal(sent, acknowledged.Count);
        Assert.Equal(Enumerable.Range(0, sent).Select(i => i.ToString(CultureInfo.InvariantCulture)), await Read(cluster.Client, sent));
    }

    private static Task Grows(List<long> acknowledged)
    {
        var goal = Count(acknowledged) + 500;
        return Eventually.Holds(() => Count(acknowledged) >= goal, "records are acknowledged");
    }

    private static int Count(List<long> acknowledged)
    {
        lock (acknowledged) return acknowledged.Count;
    }

    // Goes on over every failure; a record that is given up fails the test.
    private static async Task<int> Produce(ClusterClient cluster, List<long> acknowledged, CancellationToken enough)
    {
        await using var producer = new RecordProducer(cluster, new ProducerOptions());
        var number = 0;
        var sends = new Queue<Task>();
        while (!enough.IsCancellationRequested)
        {
            sends.Enqueue(Send(producer, number++, acknowledged));
            if (sends.Count >= 100) await sends.Dequeue();
        }

        await Task.WhenAll(sends);
        return number;
    }

    private static async Task Send(RecordProducer producer, int number, List<long> acknowledged)
    {
        var where = await producer.SendAsync(new ProducerRecord(Topic, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture))) { Partition = 0 });
        lock (acknowledged) acknowledged.Add(where.Offset);
    }

    private static async Task<List<string>> Read(ClusterClient cluster, int count)
    {
        var partition = new TopicPartition(Topic, 0);
        await using var consumer = new PartitionConsumer(cluster);
        await consumer.AssignAsync(new Dictionary<TopicPartition, long> { [partition] = 0 });
        var values = new List<string>(count);
        while (values.Count < count || consumer.Position(partition) < consumer.HighWatermark(partition))
        {
            using var polled = await consumer.PollAsync(TimeSpan.FromSeconds(1));
            foreach (var record in polled) values.Add(Encoding.ASCII.GetString(record.Value!.Value.Span));
        }

        return values;
    }
}

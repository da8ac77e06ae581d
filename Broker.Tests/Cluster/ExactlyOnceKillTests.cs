using System.Text;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Transport;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Cluster;

/// <summary>Real processes: a broker and <see cref="CopyProgram"/>, killed in turn and together in the middle of copying. Every record is there once, in order.</summary>
public sealed class ExactlyOnceKillTests : IDisposable
{
    private const int Records = 3000;
    private static readonly TopicPartition[] Out = [new("out", 0), new("out", 1)];
    private readonly Processes processes = new();

    public void Dispose() => processes.Dispose();

    [Fact]
    public async Task A_copy_has_every_record_once_over_kills_of_broker_and_client()
    {
        var port = Processes.FreePort();
        string[] settings = ["transaction.state.log.num.partitions=1", "offsets.topic.num.partitions=1", "group.consumer.min.heartbeat.interval.ms=100", "group.consumer.heartbeat.interval.ms=200", "group.consumer.min.session.timeout.ms=500", "group.consumer.session.timeout.ms=1000"];
        var broker = await processes.Broker(port, settings);
        await using var cluster = new ClusterClient(new WireTransport([new BrokerAddress("127.0.0.1", port)]), new ClusterOptions { RetryBackoff = TimeSpan.FromMilliseconds(20), RetryBackoffMax = TimeSpan.FromMilliseconds(100) });
        var admin = new AdminClient(cluster);
        await admin.CreateTopicsAsync([new NewTopic("in", 2), new NewTopic("out", 2)]);
        await using (var producer = new RecordProducer(cluster)) await Task.WhenAll(Enumerable.Range(0, Records).Select(i => producer.SendAsync(new ProducerRecord("in", Encoding.UTF8.GetBytes($"{i:D5}")) { Partition = i % 2 }).AsTask()));
        var client = processes.Here("copy", $"127.0.0.1:{port}");
        for (var round = 0; round < 3; round++)
        {
            var before = await Copied(admin);
            await Eventually.Holds(async () => await Copied(admin) > before + 200, "records are copied");
            if (round != 0) client.Kill();
            if (round != 1)
            {
                broker.Kill();
                await broker.WaitForExitAsync();
                broker = await processes.Broker(port, settings);
            }

            if (round != 0) client = processes.Here("copy", $"127.0.0.1:{port}");
        }

        await Eventually.Holds(async () => (await admin.ListGroupOffsetsAsync(CopyProgram.Group)).Values.Sum(o => o.Offset) == Records, "everything is copied");
        var got = await Read(cluster, admin);
        for (var p = 0; p < 2; p++) Assert.Equal(Enumerable.Range(0, Records).Where(i => i % 2 == p).Select(i => $"copy of {i:D5}"), got.Where(r => r.Partition == p).Select(r => r.Value));
    }

    private static async Task<long> Copied(AdminClient admin)
        => (await admin.ListOffsetsAsync(Out.ToDictionary(p => p, _ => OffsetSpec.Latest), Isolation.ReadCommitted)).Values.Sum(o => o.Offset);

    private static async Task<List<(int Partition, string Value)>> Read(ClusterClient cluster, AdminClient admin)
    {
        var ends = await admin.ListOffsetsAsync(Out.ToDictionary(p => p, _ => OffsetSpec.Latest), Isolation.ReadCommitted);
        await using var consumer = new PartitionConsumer(cluster, new FetchOptions { Isolation = Isolation.ReadCommitted });
        await consumer.AssignAsync(Out.ToDictionary(p => p, _ => 0L));
        var values = new List<(int, string)>();
        while (Out.Any(p => consumer.Position(p) < ends[p].Offset))
        {
            using var polled = await consumer.PollAsync(TimeSpan.FromSeconds(1));
            foreach (var record in polled) values.Add((record.Partition.Partition, Encoding.UTF8.GetString(record.Value!.Value.Span)));
        }

        return values;
    }
}

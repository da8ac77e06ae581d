using System.Diagnostics;
using System.Globalization;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Producer;
using AkkaStream.Tests.Cluster;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>Three brokers as processes, a topic of 1,000 partitions with three replicas, and the end of a broker: how long until others lead, and until every partition has taken a record. AKKASTREAM_BENCH=failover.</summary>
public sealed class FailoverBenchmark(ITestOutputHelper output)
{
    private const string Topic = "many";
    private const int Partitions = 1000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thousand_partitions(bool ofController)
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") != "failover") return;
        await using var cluster = await ReplicatedCluster.Start(settings: ["log.level=warning"]);
        var watch = Stopwatch.StartNew();
        (await cluster.Admin.CreateTopicsAsync([new NewTopic(Topic, Partitions, 3)]))[0].ThrowIfFailed();
        await cluster.InSync(Topic);
        Print($"{Partitions} partitions are there and in sync", watch);
        await using var producer = new RecordProducer(cluster.Client, new ProducerOptions { RequestTimeout = TimeSpan.FromSeconds(2) });
        watch.Restart();
        await SendAll(producer);
        Print("each has a record", watch);

        var controller = await cluster.Controller();
        var killed = ofController ? controller : (controller % 3) + 1;
        var led = (await cluster.Partitions(Topic)).Count(p => p.Leader == killed);
        await cluster.Kill(killed);
        watch.Restart();
        var producing = SendAll(producer);
        var watching = Watch(cluster, killed, watch);
        await producing;
        Print("each has taken another record, with acks=all, of a client that was told nothing", watch);
        await watching;
        Print($"broker {killed} was killed, which led {led}{(ofController ? " and was the controller" : "")}", watch);
    }

    // Whoever answers: one of the brokers is not there.
    private async Task Watch(ReplicatedCluster cluster, int killed, Stopwatch watch)
    {
        while (true)
        {
            var partitions = await cluster.Partitions(Topic);
            if (partitions.Count == Partitions && partitions.All(p => p.Leader >= 0 && p.Leader != killed)) break;
        }

        Print("every partition has a leader, as the others tell clients", watch);
    }

    private static Task SendAll(RecordProducer producer)
        => Task.WhenAll(Enumerable.Range(0, Partitions).Select(p => producer.SendAsync(new ProducerRecord(Topic, new byte[100]) { Partition = p }).AsTask()));

    private void Print(string what, Stopwatch watch) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalMilliseconds,8:0} ms  {what}"));
}

using System.Diagnostics;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Client.Protocol;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>What the controller's image costs at a hundred thousand partitions. AKKASTREAM_BENCH=metadata.</summary>
public sealed class MetadataBenchmark(ITestOutputHelper output)
{
    private const int Topics = 1000;
    private const int PartitionsEach = 100;

    [Fact]
    public void Image()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") != "metadata") return;
        var config = BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1" });
        Func<MetadataImage, ControllerContext> context = image => new(image, config, 1, Guid.NewGuid) { IsCluster = true };
        foreach (var when in new[] { "cold", "warm", "again" })
        {
            var bytes = MetadataImage.Empty.With(Events(), 0).ToEvents().Select(MetadataRecords.Encode).ToList();
            var before = GC.GetTotalMemory(forceFullCollection: true);
            var watch = Stopwatch.StartNew();
            var image = MetadataImage.Empty;
            foreach (var piece in bytes.Chunk(500)) image = image.With([.. piece.Select(b => MetadataRecords.Decode(b))], image.Offset + piece.Length);
            var rebuilt = watch.Elapsed;
            var held = GC.GetTotalMemory(forceFullCollection: true) - before;
            watch.Restart();
            var changes = image.Topics.Values.SelectMany(t => t.Partitions.Select(p => (IApiMessage)new PartitionChangeRecord { TopicId = t.Id, PartitionId = p.Index, Leader = p.Replicas[1] })).ToList();
            var after = image.With(changes, image.Offset + changes.Count);
            var changed = watch.Elapsed;
            watch.Restart();
            var fenced = new FenceBrokerCommand(1).Decide(context(image)).Count;
            var decided = watch.Elapsed;
            watch.Restart();
            new CreateTopicsCommand(new() { TimeoutMs = 1, Topics = [new() { Name = "one-more", NumPartitions = 1, ReplicationFactor = 3 }] }, _ => { }).Decide(context(image));
            var placed = watch.Elapsed;
            watch.Restart();
            var told = after.ToEvents().Sum(e => (long)MetadataRecords.Encode(e).Length);
            output.WriteLine($"{when}: rebuilt in {rebuilt.TotalMilliseconds:F0} ms ({held >> 20} MB held), every leader changed in {changed.TotalMilliseconds:F0} ms, {told >> 20} MB of events made in {watch.Elapsed.TotalMilliseconds:F0} ms, a fenced broker: {fenced} events decided in {decided.TotalMilliseconds:F0} ms, a topic of one partition placed in {placed.TotalMilliseconds:F1} ms");
            GC.KeepAlive(image);
        }
    }

    private static List<IApiMessage> Events()
    {
        var events = new List<IApiMessage>();
        for (var b = 1; b <= 3; b++) events.Add(new RegisterBrokerRecord { BrokerId = b, Fenced = false });
        for (var t = 0; t < Topics; t++)
        {
            var id = new Guid(t, 0, 0, new byte[8]);
            events.Add(new TopicRecord { Name = $"topic-{t}", TopicId = id });
            for (var p = 0; p < PartitionsEach; p++) events.Add(Placement.NewPartition(id, p, [1 + (p % 3), 1 + ((p + 1) % 3), 1 + ((p + 2) % 3)]));
        }

        return events;
    }
}

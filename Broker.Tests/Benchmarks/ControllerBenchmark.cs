using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Akka.Configuration;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Controller;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>How long a controller takes to come back with 100,000 partitions, and a command of the quorum of one, on the local disk. AKKASTREAM_BENCH=controller.</summary>
public sealed class ControllerBenchmark(ITestOutputHelper output)
{
    private const int Topics = 1000;
    private const int PartitionsOfTopic = 100;

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(4L << 20)]
    public async Task Rebuild(long snapshotBytes)
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") != "controller") return;
        var home = Directory.CreateTempSubdirectory("controller").FullName;
        try
        {
            await Run(home, snapshotBytes, async node =>
            {
                var watch = Stopwatch.StartNew();
                for (var i = 0; i < Topics; i++) await Create(node, $"t{i}", PartitionsOfTopic);
                Print($"{Topics} topics of {PartitionsOfTopic} partitions, one call after the other", watch);
            });
            await Run(home, snapshotBytes, _ => Task.CompletedTask);
            Save(home);
        }
        finally
        {
            Directory.Delete(home, true);
        }
    }

    // A snapshot of all of it, by itself: in a broker it is written beside everything else.
    private void Save(string home)
    {
        var directory = Path.Combine(home, "__cluster_metadata-0");
        var disk = new LocalDisk();
        var log = PartitionLog.Open(new LogOpening { Disk = disk, Directory = directory, Config = LogConfig.Default with { RetentionMs = -1, FileDeleteDelayMs = 0 } });
        var image = MetadataImage.Empty;
        var watch = Stopwatch.StartNew();
        new LogMetadataJournal(disk, log, () => 0).Replay((events, offset) => image = image.With(events, offset));
        Print($"{image.Topics.Values.Sum(t => t.Partitions.Length)} partitions read by a lone broker", watch);
        var journal = new PartitionQuorumLog(disk, log, () => 0);
        watch.Restart();
        var saved = journal.TrySave(new LogEnd(journal.EpochBefore(image.Offset + 1), image.Offset + 1), null, image.ToEvents())!.Value;
        Print($"a snapshot of {saved.Length >> 10} KiB written", watch);
        journal.Saved(saved);
        watch.Restart();
        var read = SnapshotBatches.ToImage(SnapshotBatches.Pieces(journal, saved), saved.End);
        Print($"{read.Topics.Values.Sum(t => t.Partitions.Length)} partitions read from it", watch);
        log.Close();
    }

    private async Task Run(string home, long snapshotBytes, Func<ControllerNode, Task> work)
    {
        var watch = Stopwatch.StartNew();
        var config = BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = home, ["listeners"] = "PLAINTEXT://127.0.0.1:9092" });
        var system = ActorSystem.Create("net", ConfigurationFactory.ParseString("""
            akka {
              actor.provider = cluster
              loglevel = WARNING
              remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
              cluster.roles = [broker, controller]
            }
            """));
        var cluster = global::Akka.Cluster.Cluster.Get(system);
        cluster.Join(cluster.SelfAddress);
        var directory = Path.Combine(home, "__cluster_metadata-0");
        var disk = new LocalDisk();
        long NowMs() => system.Scheduler.Now.ToUnixTimeMilliseconds();
        var log = PartitionLog.Open(new LogOpening { Disk = disk, Directory = directory, NowMs = NowMs(), Config = LogConfig.Default with { RetentionMs = -1, FileDeleteDelayMs = 0 } });
        var journal = new PartitionQuorumLog(disk, log, NowMs);
        Print($"log of {log.SizeInBytes >> 10} KiB and {journal.Snapshots.Count} snapshots of {journal.Snapshots.Sum(s => s.Length) >> 10} KiB opened", watch);
        var applied = new TaskCompletionSource<MetadataImage>(TaskCreationOptions.RunContinuationsAsynchronously);
        var known = MetadataImage.Empty;
        var node = ControllerNode.Start(system, new ControllerNodeParts
        {
            Quorum = new QuorumParts
            {
                Id = 1,
                SnapshotBytes = snapshotBytes,
                Configured = new VoterSet([new QuorumMember(1, Guid.Empty, "127.0.0.1", cluster.SelfAddress.Port ?? 0)]),
                Log = journal,
                Promises = new QuorumPromiseFile(disk, directory, Guid.NewGuid),
                NewId = Guid.NewGuid,
                Dice = Random.Shared.Next,
            },
            Setup = new ClusterControllerSetup(1, _ => config, Guid.NewGuid),
            Apply = (_, after) =>
            {
                Volatile.Write(ref known, after);
                applied.TrySetResult(after);
            },
            Dice = Random.Shared.Next,
        });
        var image = await applied.Task;
        Print($"{image.Topics.Values.Sum(t => t.Partitions.Length)} partitions known on the broker", watch);
        var active = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var registration = new BrokerRegistrationRequest
        {
            BrokerId = 1,
            IncarnationId = Guid.NewGuid(),
            LogDirs = [Guid.NewGuid()],
            Listeners = [new() { Name = BrokerImage.AkkaListener, Host = "127.0.0.1", Port = (ushort)(cluster.SelfAddress.Port ?? 0) }],
        };
        var life = new BrokerLife { Registration = registration, Link = node.Link, MetadataOffset = () => Volatile.Read(ref known).Offset, Registered = _ => { }, Fenced = fenced => { if (!fenced) active.TrySetResult(); } };
        system.ActorOf(Props.Create(typeof(BrokerLifecycleActor), life), BrokerLifecycleActor.Name);
        await active.Task;
        Print("the broker takes part", watch);
        await work(node);
        await system.Terminate();
        log.Close();
    }

    private static Task Create(ControllerNode node, string name, int partitions)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var request = new CreateTopicsRequest { TimeoutMs = 10_000, Topics = [new() { Name = name, NumPartitions = partitions, ReplicationFactor = 1 }] };
        node.Link.Tell(new ControllerRequest(request, 7, TimeSpan.FromSeconds(10), reply =>
        {
            if (reply.Response is CreateTopicsResponse { Topics: [{ ErrorCode: ErrorCode.None }] }) done.SetResult();
            else done.SetException(new InvalidOperationException($"{name}: {reply}"));
        }), ActorRefs.NoSender);
        return done.Task;
    }

    private void Print(string what, Stopwatch watch) => output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalMilliseconds,8:0} ms  {what}"));
}

using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Akka.Actor;
using Akka.Configuration;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Benchmarks;

/// <summary>
/// The partitions of three brokers in this process, over loopback sockets and real files, acks=all: <c>AKKASTREAM_BENCH=replication dotnet test -c Release --filter ReplicationBenchmark</c>.
/// CPU is that of all three and of whoever appends; clients and their protocol are not in it.
/// </summary>
public sealed class ReplicationBenchmark(ITestOutputHelper output)
{
    private static readonly Guid Topic = new(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3);

    [Fact]
    public async Task Three_replicas()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_BENCH") is not "replication") return;
        var home = Directory.CreateTempSubdirectory("replication").FullName;
        try
        {
            foreach (var (replicas, partitions) in new[] { (1, 1), (3, 1), (3, 6) })
            {
                foreach (var size in new[] { 16 << 10, 256 << 10 }) await Run(Path.Combine(home, $"{replicas}-{partitions}-{size}"), replicas, partitions, size);
            }

            await Idle(Path.Combine(home, "idle"), 3000);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private async Task Run(string home, int replicas, int partitions, int batchBytes)
    {
        await using var cluster = await Trio.Start(home, replicas, partitions);
        var pump = new Pump(cluster, partitions, batchBytes, bytesInFlight: 4 << 20);
        await pump.Send(64 << 20);
        var (cpu, kernel, watch, collected) = (Process.GetCurrentProcess().TotalProcessorTime, Process.GetCurrentProcess().PrivilegedProcessorTime, Stopwatch.StartNew(), GC.CollectionCount(0));
        const long Bytes = 1L << 30;
        await pump.Send(Bytes);
        var (seconds, used) = (watch.Elapsed.TotalSeconds, (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds);
        var inKernel = (Process.GetCurrentProcess().PrivilegedProcessorTime - kernel).TotalSeconds;
        output.WriteLine($"{replicas} replicas, {partitions} partitions, batches of {batchBytes >> 10} KiB: {Bytes / seconds / 1e6:0} MB/s, {used / (Bytes / 1e9):0.0} CPU s/GB ({inKernel / (Bytes / 1e9):0.0} of them in the kernel), {GC.CollectionCount(0) - collected} collections");
        var one = new Pump(cluster, 1, 1024, bytesInFlight: 1);
        var times = await one.Times(3000);
        output.WriteLine($"    one batch of 1 KiB at a time: {times[times.Length / 2]:0.00} ms, {times[(int)(times.Length * 0.99)]:0.00} ms at 99 %");
    }

    private async Task Idle(string home, int partitions)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var cluster = await Trio.Start(home, 3, partitions);
        await Task.Delay(TimeSpan.FromSeconds(2));
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before;
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        await Task.Delay(TimeSpan.FromSeconds(5));
        output.WriteLine($"{partitions} idle partitions on each of three: {memory / (3 * partitions)} bytes a replica, {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds / 5:P2} of a core for all");
    }

    /// <summary>Three brokers' partitions.</summary>
    private sealed class Trio : IAsyncDisposable, IInSyncProposals
    {
        private readonly List<ActorSystem> systems = [];
        private readonly List<PartitionRegistry> registries = [];

        public static async Task<Trio> Start(string home, int replicas, int partitions)
        {
            var trio = new Trio();
            var events = new List<IApiMessage> { new TopicRecord { Name = "t", TopicId = Topic } };
            for (var i = 0; i < partitions; i++)
            {
                List<int> on = [.. Enumerable.Range(0, replicas).Select(r => 1 + ((i + r) % 3))];
                events.Add(new PartitionRecord { TopicId = Topic, PartitionId = i, Replicas = on, Isr = on, Leader = on[0] });
            }

            var image = MetadataImage.Empty.With(events, 10);
            for (var id = 1; id <= 3; id++) trio.Add(Path.Combine(home, $"{id}"), id, image);
            for (var i = 0; i < partitions; i++) await Eventually.Holds(() => trio.Leader(i) is { IsLeader: true } leader && leader.Log.View.HighWatermark == 0, "it leads");
            return trio;
        }

        public PartitionHandle Leader(int partition) => registries[partition % 3].Find(Topic, partition)!;

        public void Propose(InSyncProposal proposal, Action<InSyncAnswer> done) => done(InSyncAnswer.Of(ErrorCode.NotController));

        public async ValueTask DisposeAsync()
        {
            foreach (var system in systems) await system.Terminate();
        }

        private void Add(string home, int id, MetadataImage image)
        {
            Directory.CreateDirectory(home);
            var config = BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = $"{id}", ["log.dirs"] = home, ["listeners"] = "PLAINTEXT://127.0.0.1:0" });
            var system = ActorSystem.Create("trio", ConfigurationFactory.ParseString("""
                akka { loggers = [], stdout-loglevel = OFF, loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off, actor.provider = remote
                  remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0, maximum-frame-size = 4 MiB } }
                """).WithFallback(ConfigurationFactory.ParseString(ReplicationSetup.Config)));
            systems.Add(system);
            var registry = new PartitionRegistry();
            registries.Add(registry);
            var means = new ReplicationMeans { BrokerId = id, BrokerEpoch = () => 1, ReplicasOf = Replicas, Proposals = this };
            var host = new PartitionHost(system, [LogDirectory.Open(new LocalDisk(), home, null)], registry, Guid.NewGuid, new CoordinatorFactory(registry), static work => Parallel.ForEach(work, piece => piece()), null, means);
            system.ActorOf(Props.Create(typeof(ReplicasActor), registry), ReplicasActor.Name);
            host.Open(image, config);

            ICanTell? Replicas(int other) => other > systems.Count ? null : system.ActorSelection($"{((ExtendedActorSystem)systems[other - 1]).Provider.DefaultAddress}/user/{ReplicasActor.Name}");
        }
    }

    /// <summary>Appends, so much at a time, and each again once it is acknowledged.</summary>
    private sealed class Pump(Trio cluster, int partitions, int batchBytes, int bytesInFlight)
    {
        private long left;
        private int open;
        private TaskCompletionSource done = new();

        public async Task Send(long bytes)
        {
            done = new(TaskCreationOptions.RunContinuationsAsynchronously);
            left = bytes;
            var appends = Enumerable.Range(0, Math.Max(partitions, bytesInFlight / batchBytes)).Select(i => new Batch(this, cluster.Leader(i % partitions), Records())).ToList();
            open = appends.Count;
            foreach (var append in appends) Next(append);
            await done.Task.WaitAsync(TimeSpan.FromMinutes(2));
        }

        public async Task<double[]> Times(int count)
        {
            var times = new double[count];
            for (var i = 0; i < count; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await Send(1);
                times[i] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            }

            Array.Sort(times);
            return times;
        }

        private byte[] Records()
        {
            using var builder = new RecordBatchBuilder();
            var value = new byte[1000];
            while (builder.Count == 0 || builder.UncompressedSize + 1024 < batchBytes) builder.Append(1_790_000_000_000, null, value);
            return builder.Build(new RecordBatchFields()).ToArray();
        }

        private void Next(Batch last)
        {
            if (last.Outcome is { Error: not ErrorCode.None } failed) done.TrySetException(new InvalidOperationException($"{failed.Error} {failed.Message}"));
            if (Interlocked.Add(ref left, -batchBytes) + batchBytes > 0) last.Handle.Actor.Tell(last.Again(), ActorRefs.NoSender);
            else if (Interlocked.Decrement(ref open) == 0) done.TrySetResult();
        }

        private sealed class Batch : PartitionAppend
        {
            private readonly Pump pump;
            private readonly byte[] bytes;

            [SetsRequiredMembers]
            public Batch(Pump pump, PartitionHandle handle, byte[] bytes)
            {
                this.pump = pump;
                this.bytes = bytes;
                Handle = handle;
                RecordBatchHeader.TryParse(bytes, out var header);
                (Batch, Header) = (bytes, header);
            }

            public PartitionHandle Handle { get; }

            public AppendOutcome? Outcome { get; private set; }

            public Batch Again() => new(pump, Handle, bytes);

            public override void Completed(in AppendOutcome outcome)
            {
                Outcome = outcome;
                pump.Next(this);
            }
        }
    }
}

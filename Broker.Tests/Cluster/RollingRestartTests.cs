using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using AkkaStream.Client;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Serialization;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Cluster;

/// <summary>
/// Three brokers as processes are stopped in order, or killed, and started again one by one, under a producer and a group of three consumers, each with connections of its own: the application
/// hears of no error, nothing is lost, and where they are stopped in order nothing comes twice.
/// </summary>
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const string Topic = "rolled";
    private const int PartitionCount = 6;
    private const int Members = 3;
    private const int UnderWay = 60;

    [Theory]
    [InlineData(GroupProtocol.Consumer, "TERM")]
    [InlineData(GroupProtocol.Classic, "TERM")]
    [InlineData(GroupProtocol.Consumer, "KILL")]
    public async Task Neither_the_producer_nor_the_group_hears_of_it_and_each_record_is_handled(GroupProtocol protocol, string signal)
    {
        if (OperatingSystem.IsWindows()) return;
        await using var cluster = await ReplicatedCluster.Start(settings: ["group.initial.rebalance.delay.ms=0", "group.consumer.heartbeat.interval.ms=500", "group.consumer.min.heartbeat.interval.ms=500"]);
        var created = await cluster.Admin.CreateTopicsAsync([new NewTopic(Topic) { Partitions = PartitionCount, ReplicationFactor = 3 }]);
        Assert.Equal(ErrorCode.None, created[0].Error);
        await cluster.InSync(Topic);
        var application = new Application(cluster.BootstrapServers, protocol);
        try
        {
            await Eventually.Holds(() => application.Readers == Members, "every consumer handles records", TimeSpan.FromSeconds(60));
            application.CountsFromNow();
            for (var id = 1; id <= 3; id++)
            {
                application.During = $"broker {id} stops";
                await ClusterNodeProcess.Signal(cluster.Of(id), signal);
                await cluster.Of(id).WaitForExitAsync().WaitAsync(Eventually.Patience);
                if (signal == "TERM") Assert.Equal(0, cluster.Of(id).ExitCode);
                await application.GoesOn();
                application.During = $"broker {id} starts";
                cluster.Start(id);
                await cluster.InSync(Topic);
                await application.GoesOn();
            }

            await application.Ends(mayComeAgain: signal == "KILL");
        }
        finally
        {
            await application.DisposeAsync();
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{protocol}, {signal}: {application.Sent} records, {application.Again} came again; no acknowledgement for {application.Silence}, nothing handled for {application.Idleness}"));
    }

    /// <summary>The producer and its group.</summary>
    private sealed class Application : IAsyncDisposable
    {
        private readonly CancellationTokenSource sendingEnds = new();
        private readonly CancellationTokenSource readingEnds = new();
        private readonly ConcurrentDictionary<int, int> readers = new();
        private readonly ConcurrentDictionary<(int Partition, long Offset), string> handled = new();
        private readonly ConcurrentQueue<string> twice = new();
        private readonly LongestPause acknowledgements = new();
        private readonly LongestPause handlings = new();
        private readonly Task producing;
        private readonly Task[] consuming;
        private int acknowledged;
        private int count;

        public Application(string servers, GroupProtocol protocol)
        {
            producing = Task.Run(() => Produce(servers));
            consuming = [.. Enumerable.Range(0, Members).Select(member => Task.Run(() => Consume(servers, protocol, member)))];
        }

        public int Readers => readers.Count;

        public int Sent => Volatile.Read(ref acknowledged);

        public string Silence => acknowledgements.Longest;

        public string Idleness => handlings.Longest;

        /// <summary>What is being done to the brokers.</summary>
        public string During { get; set; } = "";

        public int Again { get; private set; }

        /// <summary>The pauses of the start, cold as all of it is, are nobody's outage.</summary>
        public void CountsFromNow()
        {
            acknowledgements.Forget();
            handlings.Forget();
        }

        /// <summary>Waits for records that are sent from now on to be acknowledged and handled.</summary>
        public async Task GoesOn()
        {
            var (sent, seen) = (Sent + UnderWay + 300, handled.Count + UnderWay + 300);
            await Eventually.Holds(() => (Sent >= sent && handled.Count >= seen) || HasFailed, "records are sent and handled", Eventually.Patience);
            await Fail();
        }

        public async Task Ends(bool mayComeAgain)
        {
            await sendingEnds.CancelAsync();
            await producing;
            await Eventually.Holds(() => handled.Count >= count || HasFailed, "all are handled", Eventually.Patience);
            await readingEnds.CancelAsync();
            await Task.WhenAll(consuming);
            Assert.Equal(count, Sent);
            if (!mayComeAgain) Assert.Empty(twice);
            Again = twice.Count;
            for (var partition = 0; partition < PartitionCount; partition++)
            {
                var values = handled.Where(h => h.Key.Partition == partition).OrderBy(h => h.Key.Offset).Select(h => int.Parse(h.Value, CultureInfo.InvariantCulture)).ToList();
                Assert.Equal(Enumerable.Range(0, count).Where(i => i % PartitionCount == partition), values);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await sendingEnds.CancelAsync();
            await readingEnds.CancelAsync();
            await Task.WhenAll([producing, .. consuming]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            sendingEnds.Dispose();
            readingEnds.Dispose();
        }

        private bool HasFailed => producing.IsFaulted || consuming.Any(c => c.IsCompleted);

        private async Task Fail()
        {
            if (producing.IsFaulted) await producing;
            foreach (var ended in consuming.Where(c => c.IsCompleted)) await ended;
        }

        private async Task Produce(string servers)
        {
            await using var client = AkkaStreamClient.Connect(servers);
            await using var producer = client.CreateProducer<Nothing, string>();
            var sends = new Queue<Task>();
            while (!sendingEnds.IsCancellationRequested)
            {
                sends.Enqueue(Send(producer, count++));
                if (sends.Count >= UnderWay) await sends.Dequeue();
            }

            await Task.WhenAll(sends);
        }

        private async Task Send(Producer<Nothing, string> producer, int number)
        {
            await producer.SendAsync(new Message<Nothing, string>(Topic, default, number.ToString(CultureInfo.InvariantCulture)) { Partition = number % PartitionCount });
            acknowledgements.Now(During);
            Interlocked.Increment(ref acknowledged);
        }

        private async Task Consume(string servers, GroupProtocol protocol, int member)
        {
            await using var client = AkkaStreamClient.Connect(servers);
            var options = new ConsumerOptions
            {
                GroupId = "rolled",
                GroupProtocol = protocol,
                Assignors = [new CooperativeStickyAssignor()],
                AutoOffsetReset = AutoOffsetReset.Earliest,
                HeartbeatInterval = TimeSpan.FromMilliseconds(500),
                SessionTimeout = TimeSpan.FromSeconds(10),
            };
            await using var consumer = client.CreateConsumer<Nothing, string>(options);
            consumer.Subscribe(Topic);
            await foreach (var record in consumer.ConsumeAsync(readingEnds.Token))
            {
                handlings.Now(During);
                readers[member] = 1;
                var at = (record.Partition.Partition, record.Offset);
                if (handled.TryAdd(at, record.Value)) continue;
                Assert.Equal(handled[at], record.Value);
                twice.Enqueue($"{record.Partition} {record.Offset}: {record.Value}");
            }
        }
    }

    private sealed class LongestPause
    {
        private readonly Stopwatch watch = Stopwatch.StartNew();
        private readonly Lock gate = new();
        private TimeSpan? last;
        private TimeSpan longest;
        private string then = "";

        public string Longest => string.Create(CultureInfo.InvariantCulture, $"{longest.TotalMilliseconds:0} ms at most ({then})");

        public void Forget()
        {
            lock (gate) longest = TimeSpan.Zero;
        }

        public void Now(string during)
        {
            lock (gate)
            {
                var now = watch.Elapsed;
                if (last is { } before && now - before > longest) (longest, then) = (now - before, during);
                last = now;
            }
        }
    }
}

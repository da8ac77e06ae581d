using System.Text;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using AkkaStream.Host;
using AkkaStream.Host.Simulation;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Producer;

/// <summary>
/// Read, transform, write, the offsets in the transaction, over a broker that dies at any change of its disk, with or without the power, and clients that
/// vanish: every record is there once, and what was aborted never shows.
/// </summary>
public sealed class ExactlyOnceTests
{
    [Theory]
    [InlineData(false, 12)]
    [InlineData(true, 4)]
    public async Task A_copy_has_every_record_once_over_crashes_of_everything(bool power, int seeds)
    {
        // Nightly over a thousand crashes of the broker, half of them with the power.
        var least = Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") is "1" ? 500 : 0;
        var crashes = 0;
        for (var seed = 1; seed <= seeds || crashes < least; seed++)
        {
            await using var run = new CopyRun(seed, power);
            await run.Run().WaitAsync(Eventually.Patience);
            crashes += run.Crashes;
        }
    }

    private sealed class CopyRun : IAsyncDisposable
    {
        private const int Records = 40;
        private static readonly TopicPartition In = new("in", 0);
        private readonly int seed;
        private readonly Random dice;
        private readonly bool power;
        private readonly MemoryDisk disk;
        private readonly Lock gate = new();
        private readonly List<Task> ends = [];
        private MortalDisk? mortal;
        private RunningBroker? broker;
        private int restarts;

        /// <summary>How often the broker was started again.</summary>
        public int Crashes => restarts;

        public CopyRun(int seed, bool power)
        {
            this.seed = seed;
            this.power = power;
            dice = new Random(seed);
            disk = power ? new MemoryDisk(new Random(seed)) : new MemoryDisk();
            // The folder was there before, as an administrator makes it.
            disk.CreateDirectory("/data");
            disk.SyncDirectory("/");
            Start(int.MaxValue);
        }

        public async Task Run()
        {
            await using (var cluster = Client())
            {
                await new AdminClient(cluster).CreateTopicsAsync([new NewTopic("in", 1), new NewTopic("out", 2)]);
                await using var source = new RecordProducer(cluster);
                for (var i = 0; i < Records; i++) await source.SendAsync(new ProducerRecord("in", Encoding.UTF8.GetBytes(i.ToString("D4"))) { Partition = 0 });
            }

            Kill();
            for (var instance = 0; instance < 1000; instance++)
            {
                if (await Copy()) break;
            }

            await Check();
        }

        public async ValueTask DisposeAsync()
        {
            Task[] ended;
            lock (gate) ended = [.. ends];
            await Task.WhenAll(ended);
            await broker!.DisposeAsync();
        }

        // One life of the copying client: true when everything was copied.
        private async Task<bool> Copy()
        {
            var cluster = Client();
            var producer = new RecordProducer(cluster, new ProducerOptions { TransactionalId = "copy", RetryBackoff = TimeSpan.FromMilliseconds(2), RequestTimeout = TimeSpan.FromSeconds(2), Batching = new AccumulatorOptions { LingerMs = 0 } });
            try
            {
                await producer.InitTransactionsAsync();
                // Whatever an older instance left is decided now: the offsets and the records tell the same.
                var done = await Committed(cluster);
                Assert.Equal(done, (await ReadOut(cluster)).Count);
                while (done < Records)
                {
                    var count = Math.Min(1 + dice.Next(4), Records - done);
                    producer.BeginTransaction();
                    foreach (var value in await ReadIn(cluster, done, count)) _ = await producer.EnqueueAsync(new ProducerRecord("out", Encoding.UTF8.GetBytes("copy of " + value)) { Partition = int.Parse(value) % 2 });
                    await producer.SendOffsetsAsync(new Dictionary<TopicPartition, OffsetToCommit> { [In] = new(done + count) }, new AkkaStream.Client.Producer.ConsumerGroupMetadata("copiers"));
                    var fate = dice.Next(12);
                    if (fate == 0) return false;
                    if (fate == 1) Kill();
                    if (fate < 4)
                    {
                        await producer.AbortTransactionAsync();
                        continue;
                    }

                    await producer.CommitTransactionAsync();
                    done += count;
                }

                return true;
            }
            catch (Exception e) when (e is TransactionException or TransportException or BrokerException or OperationCanceledException)
            {
                return false;
            }
            finally
            {
                // A client that vanishes tidies nothing up; its memory is given back in its own time.
                Vanish(producer, cluster);
            }
        }

        private async Task Check()
        {
            await using var cluster = Client();
            var got = await ReadOut(cluster);
            var expected = Enumerable.Range(0, Records).Select(i => "copy of " + i.ToString("D4")).ToList();
            Assert.True(expected.SequenceEqual(got.Order()), $"seed {seed}, {restarts} restarts: {string.Join(", ", got)}");
            // Also the order of each partition holds.
            for (var p = 0; p < 2; p++) Assert.Equal(expected.Where((_, i) => i % 2 == p), got.Where(v => int.Parse(v[^4..]) % 2 == p));
        }

        private static async Task<int> Committed(ClusterClient cluster)
        {
            var request = new OffsetFetchRequest { RequireStable = true, Groups = [new() { GroupId = "copiers", Topics = [new() { Name = "in", PartitionIndexes = [0] }] }] };
            var answer = await cluster.SendToCoordinatorAsync<OffsetFetchResponse>(CoordinatorType.Group, "copiers", _ => (request, 9), a => a.Groups[0].ErrorCode != ErrorCode.None ? a.Groups[0].ErrorCode : a.Groups[0].Topics[0].Partitions[0].ErrorCode);
            return (int)Math.Max(0, answer.Groups[0].Topics[0].Partitions[0].CommittedOffset);
        }

        private static async Task<List<string>> ReadOut(ClusterClient cluster)
        {
            var partitions = new[] { new TopicPartition("out", 0), new TopicPartition("out", 1) };
            // Everything is decided: nothing may be open any more, which a reader of all records sees as the same end.
            var ends = await new AdminClient(cluster).ListOffsetsAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Latest));
            return await Read(cluster, Isolation.ReadCommitted, partitions.ToDictionary(p => p, _ => OffsetSpec.Earliest), partitions.ToDictionary(p => p, p => ends[p].Offset), int.MaxValue);
        }

        private static Task<List<string>> ReadIn(ClusterClient cluster, int from, int count)
            => Read(cluster, Isolation.ReadUncommitted, new Dictionary<TopicPartition, long> { [In] = from }, new Dictionary<TopicPartition, long> { [In] = from + count }, count);

        private static async Task<List<string>> Read(ClusterClient cluster, Isolation isolation, Dictionary<TopicPartition, long> starts, Dictionary<TopicPartition, long> ends, int most)
        {
            await using var consumer = new PartitionConsumer(cluster, new FetchOptions { Isolation = isolation, MaxWait = TimeSpan.FromMilliseconds(5) });
            await consumer.AssignAsync(starts);
            var values = new List<string>();
            while (ends.Any(e => consumer.Position(e.Key) < e.Value))
            {
                using var polled = await consumer.PollAsync(TimeSpan.FromMilliseconds(100));
                foreach (var record in polled)
                {
                    if (values.Count < most) values.Add(Encoding.UTF8.GetString(record.Value!.Value.Span));
                }
            }

            return values;
        }

        private ClusterClient Client() => new(new MovingTransport(this), new ClusterOptions
        {
            RetryBackoff = TimeSpan.FromMilliseconds(2),
            RetryBackoffMax = TimeSpan.FromMilliseconds(20),
            RequestTimeout = TimeSpan.FromSeconds(5),
            OperationTimeout = TimeSpan.FromSeconds(20),
        });

        private void Vanish(RecordProducer producer, ClusterClient cluster)
        {
            lock (gate) ends.Add(End());

            async Task End()
            {
                await cluster.DisposeAsync();
                await producer.DisposeAsync();
            }
        }

        private void Kill() => mortal!.Kill();

        private void Start(int changes)
        {
            mortal = new MortalDisk(disk, changes, () => _ = Task.Run(Restart));
            broker = RunningBroker.Start(BrokerConfig.Create(new Dictionary<string, string>
            {
                ["node.id"] = "1",
                ["log.dirs"] = "/data",
                ["listeners"] = "PLAINTEXT://127.0.0.1:0",
                ["transaction.state.log.num.partitions"] = "1",
                ["offsets.topic.num.partitions"] = "1",
                ["log.flush.mode"] = power ? "group" : "interval",
            }), mortal, withDoor: false);
        }

        // The process is gone; another one starts on what is on the disk, and will die in its turn, though not for ever.
        private void Restart()
        {
            lock (gate)
            {
                if (mortal is { IsDead: false }) return;
                if (broker is { } dead) ends.Add(dead.StopAsync());
                while (!TryStart())
                {
                }
            }
        }

        private bool TryStart()
        {
            if (power) disk.Crash();
            restarts++;
            try
            {
                Start(restarts > 25 ? int.MaxValue : 20 + dice.Next(300));
                return true;
            }
            catch (Exception) when (mortal!.IsDead)
            {
                return false; // it died while it started
            }
        }

        private IBrokerTransport Current()
        {
            lock (gate) return broker!.Connect();
        }

        private sealed class MovingTransport(CopyRun run) : IBrokerTransport
        {
            public IReadOnlyList<BrokerAddress> Bootstrap => run.Current().Bootstrap;

            public ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default) => run.Current().ConnectAsync(address, cancellation);

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}

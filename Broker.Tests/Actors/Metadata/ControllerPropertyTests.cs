using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Metadata;

/// <summary>
/// Random lives of three to five brokers, and random requests, stale ones among them: after each command the image keeps what the rest of the broker relies on. A run is its
/// number; a failure names it, and the step.
/// </summary>
public sealed class ControllerPropertyTests
{
    private const int Steps = 120;
    private static readonly int Runs = Environment.GetEnvironmentVariable("AKKASTREAM_NIGHTLY") == "1" ? 20_000 : 400;

    [Fact]
    public void Whatever_is_asked_the_image_keeps_its_promises()
    {
        for (var run = 0; run < Runs; run++) new Run(run).Go();
    }

    [Fact]
    public void The_checker_sees_a_broken_promise()
    {
        var run = new Run(1);
        run.Go();
        foreach (var mistake in Mistakes()) Assert.ThrowsAny<Exception>(() => run.Suffer(mistake));

        IEnumerable<PartitionChangeRecord> Mistakes()
        {
            yield return new() { Isr = [] };
            yield return new() { Leader = 77 };
            yield return new() { Isr = [77] };
            yield return new() { Replicas = [1, 1] };
            yield return new() { AddingReplicas = [77] };
        }
    }

    private sealed class Run(int seed)
    {
        private static readonly string[] Topics = ["a", "b", "c"];
        private readonly Random dice = new(seed);
        private readonly ControllerHarness controller = new();
        private readonly Dictionary<int, int> lives = [];
        private readonly Dictionary<(Guid Topic, int Partition), List<(PartitionImage Partition, long[] Epochs)>> remembered = [];

        // Brokers that restarted uncleanly, and have not been taken in again by the leader since.
        private readonly HashSet<(Guid Topic, int Partition, int Broker)> doubtful = [];
        private int brokers;
        private string doing = "";

        public void Go()
        {
            brokers = 3 + dice.Next(3);
            for (var id = 1; id <= brokers; id++) controller.Start(id, rack: id % 2 == 0 ? "x" : "y");
            for (var step = 0; step < Steps; step++)
            {
                var before = controller.Image;
                try
                {
                    Act();
                    Check(before, controller.Image);
                }
                catch (Exception error)
                {
                    throw new InvalidOperationException($"run {seed}, step {step}, {doing}: {error.Message}", error);
                }
            }

            var bytes = Bytes(controller.Image);
            Assert.Equal(bytes, Bytes(MetadataImage.Empty.With([.. controller.Image.ToEvents()], controller.Image.Offset)));
            Assert.Equal(bytes, Bytes(controller.AllEvents.Chunk(1 + dice.Next(50)).Aggregate(MetadataImage.Empty, (image, events) => image.With(events, image.Offset + events.Length))));
        }

        /// <summary>What a controller that decided wrongly would have done.</summary>
        public void Suffer(PartitionChangeRecord mistake)
        {
            var topic = controller.Image.Topics.Values.First(t => t.Partitions.Length > 0);
            mistake.TopicId = topic.Id;
            mistake.PartitionId = 0;
            Check(controller.Image, controller.Image.With([mistake], controller.Image.Offset + 1));
        }

        private static List<string> Bytes(MetadataImage image) => image.ToEvents().Select(e => Convert.ToHexString(MetadataRecords.Encode(e))).ToList();

        private void Act()
        {
            var broker = 1 + dice.Next(brokers);
            var topic = Topics[dice.Next(Topics.Length)];
            Action act = dice.Next(18) switch
            {
                0 => () => Do($"fence {broker}", () => controller.Fence(broker)),
                1 or 2 => () => Do($"heartbeat {broker}", () => Beat(broker, false)),
                3 => () => Do($"shut down {broker}", () => Beat(broker, true)),
                4 => () => Do($"restart {broker} cleanly", () => Restart(broker, true, 0)),
                5 => () => Do($"restart {broker} uncleanly", () => Restart(broker, false, dice.Next(8) == 0 ? 1 + dice.Next(3) : 0)),
                6 => () => Do($"create or delete {topic}", () => CreateOrDelete(topic)),
                7 => () => Do($"reassign {topic}", () => Reassign(topic)),
                8 => () => Do($"elect {topic}", () => Elect(topic)),
                9 => () => Do("balance", () => controller.Run(new BalanceLeadersCommand(_ => { }))),
                10 => () => Do($"configure {topic}", () => Configure(topic)),
                11 => () => Do("elect offline", () => controller.Run(new ElectOfflineLeadersCommand())),
                12 => () => Do($"unregister {broker}", () => controller.Run(new UnregisterBrokerCommand(new() { BrokerId = broker }, _ => { }))),
                13 => () => Do($"lose {topic} on {broker}", () => Lose(broker, topic)),
                _ => () => Do($"alter {topic}", () => Alter(topic)),
            };
            act();
        }

        private void Do(string what, Action act)
        {
            doing = what;
            act();
        }

        private void Beat(int broker, bool wantShutDown)
        {
            if (controller.Image.Brokers.ContainsKey(broker)) controller.Beat(broker, wantShutDown);
        }

        private void Restart(int broker, bool clean, int disk)
        {
            lives[broker] = lives.GetValueOrDefault(broker) + 1;
            var known = controller.Image.Brokers.GetValueOrDefault(broker);
            clean &= known is not null;
            var registration = ControllerHarness.Registration(broker, clean ? known!.Epoch : -1, lives[broker], broker % 2 == 0 ? "x" : "y", disk);
            Assert.Equal(ErrorCode.None, controller.Ask<BrokerRegistrationResponse>(done => new RegisterBrokerCommand(registration, done)).ErrorCode);
            Assert.True(controller.Image.Brokers[broker].IsFenced);
            if (clean) return;
            foreach (var topic in controller.Image.Topics.Values)
            {
                foreach (var partition in topic.Partitions) doubtful.Add((topic.Id, partition.Index, broker));
            }
        }

        private void CreateOrDelete(string topic)
        {
            if (controller.Image.Topics.ContainsKey(topic) && dice.Next(4) > 0) return;
            if (controller.Image.Topics.ContainsKey(topic)) controller.Ask<DeleteTopicsResponse>(done => new DeleteTopicsCommand(new() { Topics = [new() { Name = topic }] }, byName: false, done));
            else controller.Create(topic, 1 + dice.Next(3), (short)(1 + dice.Next(brokers)));
        }

        private void Reassign(string topic)
        {
            if (!controller.Image.Topics.ContainsKey(topic)) return;
            var to = Enumerable.Range(1, brokers).OrderBy(_ => dice.Next()).Take(1 + dice.Next(3)).ToArray();
            controller.Reassign(topic, dice.Next(4) == 0 ? null : to);
        }

        private void Lose(int broker, string topic)
        {
            if (!controller.Image.Topics.ContainsKey(topic) || !controller.Image.Brokers.ContainsKey(broker)) return;
            controller.Lose(broker, topic);
            Assert.NotEqual(broker, controller.Partition(topic).Leader);
        }

        private void Elect(string topic)
        {
            if (controller.Image.Topics.ContainsKey(topic)) controller.Elect(topic, (sbyte)(dice.Next(6) == 0 ? 1 : 0));
        }

        private void Configure(string topic)
        {
            var (key, value) = dice.Next(5) == 0 ? ("unclean.leader.election.enable", dice.Next(2) == 0 ? "true" : "false") : ("min.insync.replicas", $"{1 + dice.Next(3)}");
            var request = new IncrementalAlterConfigsRequest { Resources = [new() { ResourceType = 2, ResourceName = topic, Configs = [new() { Name = key, Value = value }] }] };
            controller.Ask<IApiMessage>(done => new AlterConfigsCommand(request, done));
        }

        // A leader asks, now or with what it knew some time ago.
        private void Alter(string topic)
        {
            if (!controller.Image.Topics.TryGetValue(topic, out var known)) return;
            var index = dice.Next(known.Partitions.Length);
            if (!remembered.TryGetValue((known.Id, index), out var memory)) remembered.Add((known.Id, index), memory = []);
            memory.Add((known.Partitions[index], [.. Enumerable.Range(0, brokers + 1).Select(b => controller.Image.Brokers.GetValueOrDefault(b)?.Epoch ?? -1)]));
            var (partition, epochs) = memory[dice.Next(3) == 0 ? dice.Next(memory.Count) : memory.Count - 1];
            if (partition.Leader < 0) return;
            var wanted = partition.Replicas.Where(r => r == partition.Leader || dice.Next(3) > 0).ToList();
            var asked = new AlterPartitionRequest.PartitionData
            {
                PartitionIndex = index,
                LeaderEpoch = partition.LeaderEpoch,
                PartitionEpoch = partition.PartitionEpoch,
                NewIsrWithEpochs = [.. wanted.Select(b => new AlterPartitionRequest.BrokerState { BrokerId = b, BrokerEpoch = epochs[b] })],
            };
            var request = new AlterPartitionRequest { BrokerId = partition.Leader, BrokerEpoch = epochs[partition.Leader], Topics = [new() { TopicId = known.Id, Partitions = [asked] }] };
            var answer = controller.Ask<AlterPartitionResponse>(done => new AlterPartitionCommand(request, done));
            if (answer.ErrorCode != ErrorCode.None || answer.Topics[0].Partitions[0].ErrorCode is not (ErrorCode.None or ErrorCode.NewLeaderElected)) return;
            // The present leader vouches for those of the life that it names.
            foreach (var b in wanted.Where(b => epochs[b] == controller.Image.Brokers[b].Epoch)) doubtful.Remove((known.Id, index, b));
        }

        private void Check(MetadataImage before, MetadataImage after)
        {
            foreach (var topic in after.Topics.Values)
            {
                foreach (var partition in topic.Partitions)
                {
                    var old = before.TopicOf(topic.Id) is { } was && partition.Index < was.Partitions.Length ? was.Partitions[partition.Index] : null;
                    Holds(after, partition);
                    if (old is not null) Follows(old, partition);
                    Doubt(topic, partition);
                }
            }
        }

        private static void Holds(MetadataImage image, PartitionImage p)
        {
            Assert.NotEmpty(p.InSync);
            Assert.NotEmpty(p.Replicas);
            foreach (var list in new[] { p.Replicas, p.InSync, p.Adding, p.Removing, p.Elr, p.LastKnownElr })
            {
                Assert.Equal(list.Count, list.Distinct().Count());
                Assert.All(list, r => Assert.Contains(r, p.Replicas));
            }

            Assert.Empty(p.InSync.Intersect(p.Elr));
            Assert.Empty(p.Adding.Intersect(p.Removing));
            Assert.True(p.Replicas.Count > p.Removing.Count);
            if (p.Leader < 0) return;
            Assert.Contains(p.Leader, p.InSync);
            Assert.True(image.Brokers[p.Leader].IsActive, $"broker {p.Leader} leads and is fenced or shuts down");
            Assert.All(p.InSync, r => Assert.True(image.Brokers[r].IsActive, $"broker {r} is in sync and is fenced or shuts down"));
        }

        private static void Follows(PartitionImage old, PartitionImage now)
        {
            Assert.True(now.LeaderEpoch >= old.LeaderEpoch && now.PartitionEpoch >= old.PartitionEpoch, "an epoch went back");
            if (now.Leader != old.Leader) Assert.True(now.LeaderEpoch > old.LeaderEpoch, "a new leader has an old epoch");
            var same = now.Replicas.SequenceEqual(old.Replicas) && now.InSync.SequenceEqual(old.InSync) && now.Leader == old.Leader && now.LeaderEpoch == old.LeaderEpoch;
            Assert.True(same || now.PartitionEpoch > old.PartitionEpoch, "a change without an epoch of its own");
        }

        // The last in-sync replica may be one, when nobody is known to have more; beside others it may not, until a leader took it in. Who leads, decides what there is.
        private void Doubt(TopicImage topic, PartitionImage p)
        {
            bool IsDoubtful(int broker) => doubtful.Contains((topic.Id, p.Index, broker));
            Assert.True(p.InSync.Count == 1 || !p.InSync.Any(IsDoubtful), "a broker that restarted uncleanly is in sync beside others");
            Assert.True(!p.Elr.Any(IsDoubtful), "a broker that restarted uncleanly is eligible");
            Assert.True(p.Elr.Count == 0 || !IsDoubtful(p.InSync[0]), "a broker that restarted uncleanly is in sync instead of one that is eligible");
            doubtful.Remove((topic.Id, p.Index, p.Leader));
        }
    }
}

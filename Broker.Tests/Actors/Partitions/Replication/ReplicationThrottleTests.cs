using System.Buffers.Binary;
using System.Collections.Concurrent;
using Akka.Actor;
using AkkaStream.Actors;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Partitions.Replication;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Tests.Akka.Actor;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Partitions.Replication;

/// <summary>Replicas that are moved take no more than they may, and those that writers wait for are never held back.</summary>
public sealed class ReplicationThrottleTests : EngineFixture
{
    private static readonly Guid Topic = new(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    private readonly MemoryDisk disk = new();
    private readonly PartitionRegistry registry = new();
    private readonly ConcurrentQueue<object> heard = [];
    private readonly IActorRef peer;
    private readonly PartitionHost host;

    public ReplicationThrottleTests()
    {
        disk.CreateDirectory("/data");
        peer = System.ActorOf(Props.Create(() => new Listener(heard)));
        var means = new ReplicationMeans { BrokerId = 1, BrokerEpoch = () => 0, ReplicasOf = _ => peer, Proposals = new NoProposals() };
        host = new PartitionHost(System, [LogDirectory.Open(disk, "/data", null)], registry, Guid.NewGuid, new CoordinatorFactory(registry), static work => { foreach (var piece in work) piece(); }, null, means);
    }

    [Fact]
    public void Each_waits_behind_those_that_moved_something_before()
    {
        var throttle = new ReplicationThrottle();
        Assert.False(throttle.IsLimited);
        Assert.False(throttle.Take(1000, 5000).Holds(throttle, 5000));
        throttle.Set(1000);
        var first = throttle.Take(500, 5000);
        var second = throttle.Take(500, 5000);
        // A tenth of a second is saved up at most.
        Assert.Equal((5400, 5900), (first.UntilMs, second.UntilMs));
        Assert.True(second.Holds(throttle, 5899));
        Assert.False(second.Holds(throttle, 5900));
        Assert.Equal(60_900, throttle.Take(1000, 60_000).UntilMs);
        throttle.Set(2000);
        Assert.False(second.Holds(throttle, 5500));
        throttle.Set(0);
        Assert.True(throttle.Take(1, 70_000).Holds(throttle, long.MaxValue - 1));
    }

    [Theory]
    [InlineData("", false, false)]
    [InlineData("*", true, true)]
    [InlineData("0:1, 3:2", true, false)]
    [InlineData("0:99999999999", false, false)]
    public void Replicas_are_named_by_partition_and_broker(string value, bool has01, bool has02)
    {
        var replicas = ThrottledReplicas.Of(value);
        Assert.Equal((has01, has02), (replicas.Has(0, 1), replicas.Has(0, 2)));
    }

    [Fact]
    public async Task A_leader_holds_back_from_who_is_not_in_sync()
    {
        var image = Image(leader: 1, inSync: [1]);
        host.Open(image, Config("leader", 1));
        var handle = registry.Find("t", 0)!;
        await Eventually.Holds(() => handle.IsLeader, "it leads");
        foreach (var _ in new int[3]) handle.Actor.Tell(Append(new byte[50_000]), ActorRefs.NoSender);
        handle.Actor.Tell(new Subscribe(Topic, 0, 2, 7, 0, 1, 0, 0, -1, 1 << 20), peer);
        await Eventually.Holds(() => heard.OfType<ReplicaData>().Any(), "a piece comes");
        handle.Actor.Tell(new Replicated(2, 7, 0, 1, 1, 0), peer);
        await Turn(handle);
        Assert.Single(heard.OfType<ReplicaData>());

        host.Reconfigure(image, Config("leader", long.MaxValue));
        await Eventually.Holds(() => heard.OfType<ReplicaData>().Count() == 3, "the rest comes");
    }

    [Fact]
    public async Task A_follower_says_later_what_it_has_and_catches_up_when_it_is_not_throttled_any_more()
    {
        var image = Image(leader: 2, inSync: [2]);
        host.Open(image, Config("follower", 1));
        var handle = registry.Find("t", 0)!;
        await Eventually.Holds(() => heard.OfType<Subscribe>().Any(), "it subscribes");
        Assert.Equal(1, heard.OfType<Subscribe>().Last().WindowBytes);
        handle.Actor.Tell(Data(0), peer);
        await Eventually.Holds(() => handle.Log.View.EndOffset == 1, "it has the record");
        // The leader wonders; it is not asked for more before its time.
        handle.Actor.Tell(new SubscribeAgain(0), peer);
        await Turn(handle);
        Assert.Empty(heard.OfType<Replicated>());
        Assert.Single(heard.OfType<Subscribe>());

        host.Reconfigure(image, Config("follower", long.MaxValue));
        await Eventually.Holds(() => heard.OfType<Subscribe>().Count() == 2, "it subscribes anew");
        Assert.Equal((1L, Limits.ReplicaWindowBytes), (heard.OfType<Subscribe>().Last().Offset, heard.OfType<Subscribe>().Last().WindowBytes));
        handle.Actor.Tell(Data(1), peer);
        await Eventually.Holds(() => heard.OfType<Replicated>().Any(r => r.EndOffset == 2), "it says what it has");
    }

    [Fact]
    public async Task Who_is_in_sync_is_not_throttled()
    {
        host.Open(Image(leader: 2, inSync: [2, 1]), Config("follower", 1));
        var handle = registry.Find("t", 0)!;
        await Eventually.Holds(() => heard.OfType<Subscribe>().Any(), "it subscribes");
        Assert.Equal(Limits.ReplicaWindowBytes, heard.OfType<Subscribe>().Last().WindowBytes);
        handle.Actor.Tell(Data(0), peer);
        await Eventually.Holds(() => heard.OfType<Replicated>().Any(r => r.EndOffset == 1), "it says what it has");
    }

    private static BrokerConfig Config(string side, long rate) => BrokerConfig.Create(new Dictionary<string, string>
    {
        ["node.id"] = "1",
        ["log.dirs"] = "/data",
        ["listeners"] = "PLAINTEXT://127.0.0.1:0",
        [$"{side}.replication.throttled.rate"] = $"{rate}",
    });

    private static MetadataImage Image(int leader, List<int> inSync) => MetadataImage.Empty.With(
    [
        new TopicRecord { Name = "t", TopicId = Topic },
        new PartitionRecord { TopicId = Topic, PartitionId = 0, Replicas = [1, 2], Isr = inSync, Leader = leader, LeaderEpoch = 0 },
        new ConfigRecord { ResourceType = 2, ResourceName = "t", Name = "leader.replication.throttled.replicas", Value = "*" },
        new ConfigRecord { ResourceType = 2, ResourceName = "t", Name = "follower.replication.throttled.replicas", Value = "0:1" },
    ], 5);

    private static byte[] Batch(byte[] value)
    {
        using var builder = new RecordBatchBuilder();
        builder.Append(1, (ReadOnlyMemory<byte>?)null, value);
        return builder.Build(new RecordBatchFields()).ToArray();
    }

    private static Appended Append(byte[] value)
    {
        var batch = Batch(value);
        Assert.True(RecordBatchHeader.TryParse(batch, out var header));
        return new Appended { Batch = batch, Header = header };
    }

    private static ReplicaData Data(long offset)
    {
        var batch = Batch([1, 2, 3]);
        BinaryPrimitives.WriteInt64BigEndian(batch, offset);
        return ReplicaData.Around([.. new byte[ReplicaData.HeadBytes], .. batch], 0, offset, 0, 0, 1, batch.Length);
    }

    // What the actor was told before has been done by then, and what it said has been heard.
    private async Task Turn(PartitionHandle handle)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        handle.Actor.Tell(new LookAtProducers((_, _) => peer.Tell(done, ActorRefs.NoSender)), ActorRefs.NoSender);
        await done.Task.WaitAsync(Eventually.Patience);
    }

    private sealed class Listener(ConcurrentQueue<object> heard) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is TaskCompletionSource done) done.TrySetResult();
            else heard.Enqueue(message);
        }
    }

    private sealed class Appended : PartitionAppend
    {
        public override void Completed(in AppendOutcome outcome) => Assert.Equal(ErrorCode.None, outcome.Error);
    }

    private sealed class NoProposals : IInSyncProposals
    {
        public void Propose(InSyncProposal proposal, Action<InSyncAnswer> done) => done(InSyncAnswer.Of(ErrorCode.NotController));
    }
}

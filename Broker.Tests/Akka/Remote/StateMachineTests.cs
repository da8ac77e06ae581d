using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote;
using Akka.Remote.Transport;
using Akka.Remote.Wire;

namespace AkkaStream.Tests.Akka.Remote;

/// <summary>Remoting's plain parts, each by itself.</summary>
public sealed class StateMachineTests
{
    [Fact]
    public void Suspicion_grows_with_silence_and_a_heartbeat_ends_it()
    {
        var now = 0L;
        var detector = new PhiAccrualFailureDetector(8, 100, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(1), () => now);
        Assert.True(detector.IsAvailable);
        Assert.False(detector.IsMonitoring);
        for (var i = 0; i < 100; i++, now += 1000) detector.HeartBeat();
        Assert.True(detector.IsMonitoring);
        now += 2500;
        Assert.True(detector.IsAvailable);
        var before = detector.Phi;
        now += 500;
        Assert.True(detector.Phi > before);
        now += 1500;
        Assert.False(detector.IsAvailable);
        detector.HeartBeat();
        Assert.True(detector.IsAvailable);

        // The long pause at whose end the resource counted as gone is no sample: the next one is noticed as soon.
        now += 5000;
        Assert.False(detector.IsAvailable);
    }

    [Fact]
    public void An_irregular_resource_is_suspected_later_than_a_regular_one()
    {
        var now = 0L;
        PhiAccrualFailureDetector Make() => new(8, 50, TimeSpan.FromMilliseconds(10), TimeSpan.Zero, TimeSpan.FromSeconds(1), () => now);
        var (regular, irregular) = (Make(), Make());
        for (var i = 0; i < 200; i++)
        {
            now = i * 1000;
            regular.HeartBeat();
            now = (i * 1000) + (i % 2 * 600);
            irregular.HeartBeat();
        }

        now += 1500;
        Assert.False(regular.IsAvailable);
        Assert.True(irregular.IsAvailable);
    }

    [Theory]
    [InlineData(0, 1, 1, 0, 1)]
    [InlineData(1, 0, 1, 0, 1)]
    [InlineData(1, 1, 0, 0, 1)]
    [InlineData(1, 1, 1, -1, 1)]
    [InlineData(1, 1, 1, 0, 0)]
    public void Senseless_parameters_are_refused(double threshold, int samples, int deviation, int pause, int estimate)
        => Assert.Throws<ArgumentException>(() => new PhiAccrualFailureDetector(threshold, samples, TimeSpan.FromSeconds(deviation), TimeSpan.FromSeconds(pause), TimeSpan.FromSeconds(estimate), () => 0));

    [Fact]
    public void Attempts_come_less_often_up_to_a_limit_and_soon_again_after_success()
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(1));
        var waits = Enumerable.Range(0, 40).Select(_ => backoff.Next(0.5).TotalMilliseconds).ToList();
        Assert.Equal([20, 40, 80, 160, 320, 640, 1000, 1000], waits.Take(8));
        Assert.Equal(1000, waits[^1]);
        Assert.True(backoff.Next(0).TotalMilliseconds < backoff.Next(0.99).TotalMilliseconds);
        backoff.Reset();
        Assert.Equal(20, backoff.Next(0.5).TotalMilliseconds);
    }

    [Fact]
    public void System_messages_are_kept_until_acknowledged_and_taken_once()
    {
        var outbox = new SystemOutbox(3);
        var inbox = new SystemInbox();
        Assert.Equal(1, outbox.NextNumber);
        Assert.True(outbox.TryAdd([1]));
        Assert.True(outbox.TryAdd([2]));
        Assert.True(outbox.TryAdd([3]));
        Assert.False(outbox.TryAdd([4]));
        Assert.True(inbox.Takes(1));
        Assert.False(inbox.Takes(1));
        Assert.False(inbox.Takes(3));
        Assert.True(inbox.Takes(2));
        outbox.Acknowledged(inbox.Last);
        Assert.Equal([[3]], outbox.Open().ToArray());
        outbox.Clear();
        inbox.Clear();
        Assert.Equal(1, outbox.NextNumber);
        Assert.True(inbox.Takes(1));
    }

    [Fact]
    public void The_outbox_copies_what_is_small_and_points_to_what_is_great()
    {
        var outbox = new Outbox();
        var great = new byte[100_000];
        var frames = new List<byte[]>();
        for (var i = 0; i < 200; i++)
        {
            byte[] head = [(byte)i, 1, 2];
            var body = i % 50 == 0 ? great : new byte[i * 10];
            outbox.Add(new Frame(head, body));
            frames.Add([.. BitConverter.GetBytes((ushort)3), .. BitConverter.GetBytes(body.Length), .. head, .. body]);
        }

        var segments = outbox.Take();
        Assert.Equal(4, segments.Count(segment => ReferenceEquals(segment.Array, great)));
        Assert.Equal(frames.SelectMany(frame => frame), segments.SelectMany(segment => segment));
        Assert.Equal(frames.Sum(frame => frame.Length), outbox.Bytes);
        outbox.Reset();
        Assert.True(outbox.IsEmpty);
    }

    [Fact]
    public void The_end_of_an_actor_or_of_its_node_is_told_to_those_who_watch()
    {
        var nodes = new WatchedNodes(() => new PhiAccrualFailureDetector(8, 10, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), () => 0), TimeSpan.FromSeconds(1));
        var (node, other) = (Address.Parse("akka.tcp://s@h:1"), Address.Parse("akka.tcp://s@h:2"));
        var watchers = new[] { Ref("akka://s/user/w1"), Ref("akka://s/user/w2") };
        var (one, two, three) = (Ref($"{node}/user/one#5"), Ref($"{node}/user/two#6"), Ref($"{other}/user/three#7"));
        Assert.True(nodes.Watch(one, watchers[0]));
        Assert.False(nodes.Watch(one, watchers[1]));
        Assert.True(nodes.Watch(two, watchers[0]));
        Assert.True(nodes.Watch(three, watchers[0]));
        Assert.True(nodes.HasStrangers);
        nodes.SetMembers([node, other]);
        Assert.False(nodes.HasStrangers);
        nodes.SetMembers([node]);
        Assert.True(nodes.HasStrangers);
        Assert.Empty(nodes.Died(Ref($"{node}/user/one#99")));
        Assert.Equal(2, nodes.Died(Ref($"{node}/user/one#5")).Count);
        Assert.Empty(nodes.Died(one));
        Assert.Equal([new WatchPair(two, watchers[0])], nodes.NodeGone(node));
        Assert.False(nodes.Unwatch(three, watchers[1]));
        Assert.True(nodes.Unwatch(three, watchers[0]));
        Assert.Equal(0, nodes.Count);
    }

    [Fact]
    public void Members_of_the_cluster_are_not_judged_by_remoting()
    {
        var nodes = new WatchedNodes(() => new PhiAccrualFailureDetector(8, 10, TimeSpan.FromMilliseconds(100), TimeSpan.Zero, TimeSpan.FromSeconds(1), () => 1_000_000), TimeSpan.FromSeconds(1));
        var (member, stranger) = (Address.Parse("akka.tcp://s@h:1"), Address.Parse("akka.tcp://s@h:2"));
        nodes.Watch(Ref($"{member}/user/a"), Ref("akka://s/user/w"));
        nodes.Watch(Ref($"{stranger}/user/a"), Ref("akka://s/user/w"));
        nodes.SetMembers([member]);
        Assert.Equal([stranger], nodes.ToAsk(TimeSpan.Zero));
        Assert.False(nodes.Answered(stranger, 1));
        Assert.True(nodes.Answered(stranger, 2));
    }

    [Fact]
    public void Heads_that_do_not_add_up_are_refused()
    {
        var head = MessageHead.Write("/user/a#1"u8, "/user/b#2"u8, false, 17, "S")!;
        Assert.Equal("/user/b#2"u8.ToArray(), MessageHead.Read(head).Sender.ToArray());
        for (var length = 0; length < head.Length; length++) Assert.Throws<SerializationException>(() => MessageHead.Read(head.AsSpan(0, length)));
        head[1] = 3;
        Assert.Throws<SerializationException>(() => MessageHead.Read(head));
        Assert.Null(MessageHead.Write(new byte[9000], default, false, 1, ""));
    }

    private static IInternalActorRef Ref(string path) => new Named(ActorPath.Parse(path));

    private sealed class Named(ActorPath path) : MinimalActorRef
    {
        public override ActorPath Path => path;

        public override IActorRefProvider Provider => throw new NotSupportedException();
    }
}

using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AkkaStream.Tests.Akka.Cluster.Sharding;

/// <summary>Who sent before a shard had moved on, and is not to be sent on after it.</summary>
public sealed class LateSendersTests
{
    private readonly LateSenders _late = new();
    private readonly IActorRef _a = Ref("a", "system/sharding-kind"), _b = Ref("b", "system/sharding-kind"), _ofA = Ref("a", "user/one"), _ofB = Ref("b", "user/one");

    [Fact]
    public void Senders_of_a_late_region_s_node_are_late_for_that_shard_until_it_says_that_nothing_more_comes()
    {
        Assert.False(_late.Is("s", _ofA));
        Assert.True(_late.Add("s", _a));
        Assert.False(_late.Add("s", _a));
        Assert.True(_late.Is("s", _ofA));
        Assert.False(_late.Is("s", _ofB));
        Assert.False(_late.Is("t", _ofA));
        Assert.Equal([("s", _a)], _late.All);
        _late.Remove("s", _b);
        Assert.False(_late.IsEmpty);
        _late.Remove("s", _a);
        Assert.True(_late.IsEmpty);
        Assert.False(_late.Is("s", _ofA));
    }

    [Fact]
    public void Nobody_is_late_who_is_gone_or_whose_shard_is_back()
    {
        _late.Add("s", _a);
        _late.Add("s", _b);
        _late.Add("t", _b);
        _late.Gone(_a);
        Assert.False(_late.Is("s", _ofA));
        _late.Returned("s");
        Assert.Equal([("t", _b)], _late.All);
        _late.GoneAt(_b.Path.Address);
        Assert.True(_late.IsEmpty);
    }

    private static IActorRef Ref(string host, string path) => new Named(ActorPath.Parse($"akka.tcp://s@{host}:1/{path}#1"));

    private sealed class Named(ActorPath path) : MinimalActorRef
    {
        public override ActorPath Path => path;

        public override IActorRefProvider Provider => throw new NotSupportedException();
    }
}

using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;

namespace AkkaStream.Tests.Akka.Cluster.Sharding;

/// <summary>The coordinator of shards by itself: placing, moving, losing regions, and taking over.</summary>
public sealed class CoordinatorTests : ICoordinatorOutlet
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly List<(IActorRef To, CoordinatorMessage Message)> _sent = [];
    private readonly List<(string Shard, IActorRef? Requester)> _asked = [];
    private readonly HashSet<string> _recorded = [];
    private bool _isToRecord;
    private readonly ShardCoordinatorCore _core;
    private readonly IActorRef _a = Ref("a"), _b = Ref("b"), _proxy = Ref("p"), _self = Ref("self");

    public CoordinatorTests() => _core = new ShardCoordinatorCore(this, 10 * Second, Second);

    [Fact]
    public void A_shard_is_placed_by_the_strategy_and_those_who_asked_are_told_when_it_has_started()
    {
        Begin();
        _core.Ask(_proxy, "s", TimeSpan.Zero);
        _core.Ask(_a, "s", TimeSpan.Zero);
        Assert.Equal([("s", _proxy)], _asked);
        _core.Allocate("s", _b, TimeSpan.Zero);
        Sent((_b, new HostShard("s")));
        _core.Started(_a, "s");
        Assert.Empty(Taken());
        _core.Started(_b, "s");
        Sent((_proxy, new ShardHome("s", _b)), (_a, new ShardHome("s", _b)));
        _core.Ask(_a, "s", TimeSpan.Zero);
        Sent((_a, new ShardHome("s", _b)));
        Assert.Equal(["s"], _core.Allocations[_b]);
    }

    [Fact]
    public void What_was_lost_on_the_way_is_said_again()
    {
        Begin();
        _core.Ask(_a, "s", TimeSpan.Zero);
        _core.Allocate("s", _b, TimeSpan.Zero);
        Taken();
        _core.Tick(Second / 2);
        Assert.Empty(Taken());
        _core.Tick(Second);
        Sent((_b, new HostShard("s")));
    }

    [Fact]
    public void A_strategy_that_fails_or_names_a_stranger_is_asked_again()
    {
        Begin();
        _core.Ask(_a, "s", TimeSpan.Zero);
        _core.Allocate("s", Ref("stranger"), TimeSpan.Zero);
        _core.Allocate("s", null, TimeSpan.Zero);
        Assert.Empty(Taken());
        _core.Tick(Second);
        Assert.Equal(2, _asked.Count);
    }

    [Fact]
    public void A_move_holds_messages_back_everywhere_before_the_shard_is_stopped()
    {
        Placed();
        _core.Move(["s"], TimeSpan.Zero);
        Assert.Equal([_a, _b, _proxy], Taken().Select(sent => sent.To).OrderBy(to => to.Path.Name));
        Assert.Equal(["s"], _core.Moving);
        _core.Ask(_proxy, "s", TimeSpan.Zero);
        _core.HeldBack(_a, "s");
        _core.HeldBack(_proxy, "s");
        Assert.Empty(Taken());
        _core.HeldBack(_b, "s");
        Sent((_a, new HandOff("s")));
        _core.Stopped(_b, "s", TimeSpan.Zero);
        Assert.NotNull(_core.HomeOf("s"));
        _core.Stopped(_a, "s", TimeSpan.Zero);
        Assert.Null(_core.HomeOf("s"));
        Assert.Equal(("s", _proxy), _asked[^1]);
    }

    [Fact]
    public void The_second_answer_to_an_order_said_twice_does_not_end_what_began_since()
    {
        Placed();
        _core.Move(["s"], TimeSpan.Zero);
        foreach (var party in new[] { _a, _b, _proxy }) _core.HeldBack(party, "s");
        _core.Tick(TimeSpan.Zero);
        Assert.Equal(2, Taken().Count(sent => sent.Message is HandOff));
        _core.Ask(_b, "s", TimeSpan.Zero);
        _core.Stopped(_a, "s", TimeSpan.Zero);
        _core.Allocate("s", _a, TimeSpan.Zero);
        _core.Stopped(_a, "s", TimeSpan.Zero);
        Assert.Equal(_a, _core.HomeOf("s"));
        Taken();
        _core.Ask(_a, "s", TimeSpan.Zero);
        Sent((_a, new HostShard("s")));
        _core.Started(_a, "s");
        Assert.Equal([_a, _b], Taken().Select(sent => sent.To).OrderBy(to => to.Path.Name));
        _core.Stopped(_a, "s", TimeSpan.Zero);
        Assert.Null(_core.HomeOf("s"));
    }

    [Fact]
    public void One_who_does_not_answer_holds_a_move_up_for_a_time_only_and_one_that_is_gone_not_at_all()
    {
        Placed();
        _core.Move(["s"], TimeSpan.Zero);
        _core.HeldBack(_a, "s");
        _core.HeldBack(_b, "s");
        Taken();
        _core.Gone(_proxy, TimeSpan.Zero);
        Sent((_a, new HandOff("s")));

        _core.Stopped(_a, "s", TimeSpan.Zero);
        _core.Ask(_b, "s", TimeSpan.Zero);
        _core.Allocate("s", _b, TimeSpan.Zero);
        _core.Started(_b, "s");
        _core.Move(["s"], TimeSpan.Zero);
        Taken();
        _core.HeldBack(_a, "s");
        Taken();
        _core.Tick(10 * Second);
        // What the silent one still sends is too late: the region that lets the shard go is told who that is, each time.
        Assert.Equal([_b], LateIn(Taken(), _b));
        _core.Tick(11 * Second);
        Assert.Equal([_b], LateIn(Taken(), _b));
    }

    [Fact]
    public void What_a_region_had_that_is_gone_is_placed_anew()
    {
        Placed();
        _core.Ask(_b, "t", TimeSpan.Zero);
        _core.Allocate("t", _a, TimeSpan.Zero);
        _core.Gone(_a, TimeSpan.Zero);
        Assert.Null(_core.HomeOf("s"));
        Assert.Equal(("t", _b), _asked[^1]);
        Assert.Equal([_b], _core.Allocations.Keys);
    }

    [Fact]
    public void A_region_that_leaves_gets_nothing_more_and_what_it_has_moves()
    {
        Placed();
        _core.Leave(_a, TimeSpan.Zero);
        Assert.All(Taken(), sent => Assert.Equal(new BeginHandOff("s"), sent.Message));
        Assert.Equal([_b], _core.Allocations.Keys);
        foreach (var party in new[] { _a, _b, _proxy }) _core.HeldBack(party, "s");
        Sent((_a, new HandOff("s")));
    }

    [Fact]
    public void A_new_coordinator_places_nothing_before_all_have_said_what_they_have()
    {
        _core.Register(new Register(_b, false, []), _self, TimeSpan.Zero);
        _core.Ask(_b, "s", TimeSpan.Zero);
        _core.Ask(_b, "t", TimeSpan.Zero);
        Assert.Empty(_asked);
        Taken();
        _core.Register(new Register(_a, false, ["s"]), _self, TimeSpan.Zero);
        SentAmongOthers(_b, new ShardHome("s", _a));
        Assert.Empty(_asked);
        _core.Recovered(TimeSpan.Zero);
        Assert.Equal([("t", _b)], _asked);
    }

    [Fact]
    public void A_shard_is_on_record_before_it_is_placed_and_then_needs_nobody_who_asks()
    {
        Begin();
        _isToRecord = true;
        _core.Ask(_proxy, "s", TimeSpan.Zero);
        Assert.Empty(_asked);
        _recorded.Add("s");
        _core.Remember(["s"], TimeSpan.Zero);
        Assert.Equal([("s", _proxy)], _asked);
        _core.Allocate("s", _a, TimeSpan.Zero);
        _core.Started(_a, "s");

        // It moves, and its region is lost, and each time it is placed again.
        _core.Move(["s"], TimeSpan.Zero);
        foreach (var party in new[] { _a, _b, _proxy }) _core.HeldBack(party, "s");
        _core.Stopped(_a, "s", TimeSpan.Zero);
        Assert.Equal(("s", null), _asked[1]);
        _core.Allocate("s", _b, TimeSpan.Zero);
        _core.Gone(_b, TimeSpan.Zero);
        Assert.Equal(("s", null), _asked[2]);

        // The strategy fails: it is asked again.
        _core.Allocate("s", null, TimeSpan.Zero);
        _core.Tick(Second);
        Assert.Equal(("s", null), _asked[3]);
    }

    [Fact]
    public void What_is_remembered_is_placed_when_all_have_said_what_they_have()
    {
        _core.Register(new Register(_a, false, ["s"]), _self, TimeSpan.Zero);
        _core.Remember(["s", "t"], TimeSpan.Zero);
        Assert.Empty(_asked);
        _core.Recovered(TimeSpan.Zero);
        Assert.Equal([("t", null)], _asked);
    }

    [Fact]
    public void Of_two_who_claim_a_shard_the_later_one_has_to_stop_it()
    {
        Placed();
        _core.Register(new Register(_b, false, ["s"]), _self, TimeSpan.Zero);
        SentAmongOthers(_b, new HandOff("s"));
        _core.Stopped(_b, "s", TimeSpan.Zero);
        Assert.Equal(_a, _core.HomeOf("s"));
    }

    [Fact]
    public async Task The_default_strategy_fills_the_emptiest_and_evens_out()
    {
        var strategy = ShardAllocationStrategy.LeastShardAllocationStrategy(0, 1);
        var uneven = Allocations(("a", 8), ("b", 0), ("c", 1));
        Assert.Equal("b", (await strategy.AllocateShard(_a, "x", uneven)).Path.Name);
        Assert.Equal(5, (await strategy.Rebalance(uneven, ImmutableHashSet<string>.Empty)).Count);
        Assert.Empty(await strategy.Rebalance(Allocations(("a", 3), ("b", 3), ("c", 2)), ImmutableHashSet<string>.Empty));
        Assert.Single(await strategy.Rebalance(Allocations(("a", 3), ("b", 3), ("c", 1)), ImmutableHashSet<string>.Empty));
        Assert.Equal(2, (await ShardAllocationStrategy.LeastShardAllocationStrategy(2, 1).Rebalance(uneven, ImmutableHashSet<string>.Empty)).Count);
        Assert.Empty(await strategy.Rebalance(uneven, ImmutableHashSet.Create("a0")));
    }

    [Fact]
    public void The_hash_of_an_entity_is_the_same_everywhere()
    {
        var extractor = HashCodeMessageExtractor.Create(100, message => (message as string)?.Split(':')[0]);
        Assert.Equal(extractor.ShardId("orders", null), extractor.ShardId((object)"orders:x"));
        Assert.Equal(extractor.ShardId("orders"), extractor.ShardId(new ShardRegion.StartEntity("orders")));
        Assert.Equal("m", extractor.EntityMessage(new ShardingEnvelope("orders", "m")));
        Assert.Null(extractor.ShardId(5));
        Assert.True(Enumerable.Range(0, 10_000).Select(i => extractor.ShardId($"entity-{i}")).GroupBy(shard => shard).All(group => group.Count() is > 40 and < 200));
    }

    [Fact]
    public void Waiting_messages_are_bounded_in_all()
    {
        var buffers = new RegionBuffers(3);
        Assert.True(buffers.TryAdd("s", 1, _a));
        Assert.True(buffers.TryAdd("t", 2, _a));
        Assert.True(buffers.TryAdd("s", 3, _a));
        Assert.False(buffers.TryAdd("u", 4, _a));
        Assert.Equal([1, 3], buffers.Take("s").Select(waiting => waiting.Message));
        Assert.Equal(1, buffers.Count);
        Assert.True(buffers.Has("t"));
        Assert.Empty(buffers.Take("s"));
    }

    void ICoordinatorOutlet.Tell(IActorRef to, CoordinatorMessage message) => _sent.Add((to, message));

    bool ICoordinatorOutlet.Record(string shard) => !_isToRecord || _recorded.Contains(shard);

    void ICoordinatorOutlet.AskWhere(string shard, IActorRef? requester, IImmutableDictionary<IActorRef, IImmutableList<string>> allocations) => _asked.Add((shard, requester));

    void ICoordinatorOutlet.Log(string text)
    {
    }

    private static IImmutableDictionary<IActorRef, IImmutableList<string>> Allocations(params (string Name, int Shards)[] regions)
        => regions.ToImmutableDictionary(region => Ref(region.Name), region => (IImmutableList<string>)Enumerable.Range(0, region.Shards).Select(i => region.Name + i).ToImmutableList());

    private static IActorRef Ref(string name) => new Named(ActorPath.Parse($"akka://s/user/{name}#1"));

    private void Begin()
    {
        _core.Register(new Register(_a, false, []), _self, TimeSpan.Zero);
        _core.Register(new Register(_b, false, []), _self, TimeSpan.Zero);
        _core.Register(new Register(_proxy, true, []), _self, TimeSpan.Zero);
        _core.Recovered(TimeSpan.Zero);
        Taken();
    }

    private void Placed()
    {
        Begin();
        _core.Ask(_a, "s", TimeSpan.Zero);
        _core.Allocate("s", _a, TimeSpan.Zero);
        _core.Started(_a, "s");
        Taken();
    }

    private void Sent(params (IActorRef To, CoordinatorMessage Message)[] expected) => Assert.Equal(expected, Taken().ToArray());

    private static ImmutableList<IActorRef> LateIn(List<(IActorRef To, CoordinatorMessage Message)> sent, IActorRef to)
        => Assert.IsType<HandOff>(Assert.Single(sent, one => one.To.Equals(to) && one.Message is HandOff).Message).Late;

    private void SentAmongOthers(IActorRef to, CoordinatorMessage message) => Assert.Contains(Taken(), sent => sent.To.Equals(to) && sent.Message.Equals(message));

    private List<(IActorRef To, CoordinatorMessage Message)> Taken()
    {
        var taken = _sent.ToList();
        _sent.Clear();
        return taken;
    }

    private sealed class Named(ActorPath path) : MinimalActorRef
    {
        public override ActorPath Path => path;

        public override IActorRefProvider Provider => throw new NotSupportedException();
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaStream.Tests.Akka.Remote;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Akka.Cluster.Sharding;

/// <summary>Entities over whole systems in one process: found from everywhere, each in one place only, and there again when their node is gone.</summary>
public sealed class ShardingTests : RemoteFixture
{
    private readonly ConcurrentDictionary<string, int> _alive = new();
    private readonly ConcurrentBag<string> _twice = [];

    [Fact]
    public async Task Entities_are_spread_and_answer_from_every_node_and_a_node_that_leaves_hands_them_over()
    {
        var systems = await Form(3, "akka.cluster.sharding.rebalance-interval = 100ms, akka.cluster.sharding.least-shard-allocation-strategy.rebalance-relative-limit = 1.0");
        var regions = systems.Select(system => Region(system)).ToList();
        await AllAnswer(regions[0]);
        await AllAnswer(regions[2]);

        // A shard that has moved begins anew with the next message for it.
        await Eventually.Holds(async () =>
        {
            await AllAnswer(regions[0]);
            var stats = await Stats(regions[1]);
            return stats.Regions.Count == 3 && stats.Regions.Values.All(region => region.Stats.Count > 2);
        }, "all have shards");
        await AllAnswer(regions[1]);
        var state = await regions[0].Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience);
        Assert.NotEmpty(state.Shards);
        Assert.Equal(3, (await regions[0].Ask<CurrentRegions>(GetCurrentRegions.Instance, Patience)).Regions.Count);

        // Its coordinator goes with it.
        await CoordinatedShutdown.Get(systems[0]).Run(CoordinatedShutdown.ClrExitReason.Instance).WaitAsync(Patience);
        await AllAnswer(regions[1]);
        await AllAnswer(regions[2]);
        Assert.Empty(_twice);
    }

    [Fact]
    public async Task What_a_killed_node_had_is_there_again_on_others()
    {
        var systems = await Form(3);
        var regions = systems.Select(system => Region(system)).ToList();
        await AllAnswer(regions[2]);
        Network.Kill(AddressOf(systems[0]).Host!, AddressOf(systems[0]).Port!.Value);

        // In this process a killed node lives on, cut off: what it had counts no more.
        _alive.Clear();
        await Eventually.Holds(async () => await Answers(regions[2]), "all entities answer again");
        await AllAnswer(regions[1]);
    }

    [Fact]
    public async Task The_strategy_decides_where_shards_are_and_when_they_move()
    {
        var systems = await Form(2, "akka.cluster.sharding.rebalance-interval = 50ms");
        var strategy = new Chosen { Host = "n2" };
        var regions = systems.Select(system => Region(system, strategy)).ToList();
        Assert.Equal(AddressOf(systems[1]).ToString(), await regions[0].Ask<string>(new ShardingEnvelope("7", "where"), Patience));
        strategy.Host = "n1";
        await Eventually.Holds(async () => await regions[0].Ask<string>(new ShardingEnvelope("7", "where"), Patience) == AddressOf(systems[0]).ToString(), "it has moved");
        Assert.Empty(_twice);
    }

    [Fact]
    public async Task An_entity_passivates_and_comes_back_with_the_next_message()
    {
        var systems = await Form(1);
        var region = Region(systems[0]);
        var one = await region.Ask<int>(new ShardingEnvelope("1", "number"), Patience);
        region.Tell(new ShardingEnvelope("1", "passivate"));

        // What comes while it ends waits for its next incarnation.
        var answers = new List<int>();
        for (var i = 0; i < 20; i++) answers.Add(await region.Ask<int>(new ShardingEnvelope("1", "number"), Patience));
        Assert.Equal(one + 1, answers[^1]);
        Assert.Empty(_twice);
    }

    [Fact]
    public async Task A_proxy_has_no_entities_and_reaches_all()
    {
        var systems = await Form(2);
        var region = Region(systems[0]);
        var proxy = ClusterSharding.Get(systems[1]).StartProxy("kind", null, Extractor());
        await AllAnswer(proxy);
        Assert.Equal([AddressOf(systems[0])], (await Stats(region)).Regions.Keys);
        Assert.Same(proxy, ClusterSharding.Get(systems[1]).ShardRegion("kind"));
        Assert.Throws<ArgumentException>(() => ClusterSharding.Get(systems[1]).ShardRegion("other"));
    }

    private static HashCodeMessageExtractor Extractor() => HashCodeMessageExtractor.Create(20, _ => null);

    private static Task<ClusterShardingStats> Stats(IActorRef region) => region.Ask<ClusterShardingStats>(new GetClusterShardingStats(TimeSpan.FromSeconds(2)), Patience);

    private async Task<List<ActorSystem>> Form(int size, string config = "")
    {
        var systems = Enumerable.Range(1, size).Select(i => Start($"n{i}", config, provider: "cluster")).ToList();
        foreach (var system in systems) global::Akka.Cluster.Cluster.Get(system).JoinSeedNodes([AddressOf(systems[0])]);
        await Eventually.Holds(() => systems.All(system => global::Akka.Cluster.Cluster.Get(system).State.Members.Count(m => m.Status == global::Akka.Cluster.MemberStatus.Up) == size), "formed");
        return systems;
    }

    private IActorRef Region(ActorSystem system, IShardAllocationStrategy? strategy = null)
    {
        var sharding = ClusterSharding.Get(system);
        var address = AddressOf(system).ToString();
        return sharding.Start("kind", id => Props.Create(() => new Entity(id, address, _alive, _twice)), sharding.Settings, Extractor(), strategy ?? sharding.DefaultShardAllocationStrategy(sharding.Settings), PoisonPill.Instance);
    }

    private static async Task AllAnswer(IActorRef region)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => region.Ask<string>(new ShardingEnvelope(i.ToString(global::System.Globalization.CultureInfo.InvariantCulture), "where"), Patience)));
        Assert.Equal(60, answers.Length);
    }

    private static async Task<bool> Answers(IActorRef region)
    {
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 60).Select(i => region.Ask<string>(new ShardingEnvelope(i.ToString(global::System.Globalization.CultureInfo.InvariantCulture), "where"), TimeSpan.FromMilliseconds(200))));
            return true;
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    private sealed class Chosen : IShardAllocationStrategy
    {
        public volatile string Host = "";

        public Task<IActorRef> AllocateShard(IActorRef requester, string shardId, IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations)
            => currentShardAllocations.Keys.FirstOrDefault(IsChosen) is { } region ? Task.FromResult(region) : Task.FromException<IActorRef>(new InvalidOperationException("not there yet"));

        public Task<IImmutableSet<string>> Rebalance(IImmutableDictionary<IActorRef, IImmutableList<string>> currentShardAllocations, IImmutableSet<string> rebalanceInProgress)
            => Task.FromResult<IImmutableSet<string>>([.. currentShardAllocations.Where(entry => !IsChosen(entry.Key)).SelectMany(entry => entry.Value).Except(rebalanceInProgress)]);

        // The coordinator is on the first node: its own region has no host.
        private bool IsChosen(IActorRef region) => (region.Path.Address.Host ?? "n1") == Host;
    }

    private sealed class Entity : UntypedActor
    {
        private static int _incarnations;

        private readonly string _id;
        private readonly string _address;
        private readonly ConcurrentDictionary<string, int> _alive;
        private readonly int _number = Interlocked.Increment(ref _incarnations);

        public Entity(string id, string address, ConcurrentDictionary<string, int> alive, ConcurrentBag<string> twice)
        {
            (_id, _address, _alive) = (id, address, alive);
            if (alive.AddOrUpdate(id, 1, (_, count) => count + 1) > 1) twice.Add(id);
        }

        protected override void PostStop() => _alive.AddOrUpdate(_id, 0, (_, count) => Math.Max(0, count - 1));

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "where":
                    Sender.Tell(_address, Self);
                    break;
                case "number":
                    Sender.Tell(_number, Self);
                    break;
                case "passivate":
                    Context.Parent.Tell(new Passivate(PoisonPill.Instance), Self);
                    break;
            }
        }
    }
}

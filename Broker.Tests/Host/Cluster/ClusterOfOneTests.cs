using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Sharding;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Host;
using AkkaStream.Host.Cluster;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Host.Cluster;

/// <summary>A broker that is alone, as its process runs it: a cluster of one, in which each partition is a sharded entity.</summary>
public sealed class ClusterOfOneTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly MemoryDisk disk = new();
    private RunningBroker broker = null!;
    private ClusterClient client = null!;

    public Task InitializeAsync()
    {
        Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await client.DisposeAsync();
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task Each_partition_is_an_entity_of_the_region_from_its_creation_to_its_deletion_and_over_a_restart()
    {
        var admin = new AdminClient(client);
        await admin.CreateTopicsAsync([new NewTopic("first", 2)]);
        broker.Node.FormCluster();
        await Entities("first-0", "first-1");
        await admin.CreateTopicsAsync([new NewTopic("second", 1)]);
        await Entities("first-0", "first-1", "second-0");
        await admin.DeleteTopicsAsync(["first"]);
        await Entities("second-0");

        await DisposeAsync();
        Start();
        broker.Node.FormCluster();
        await Entities("second-0");
        Assert.True(global::Akka.Cluster.Cluster.Get(broker.System).IsUp);
        Assert.Single(global::Akka.Cluster.Cluster.Get(broker.System).State.Members);
    }

    [Fact]
    public async Task A_broker_in_a_system_without_a_cluster_forms_none()
    {
        await using var plain = RunningBroker.Start(Config(), new MemoryDisk(), withDoor: false);
        plain.Node.FormCluster();
        Assert.False(plain.HasCluster);
        Assert.True(broker.HasCluster);
        Assert.False(broker.IsMember);
    }

    private static BrokerConfig Config() => BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = "/data", ["listeners"] = "PLAINTEXT://127.0.0.1:0" });

    private void Start()
    {
        var setup = BootstrapSetup.Create().WithConfig(ClusterSystem.Hocon(null) + "\nakka.stdout-loglevel = OFF\nakka.loggers = []");
        broker = RunningBroker.Start(Config(), disk, withDoor: false, setup: ActorSystemSetup.Create(setup));
        client = new ClusterClient(broker.Connect());
    }

    private Task Entities(params string[] expected) => Eventually.Holds(
        async () =>
        {
            var state = await ClusterSharding.Get(broker.System).ShardRegion(PartitionShards.TypeName).Ask<CurrentShardRegionState>(GetShardRegionState.Instance, Patience);
            return state.Shards.SelectMany(shard => shard.EntityIds).Order(StringComparer.Ordinal).SequenceEqual(expected);
        },
        $"the entities are {string.Join(", ", expected)}");
}

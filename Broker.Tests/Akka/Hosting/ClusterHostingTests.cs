using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Akka.Remote.Transport;
using AkkaStream.Lighthouse;
using AkkaStream.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaStream.Tests.Akka.Hosting;

/// <summary>Cluster nodes in hosts, and the seed node's options.</summary>
public sealed class ClusterHostingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_host_with_a_cluster_a_singleton_and_entities_starts_and_leaves_when_it_stops()
    {
        var network = new MemoryNetwork();
        using var host = Host(akka => akka
            .WithRemoting("a", 1)
            .AddSetup(new NetworkSetup(_ => network.Node()))
            .WithClustering(new ClusterOptions { SeedNodes = ["akka.tcp://hosted@a:1"], Roles = ["entity"], SplitBrainResolver = new StaticQuorumOption { QuorumSize = 1 } })
            .WithSingleton<SingletonKey>("one", Props.Create(() => new Echo()), new ClusterSingletonOptions { Role = "entity" })
            .WithShardRegion<EntityKey>("kind", _ => Props.Create(() => new Echo()), HashCodeMessageExtractor.Create(10, _ => null), new ShardOptions { Role = "entity" }));
        await host.StartAsync();
        var registry = host.Services.GetRequiredService<IReadOnlyActorRegistry>();
        Assert.Equal("x", await registry.Get<SingletonKey>().Ask<string>("x", Patience));
        Assert.Equal("y", await registry.Get<EntityKey>().Ask<string>(new ShardingEnvelope("1", "y"), Patience));
        var cluster = global::Akka.Cluster.Cluster.Get(host.Services.GetRequiredService<ActorSystem>());
        Assert.Equal(["entity"], cluster.SelfRoles);
        Assert.Equal(MemberStatus.Up, cluster.SelfMember.Status);
        var removed = new TaskCompletionSource();
        cluster.RegisterOnMemberRemoved(removed.SetResult);
        await host.StopAsync().WaitAsync(Patience);
        await removed.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_lighthouse_is_a_member_by_itself_and_others_join_by_it()
    {
        var network = new MemoryNetwork();
        var options = LighthouseOptions.FromEnvironment(Environment("CLUSTER_IP=light", "CLUSTER_PORT=4000", "ACTORSYSTEM=hosted"));
        using var lighthouse = Host(akka => options.Apply(akka.AddSetup(new NetworkSetup(_ => new Renamed(network, "light")))));
        await lighthouse.StartAsync();
        var seen = global::Akka.Cluster.Cluster.Get(lighthouse.Services.GetRequiredService<ActorSystem>());
        await Eventually.Holds(() => seen.IsUp, "the lighthouse is up");
        using var other = Host(akka => akka.WithRemoting("b", 1).AddSetup(new NetworkSetup(_ => network.Node())).WithClustering(new ClusterOptions { SeedNodes = [.. options.Seeds] }));
        await other.StartAsync();
        await Eventually.Holds(() => seen.State.Members.Count(member => member.Status == MemberStatus.Up) == 2, "both are members");
        await lighthouse.StopAsync().WaitAsync(Patience);
        await other.StopAsync().WaitAsync(Patience);
    }

    [Fact]
    public void The_environment_says_where_a_lighthouse_is_and_what_makes_no_sense_is_refused()
    {
        var options = LighthouseOptions.FromEnvironment(Environment("CLUSTER_IP=h", "CLUSTER_PORT=5000", "CLUSTER_SEEDS=akka.tcp://lighthouse@x:1, akka.tcp://lighthouse@y:2"));
        Assert.Equal(("lighthouse", "h", 5000), (options.SystemName, options.Host, options.Port));
        Assert.Equal(["akka.tcp://lighthouse@x:1", "akka.tcp://lighthouse@y:2"], options.Seeds);
        Assert.Equal([$"akka.tcp://lighthouse@h:4053"], LighthouseOptions.FromEnvironment(Environment("CLUSTER_IP=h")).Seeds);
        foreach (var wrong in new[] { "CLUSTER_PORT=x", "CLUSTER_PORT=70000", "PETABRIDGE_CMD_PORT=0", "CLUSTER_SEEDS=nonsense", "CLUSTER_SEEDS=akka.tcp://other@x:1" })
        {
            Assert.Contains(wrong[..wrong.IndexOf('=', StringComparison.Ordinal)], Assert.Throws<FormatException>(() => LighthouseOptions.FromEnvironment(Environment(wrong))).Message, StringComparison.Ordinal);
        }
    }

    private static Func<string, string?> Environment(params string[] variables)
        => name => variables.FirstOrDefault(variable => variable.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    private static IHost Host(Action<AkkaConfigurationBuilder> configure)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka("hosted", akka =>
        {
            akka.AddHocon("akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [], remote.flush-wait-on-shutdown = 100ms }", HoconAddMode.Append);
            configure(akka);
        });
        return builder.Build();
    }

    private sealed class SingletonKey;

    private sealed class EntityKey;

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    /// <summary>A node that listens on all of a machine's addresses is known on this network by its name.</summary>
    private sealed class Renamed(MemoryNetwork network, string host) : INetworkTransport
    {
        private readonly INetworkTransport _node = network.Node();

        public Task<int> Listen(string _, int port, Func<IConnectionHandler?> accept) => _node.Listen(host, port, accept);

        public void Connect(string to, int port, Lane lane, IConnectionHandler handler) => _node.Connect(to, port, lane, handler);

        public Task Shutdown(TimeSpan linger) => _node.Shutdown(linger);
    }
}

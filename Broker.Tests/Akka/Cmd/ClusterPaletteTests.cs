using System.Text.Json;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Akka.Remote.Transport;
using AkkaStream.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pbm;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Cluster.Sharding;
using Petabridge.Cmd.Host;

namespace AkkaStream.Tests.Akka.Cmd;

/// <summary>The palettes cluster and cluster-sharding on three nodes.</summary>
public sealed class ClusterPaletteTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MemoryNetwork network = new();
    private readonly List<IHost> nodes = [];
    private int port;

    public async Task InitializeAsync()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            var node = Node(name);
            nodes.Add(node);
            await node.StartAsync();
        }

        port = await PetabridgeCmd.Get(nodes[0].Services.GetRequiredService<ActorSystem>()).Bound.WaitAsync(Patience);
        await Eventually.Holds(async () => await Members() is { Count: 3 } all && all.All(m => m.GetProperty("status").GetString() == "Up" && m.GetProperty("reachable").GetBoolean()), "three members that can be reached");
    }

    public async Task DisposeAsync()
    {
        await Task.WhenAll(nodes.Select(n => n.StopAsync())).WaitAsync(Patience);
        foreach (var node in nodes) node.Dispose();
    }

    [Fact]
    public async Task Members_are_shown_and_led_away()
    {
        var (code, output, _) = await Run("cluster", "show");
        Assert.Equal(0, code);
        var words = string.Join(' ', output.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("ADDRESS STATUS REACHABLE ROLES VERSION", words);
        Assert.Contains("\nakka.tcp://hosted@b:1 Up yes entity ", words);
        Assert.EndsWith("3 members, 0 of them unreachable\n", output);
        Assert.Contains("status     Up\n", (await Run("cluster", "status")).Output);
        Assert.Equal(3, JsonDocument.Parse((await Run("cluster", "status", "--output", "json")).Output).RootElement.GetProperty("members").GetInt32());
        Assert.Equal((0, "every member can be reached\n", ""), await Run("cluster", "down-unreachable"));

        Assert.Equal((1, "", "this node is a member already (Up)\n"), await Run("cluster", "join", "-a", "akka.tcp://hosted@b:1"));
        Assert.Equal((1, "", "akka.tcp://hosted@x:1 is no member; cluster show tells who is\n"), await Run("cluster", "leave", "-a", "akka.tcp://hosted@x:1"));
        Assert.Equal((1, "", "'nonsense' is no node's address; expected one such as akka.tcp://hosted@a:1\n"), await Run("cluster", "down", "-a", "nonsense"));
        Assert.Equal(2, (await Run("cluster", "down")).Code);
        (code, _, var error) = await Run("cluster", "leave", "-a");
        Assert.Equal(2, code);
        Assert.StartsWith("cluster leave: -a needs an address.\n", error);

        Assert.Equal((0, "akka.tcp://hosted@c:1 was asked to leave\n", ""), await Run("cluster", "leave", "--address", "akka.tcp://hosted@c:1"));
        await Eventually.Holds(async () => (await Members()).Count == 2, "one has left");
        Assert.Equal((0, "akka.tcp://hosted@b:1 is given up\n", ""), await Run("cluster", "down", "--address", "akka.tcp://hosted@b:1"));
        await Eventually.Holds(async () => (await Members()).Count == 1, "one was given up");
    }

    [Fact]
    public async Task Regions_shards_and_entities_are_shown()
    {
        var region = nodes[0].Services.GetRequiredService<IReadOnlyActorRegistry>().Get<EntityKey>();
        for (var i = 0; i < 20; i++) Assert.Equal("x", await region.Ask<string>(new ShardingEnvelope($"e{i}", "x"), Patience));
        await Eventually.Holds(async () => (await Run("cluster-sharding", "list-regions")).Output == "TYPE  NODES\nkind  akka.tcp://hosted@a:1, akka.tcp://hosted@b:1, akka.tcp://hosted@c:1\n", "a region on each node");
        var (code, output, _) = await Run("cluster-sharding", "region-stats", "-t", "kind");
        Assert.Equal(0, code);
        Assert.EndsWith(" shards, 20 entities\n", output);
        var stats = JsonDocument.Parse((await Run("cluster-sharding", "region-stats", "-t", "kind", "--output", "json")).Output).RootElement.EnumerateArray().ToList();
        Assert.Equal(20, stats.Sum(s => s.GetProperty("entities").GetInt32()));
        var own = stats.Single(s => s.GetProperty("node").GetString() == "akka.tcp://hosted@a:1").GetProperty("entities").GetInt32();
        var shards = JsonDocument.Parse((await Run("cluster-sharding", "shards", "-t", "kind", "--output", "json")).Output).RootElement.EnumerateArray();
        Assert.Equal(own, shards.Sum(s => s.GetProperty("entities").GetArrayLength()));
        Assert.Equal((1, "", "this node has no region of 'nope'. It has: kind\n"), await Run("cluster-sharding", "shards", "-t", "nope"));
    }

    private IHost Node(string name)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka("hosted", akka =>
        {
            akka.AddHocon("akka { loglevel = OFF, stdout-loglevel = OFF, loggers = [], remote.flush-wait-on-shutdown = 100ms }", HoconAddMode.Append)
                .WithRemoting(name, 1)
                .AddSetup(new NetworkSetup(_ => network.Node()))
                .WithClustering(new ClusterOptions { SeedNodes = ["akka.tcp://hosted@a:1"], Roles = ["entity"], SplitBrainResolver = new StaticQuorumOption { QuorumSize = 1 } })
                .WithShardRegion<EntityKey>("kind", _ => Props.Create(() => new Echo()), HashCodeMessageExtractor.Create(10, _ => null), new ShardOptions { Role = "entity" });
            if (name != "a") return;
            akka.AddPetabridgeCmd(new PetabridgeCmdOptions { Port = 0 }, cmd =>
            {
                cmd.RegisterCommandPalette(ClusterCommands.Instance);
                cmd.RegisterCommandPalette(ClusterShardingCommands.Instance);
            });
        });
        return builder.Build();
    }

    private async Task<List<JsonElement>> Members()
        => [.. JsonDocument.Parse((await Run("cluster", "show", "--output", "json")).Output).RootElement.GetProperty("members").EnumerateArray()];

    private async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        var console = new FakeConsole();
        var code = await PbmProgram.Run(["--port", $"{port}", .. args], console).WaitAsync(Patience);
        return (code, console.Out.ToString()!, console.Error.ToString()!);
    }

    private sealed class EntityKey;

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }
}

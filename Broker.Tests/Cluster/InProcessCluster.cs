using Akka.Actor;
using Akka.Actor.Setup;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Transport;
using AkkaStream.Host;
using AkkaStream.Host.Cluster;
using AkkaStream.Host.Pbm;
using AkkaStream.Host.Verbs;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Cluster;

/// <summary>Three brokers of one cluster in this process, their disks in memory: for what a user sees. What has to survive a kill is tried with processes.</summary>
public sealed class InProcessCluster : IAsyncLifetime
{
    private const int Count = 3;
    private readonly int[] ports = [.. Enumerable.Range(0, Count).Select(_ => Processes.FreePort())];
    private readonly RunningBroker?[] brokers = new RunningBroker?[Count];

    /// <summary>A client of all of them.</summary>
    internal ClusterClient Client { get; private set; } = null!;

    /// <summary>Its admin calls.</summary>
    internal AdminClient Admin { get; private set; } = null!;

    /// <summary>Addresses of the brokers that run.</summary>
    internal string Bootstrap => string.Join(',', brokers.Where(b => b is not null).Select(b => $"127.0.0.1:{b!.Port}"));

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        var started = await Task.WhenAll(Enumerable.Range(1, Count).Select(Start)).WaitAsync(Eventually.Patience);
        started.CopyTo(brokers, 0);
        Client = new ClusterClient(new WireTransport(BrokerAddress.ParseList(Bootstrap)));
        Admin = new AdminClient(Client);
        await Eventually.Holds(async () => (await Admin.ListBrokersAsync()).Count(b => !b.IsFenced) == Count, "three brokers are one cluster");
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await Client.DisposeAsync();
        await Task.WhenAll(brokers.Select(b => b?.StopAsync() ?? Task.FromResult(default(AkkaStream.Client.Protocol.ErrorCode))));
    }

    /// <summary>A broker.</summary>
    internal RunningBroker Of(int id) => brokers[id - 1]!;

    /// <summary>Stops a broker in order; it does not come back.</summary>
    internal async Task Stop(int id)
    {
        await brokers[id - 1]!.StopAsync();
        brokers[id - 1] = null;
    }

    /// <summary>Makes a topic whose partitions are just there, and waits until all replicas are in sync.</summary>
    internal async Task Topic(string name, params int[][] partitions)
    {
        var made = await Admin.CreateTopicsAsync([new NewTopic(name, partitions.Length, (short)partitions[0].Length)]);
        made[0].ThrowIfFailed();
        var targets = partitions.Select((replicas, i) => KeyValuePair.Create(new TopicPartition(name, i), (IReadOnlyList<int>?)replicas)).ToDictionary();
        await Admin.ReassignAsync(targets);
        await Eventually.Holds(async () => (await Admin.DescribeTopicAsync(name)).Partitions.Select(p => p.Replicas).Zip(partitions).All(p => p.First.SequenceEqual(p.Second)), $"{name} is where it shall be");
        await Admin.ElectLeadersAsync(targets.Keys, unclean: false);
        await InSync(name);
    }

    /// <summary>Waits until all replicas of a topic are in sync and somebody leads.</summary>
    internal Task InSync(string name) => Eventually.Holds(async () => (await Admin.DescribeTopicAsync(name)).Partitions.All(p => p.Leader >= 0 && p.InSync.Count == p.Replicas.Count), $"{name} is in sync");

    /// <summary>Runs a verb against the cluster.</summary>
    internal (int Code, string Output, string Error) Run(params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = VerbProgram.Run([.. args, "-b", Bootstrap], output, error);
        return (code, output.ToString(), error.ToString());
    }

    private Task<RunningBroker> Start(int id)
    {
        var config = BrokerConfig.Create(new Dictionary<string, string>
        {
            ["node.id"] = $"{id}",
            ["broker.rack"] = $"r{id}",
            ["log.dirs"] = "/in-memory",
            ["listeners"] = "PLAINTEXT://127.0.0.1:0",
            ["controller.quorum.voters"] = string.Join(',', ports.Select((port, i) => $"{i + 1}@127.0.0.1:{port}")),
            ["petabridge.cmd.port"] = "0",
            ["offsets.topic.num.partitions"] = "1",
            ["broker.heartbeat.interval.ms"] = "200",
        });
        var setup = BootstrapSetup.Create().WithConfig(ConsoleHost.Hocon(config) + "\nakka.stdout-loglevel = OFF\nakka.loggers = []\n" + ClusterSystem.Hocon(ClusterConfig.Of(config)));
        return RunningBroker.StartAsync(config, new MemoryDisk(), setup: ActorSystemSetup.Create(setup));
    }
}

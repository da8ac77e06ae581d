using System.Diagnostics;
using System.Globalization;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Verbs;
using AkkaStream.Tests.Akka.Cmd;
using AkkaStream.Tests.Support;
using Pbm;

namespace AkkaStream.Tests.Cluster;

/// <summary>Three brokers as processes on loopback, one cluster; they go with it.</summary>
internal sealed class ReplicatedCluster : IAsyncDisposable
{
    private const int Count = 3;
    private const string Loopback = "127.0.0.1";
    private static readonly TimeSpan Forming = TimeSpan.FromSeconds(60);
    private readonly Processes processes = new();
    private readonly int[] ports = [.. Enumerable.Range(0, Count).Select(_ => Processes.FreePort())];
    private readonly int[] clusterPorts = [.. Enumerable.Range(0, Count).Select(_ => Processes.FreePort())];
    private readonly Process?[] brokers = new Process?[Count];
    private readonly WireTransport transport;

    private readonly int[] consolePorts = [.. Enumerable.Range(0, Count).Select(_ => Processes.FreePort())];
    private readonly IReadOnlyList<string> more;

    private ReplicatedCluster(Namespaces? namespaces, IReadOnlyList<string> settings)
    {
        Namespaces = namespaces;
        more = settings;
        transport = new WireTransport([.. ports.Select((port, i) => new BrokerAddress(namespaces is null ? Loopback : Namespaces.ForClients(i + 1), port))]);
        Client = new ClusterClient(transport, new ClusterOptions { RetryBackoff = TimeSpan.FromMilliseconds(20), RetryBackoffMax = TimeSpan.FromMilliseconds(100), OperationTimeout = Forming });
        Admin = new AdminClient(Client);
    }

    /// <summary>Where each runs; null where all run on loopback.</summary>
    public Namespaces? Namespaces { get; }

    /// <summary>A client of all of them.</summary>
    public ClusterClient Client { get; }

    /// <summary>Its admin calls.</summary>
    public AdminClient Admin { get; }

    /// <summary>All of them, for clients of their own.</summary>
    public string BootstrapServers => string.Join(',', transport.Bootstrap);

    /// <summary>Starts three brokers and waits until each sees all.</summary>
    /// <param name="namespaces">Where each runs; they go with the cluster.</param>
    /// <param name="settings">Configuration of all of them beside what is given, as key=value.</param>
    /// <param name="before">What is to be done before they start.</param>
    public static async Task<ReplicatedCluster> Start(Namespaces? namespaces = null, IReadOnlyList<string>? settings = null, Action<ReplicatedCluster>? before = null)
    {
        var cluster = new ReplicatedCluster(namespaces, settings ?? []);
        before?.Invoke(cluster);
        for (var id = 1; id <= Count; id++) cluster.Start(id);
        await Eventually.Holds(async () => await cluster.Alive() == Count, "three brokers are one cluster", Forming);
        return cluster;
    }

    /// <summary>Starts a broker, on the folder that it had.</summary>
    public void Start(int id)
    {
        var process = Begin(id, FolderOf(id));
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
        brokers[id - 1] = process;
    }

    /// <summary>Starts a broker on another folder than its own, and waits until it ends.</summary>
    /// <returns>Its exit code, and what it said.</returns>
    public async Task<(int Code, string Said)> StartOn(int id, string folder)
    {
        var process = Begin(id, folder);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(Eventually.Patience);
        return (process.ExitCode, await output + await error);
    }

    private Process Begin(int id, string folder)
    {
        var voters = string.Join(',', Enumerable.Range(1, Count).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i}@{(Namespaces is null ? Loopback : Namespaces.ForBrokers(i))}:{clusterPorts[i - 1]}")));
        string[] settings =
        [
            $"node.id={id}", $"listeners=PLAINTEXT://{(Namespaces is null ? Loopback : Namespaces.ForClients(id))}:{ports[id - 1]}", $"log.dirs={folder}", $"controller.quorum.voters={voters}",
            $"petabridge.cmd.port={consolePorts[id - 1]}", "min.insync.replicas=2", "offsets.topic.replication.factor=3", "offsets.topic.num.partitions=3", "log.level=information", .. more,
        ];
        return processes.Host(Namespaces?.Inside(id) ?? [], ["broker", .. settings.SelectMany(s => new[] { "--override", s })]);
    }

    /// <summary>Runs a verb against a broker.</summary>
    public (int Code, string Said) Run(int id, params string[] args)
    {
        var said = new StringWriter { NewLine = "\n" };
        return (VerbProgram.Run([.. args, "-b", string.Create(CultureInfo.InvariantCulture, $"{Loopback}:{ports[id - 1]}")], said, said), said.ToString());
    }

    /// <summary>Runs a command of <c>pbm</c> on a broker.</summary>
    public async Task<string> Console(int id, params string[] args)
    {
        var console = new FakeConsole();
        await PbmProgram.Run(["--port", string.Create(CultureInfo.InvariantCulture, $"{consolePorts[id - 1]}"), .. args], console).WaitAsync(Eventually.Patience);
        return console.Out.ToString() + console.Error;
    }

    /// <summary>The process of a broker.</summary>
    public Process Of(int id) => brokers[id - 1]!;

    /// <summary>Ends a broker as a power cut does, as far as the process goes.</summary>
    public async Task Kill(int id)
    {
        Of(id).Kill();
        await Of(id).WaitForExitAsync();
    }

    /// <summary>Gives a broker that does not run an empty disk.</summary>
    public void Empty(int id) => Directory.Delete(FolderOf(id), recursive: true);

    /// <summary>Who leads a topic's first partition, once somebody does.</summary>
    public async Task<int> Leader(string topic)
    {
        var leader = -1;
        await Eventually.Holds(async () => (leader = await Partitions(topic) is [var first, ..] ? first.Leader : -1) >= 0, $"{topic} is led", Forming);
        return leader;
    }

    /// <summary>The broker on which the controller runs.</summary>
    public async Task<int> Controller()
    {
        var controller = -1;
        var question = new DescribeQuorumRequest { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new() { PartitionIndex = 0 }] }] };
        await Eventually.Holds(async () => (controller = (await Client.SendAsync<DescribeQuorumResponse>(question)).Topics is [{ Partitions: [var one] }] ? one.LeaderId : -1) >= 0, "there is a controller", Forming);
        return controller;
    }

    /// <summary>How many brokers the cluster counts; 0 where nobody answers.</summary>
    public async ValueTask<int> Alive()
    {
        try
        {
            return (await Admin.DescribeClusterAsync()).Brokers.Count;
        }
        catch (Exception e) when (e is BrokerException or TransportException)
        {
            return 0;
        }
    }

    /// <summary>The partitions of a topic as the cluster tells them now.</summary>
    public async ValueTask<IReadOnlyList<PartitionMetadata>> Partitions(string topic)
    {
        try
        {
            return (await Admin.DescribeTopicAsync(topic)).Partitions;
        }
        catch (Exception e) when (e is BrokerException or TransportException)
        {
            return [];
        }
    }

    /// <summary>Waits until every replica of a topic is in sync.</summary>
    public Task InSync(string topic)
        => Eventually.Holds(async () => await Partitions(topic) is { Count: > 0 } all && all.All(p => p.Leader >= 0 && p.InSync.Count == p.Replicas.Count), $"all replicas of {topic} are in sync", Forming);

    /// <summary>A broker's log directory.</summary>
    public string FolderOf(int id) => Path.Combine(processes.Folder, $"broker{id}");

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await transport.DisposeAsync();
        processes.Dispose();
        Namespaces?.Dispose();
    }
}

using System.Text;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Host.Simulation;
using SimulatedWorld = Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Simulation;

/// <summary>Three whole brokers on one thread and virtual time, and a client of theirs: for tests that say what happens, where scenarios leave it to dice.</summary>
internal sealed class SimulatedCluster
{
    public const string Topic = "t";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private SimulatedCluster(SimulatedWorld world, IReadOnlyList<SimulatedBroker> brokers)
    {
        World = world;
        Brokers = brokers;
        var client = world.AddNode("client");
        Client = new ClusterClient(new SimulatedTransport(client, [.. brokers.Select(b => b.Address)]), new ClusterOptions { Time = client.Time, OperationTimeout = Patience });
        Admin = new AdminClient(Client);
    }

    public SimulatedWorld World { get; }

    public IReadOnlyList<SimulatedBroker> Brokers { get; }

    public ClusterClient Client { get; }

    public AdminClient Admin { get; }

    /// <summary>The newest metadata that a running broker has.</summary>
    public MetadataImage Image => Brokers.Where(b => b.Node.IsUp && b.Broker is not null).Select(b => b.Broker!.Services.Metadata.Image).MaxBy(i => i.Offset) ?? MetadataImage.Empty;

    /// <summary>Runs a cluster in which no machine loses its power, without any fault of the dice's.</summary>
    public static void Run(Func<SimulatedCluster, Task> body, IReadOnlyDictionary<string, string>? settings = null, Func<int, IDisk, IDisk>? sees = null)
        => SimulatedWorld.Run(1, async world =>
        {
            var all = new Dictionary<string, string>(settings ?? new Dictionary<string, string>()) { ["auto.create.topics.enable"] = "false" };
            all.TryAdd("min.insync.replicas", "2");
            var cluster = new SimulatedCluster(world, SimulatedBroker.AddCluster(world, 3, all, losesUnflushed: false, sees));
            await using (cluster.Client)
            {
                await world.Until(() => cluster.Image.Brokers.Values.Count(b => !b.IsFenced) == 3, "three brokers are one cluster", Patience);
                await body(cluster);
            }
        });

    public SimulatedBroker Broker(int id) => Brokers[id - 1];

    public PartitionImage? Partition(int index = 0, string topic = Topic) => Image.Topics.TryGetValue(topic, out var found) ? found.Partitions[index] : null;

    public PartitionHandle? Replica(int broker, int index = 0, string topic = Topic) => Broker(broker).Broker?.Services.Partitions.Find(topic, index);

    public Task Until(Func<bool> holds, string what, TimeSpan? limit = null) => World.Until(holds, what, limit ?? Patience);

    /// <summary>Creates a topic with these replicas, and waits until all of them are in sync everywhere.</summary>
    public async Task Create(string topic, IReadOnlyDictionary<string, string>? configs, params int[][] replicas)
    {
        var request = new CreateTopicsRequest { TimeoutMs = 30_000 };
        var made = new CreateTopicsRequest.CreatableTopic { Name = topic, NumPartitions = -1, ReplicationFactor = -1 };
        for (var i = 0; i < replicas.Length; i++) made.Assignments.Add(new() { PartitionIndex = i, BrokerIds = [.. replicas[i]] });
        foreach (var (name, value) in configs ?? new Dictionary<string, string>()) made.Configs.Add(new() { Name = name, Value = value });
        request.Topics.Add(made);
        var answer = await Client.SendAsync<CreateTopicsResponse>(request);
        Assert.Equal(ErrorCode.None, answer.Topics[0].ErrorCode);
        await Until(() => Brokers.All(b => b.Broker!.Services.Metadata.Image.Topics.ContainsKey(topic)), "every broker knows the topic");
    }

    /// <summary>Sends a record with acks=all to a partition; gives how long the answer took.</summary>
    public async Task<TimeSpan> Send(string value, int partition = 0, string topic = Topic)
    {
        var begin = World.Now;
        var options = new ProducerOptions { Dice = World.NewRandom(), RequestTimeout = TimeSpan.FromSeconds(5), Batching = new AccumulatorOptions { LingerMs = 0 } };
        await using var producer = new RecordProducer(Client, options);
        await producer.SendAsync(new ProducerRecord(topic, Encoding.ASCII.GetBytes(value)) { Partition = partition });
        return World.Now - begin;
    }

    /// <summary>Waits until all replicas of a partition are in sync, and their logs are the same.</summary>
    public async Task Whole(int partition = 0, string topic = Topic)
    {
        await Until(() => Partition(partition, topic) is { Leader: >= 0 } p && p.InSync.Count == p.Replicas.Count && !p.IsReassigning, $"{topic}-{partition} is whole");
        await Until(() => Partition(partition, topic)!.Replicas.Select(id => Replica(id, partition, topic)?.Log.View).All(v => v is not null && v.HighWatermark == v.EndOffset && v.EndOffset == Replica(Partition(partition, topic)!.Leader, partition, topic)!.Log.View.EndOffset), $"all replicas of {topic}-{partition} are the same");
    }

    /// <summary>The values that a replica holds, as far as its readers see them.</summary>
    public string Values(int broker, int partition = 0, string topic = Topic)
    {
        var log = Replica(broker, partition, topic)!.Log;
        using var read = log.Read(log.View.StartOffset, 1 << 20, ReadLimit.HighWatermark, minOneBatch: true);
        Assert.Equal(ErrorCode.None, read.Error);
        var values = new List<string>();
        var walker = new RecordBatchWalker(read.ReadBytes());
        while (walker.MoveNext())
        {
            var records = new RecordReader(walker.Header, walker.Records);
            while (!walker.Header.IsControl && records.MoveNext()) values.Add(Encoding.ASCII.GetString(records.Value));
        }

        return string.Join(' ', values);
    }
}

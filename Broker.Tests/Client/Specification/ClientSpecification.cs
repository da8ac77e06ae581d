using AkkaStream.Client;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Client.Specification;

/// <summary>What the classes of the specification share: a client of the cluster, and topics of their own.</summary>
public abstract class ClientSpecification : IAsyncLifetime
{
    /// <summary>Milliseconds that a test may take: generous, since a loaded machine is no bug.</summary>
    protected const int Patience = 60_000;

    /// <summary>A cluster that takes the place of the fixture's.</summary>
    internal static readonly AsyncLocal<SpecCluster?> Instead = new();
    private readonly SpecCluster cluster;

    protected ClientSpecification(SpecCluster cluster)
    {
        this.cluster = Instead.Value ?? cluster;
        Client = this.cluster.Connect();
    }

    /// <summary>The client under test.</summary>
    protected AkkaStreamClient Client { get; }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await Client.DisposeAsync();

    /// <summary>Another client of the same cluster, as another process would have it.</summary>
    protected AkkaStreamClient Another() => cluster.Connect();

    /// <summary>A topic that no other test has.</summary>
    protected async Task<string> TopicAsync(int partitions = 1, params (string Key, string Value)[] configs)
    {
        var name = SpecCluster.Fresh("topic");
        var made = await Client.Admin.CreateTopicsAsync([new NewTopic(name, partitions) { Configs = configs.ToDictionary(c => c.Key, c => c.Value) }]);
        made[0].ThrowIfFailed();
        return name;
    }

    /// <summary>The committed records of a topic, once there are so many: markers may be on their way when a commit returns.</summary>
    protected async Task<List<RawRecord>> CommittedAsync(string topic, int count)
    {
        var records = new List<RawRecord>();
        await Eventually.Holds(async () => (records = await ReadAsync(topic)).Count >= count, $"{count} records are committed");
        return records;
    }

    /// <summary>Every record of a topic up to its present end, by the plain reader.</summary>
    protected async Task<List<RawRecord>> ReadAsync(string topic, Isolation isolation = Isolation.ReadCommitted)
    {
        var partitions = (await Client.Admin.DescribeTopicAsync(topic)).Partitions.Select(p => new TopicPartition(topic, p.Index)).ToList();
        var ends = await Client.Admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Latest), isolation);
        await using var reader = new PartitionConsumer(Client.Cluster, new FetchOptions { Isolation = isolation });
        await reader.AssignAsync(partitions.ToDictionary(p => p, _ => OffsetSpec.Earliest));
        var records = new List<RawRecord>();
        while (partitions.Exists(p => reader.Position(p) < ends[p].Offset))
        {
            using var polled = await reader.PollAsync(TimeSpan.FromMilliseconds(100));
            foreach (var record in polled) records.Add(new RawRecord(record.Partition.Partition, record.Offset, record.Timestamp, record.Key?.ToArray(), record.Value?.ToArray(), [.. record.Headers().Select(h => (h.Key, h.Value?.ToArray()))]));
        }

        return records;
    }
}

/// <summary>A record with bytes of its own.</summary>
public sealed record RawRecord(int Partition, long Offset, long Timestamp, byte[]? Key, byte[]? Value, IReadOnlyList<(string Name, byte[]? Value)> Headers)
{
    public string? Text => Value is null ? null : System.Text.Encoding.UTF8.GetString(Value);
}

using AkkaStream.Client.Consumer.Groups;

namespace AkkaStream.Client.Consumer;

/// <summary>How a consumer reads; names and defaults are those of Kafka's consumer.</summary>
public sealed record ConsumerOptions
{
    /// <summary>group.id: whose offsets are committed, and with whom topics are shared. Null for a consumer that is told its partitions and commits nothing.</summary>
    public string? GroupId { get; init; }

    /// <summary>group.protocol: who divides the partitions of a group.</summary>
    public GroupProtocol GroupProtocol { get; init; } = GroupProtocol.Classic;

    /// <summary>group.instance.id: a name that outlives the process; with it a restart within the session timeout moves no partitions. Null for none.</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary>group.remote.assignor: how the coordinator divides, such as <c>uniform</c> or <c>range</c>; null to leave it to the broker. Only with <see cref="GroupProtocol.Consumer"/>.</summary>
    public string? GroupRemoteAssignor { get; init; }

    /// <summary>partition.assignment.strategy: the ways of dividing that this member knows, the preferred one first. Only with <see cref="GroupProtocol.Classic"/>.</summary>
    public IReadOnlyList<GroupAssignor> Assignors { get; init; } = [new RangeAssignor(), new CooperativeStickyAssignor()];

    /// <summary>session.timeout.ms: silence after which the coordinator takes the consumer for dead. With <see cref="GroupProtocol.Consumer"/> the broker says.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>heartbeat.interval.ms: how often the coordinator hears from the consumer. With <see cref="GroupProtocol.Consumer"/> the broker says.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>max.poll.interval.ms: a consumer that asks for nothing more for so long is put out of its group.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>max.poll.records: the most records of one batch of <see cref="Consumer{TKey, TValue}.ConsumeBatchesAsync"/>.</summary>
    public int MaxPollRecords { get; init; } = 500;

    /// <summary>enable.auto.commit: what was handled is committed while the consumer reads, when partitions go, and when it stops.</summary>
    public bool EnableAutoCommit { get; init; } = true;

    /// <summary>auto.commit.interval.ms: how often.</summary>
    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>auto.offset.reset: where to begin where nothing is committed.</summary>
    public AutoOffsetReset AutoOffsetReset { get; init; } = AutoOffsetReset.Latest;

    /// <summary>isolation.level.</summary>
    public Isolation IsolationLevel { get; init; } = Isolation.ReadUncommitted;

    /// <summary>allow.auto.create.topics: topics that are subscribed to and not there are made, where the broker allows it.</summary>
    public bool AllowAutoCreateTopics { get; init; } = true;

    /// <summary>fetch.min.bytes: the broker answers when so many bytes are there, or <see cref="FetchMaxWait"/> is over.</summary>
    public int FetchMinBytes { get; init; } = 1;

    /// <summary>fetch.max.wait.ms.</summary>
    public TimeSpan FetchMaxWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>fetch.max.bytes: the most that is fetched ahead from one broker.</summary>
    public int FetchMaxBytes { get; init; } = 50 << 20;

    /// <summary>max.partition.fetch.bytes: the most that is fetched ahead of one partition.</summary>
    public int MaxPartitionFetchBytes { get; init; } = 1 << 20;

    /// <summary>client.rack: the rack that the consumer runs in; replicas in it are read, and assignors prefer its partitions. Null for none.</summary>
    public string? ClientRack { get; init; }

    /// <summary>metadata.max.age.ms, as far as a group is concerned: how often members look whether there are other topics or partitions.</summary>
    public TimeSpan MetadataMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What becomes of records that cannot be deserialised.</summary>
    public BadRecords BadRecords { get; init; } = BadRecords.Throw;

    /// <summary>Dice for the id of a group's member; its own where left out.</summary>
    public Random? Dice { get; init; }

    internal FetchOptions Fetch => new()
    {
        Isolation = IsolationLevel,
        MinBytes = FetchMinBytes,
        MaxWait = FetchMaxWait,
        MaxBytes = FetchMaxBytes,
        PartitionMaxBytes = MaxPartitionFetchBytes,
        Rack = ClientRack,
    };

    internal GroupOptions Group(IReadOnlyCollection<string> topics, string? pattern) => new()
    {
        GroupId = GroupId!,
        Topics = topics,
        Pattern = pattern,
        Protocol = GroupProtocol,
        ServerAssignor = GroupRemoteAssignor,
        RackId = ClientRack,
        InstanceId = GroupInstanceId,
        SessionTimeout = SessionTimeout,
        HeartbeatInterval = HeartbeatInterval,
        MaxPollInterval = MaxPollInterval,
        Assignors = Assignors,
        AutoCommitInterval = EnableAutoCommit ? AutoCommitInterval : TimeSpan.Zero,
        Reset = AutoOffsetReset,
        TopicsInterval = MetadataMaxAge,
        Dice = Dice,
    };
}

using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Commands;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Metadata;

/// <summary>A controller without actors, disk or network: commands are decided and in force at once. Every batch of events goes through bytes, as it would on disk.</summary>
internal sealed class ControllerHarness
{
    private readonly BrokerProgress progress = new();
    private int ids;

    public ControllerHarness(params (string Key, string Value)[] config)
        => Config = BrokerConfig.Create(new Dictionary<string, string>(config.Select(c => KeyValuePair.Create(c.Key, c.Value))) { ["node.id"] = "1" });

    public BrokerConfig Config { get; }

    public MetadataImage Image { get; private set; } = MetadataImage.Empty;

    /// <summary>The events of the last command.</summary>
    public IReadOnlyList<IApiMessage> Events { get; private set; } = [];

    /// <summary>Every event so far.</summary>
    public List<IApiMessage> AllEvents { get; } = [];

    public ControllerContext Context => new(Image, Config, 1, NewId) { ClusterId = "c", Progress = progress, IsCluster = true };

    public static BrokerRegistrationRequest Registration(int id, long previousEpoch = -1, int life = 0, string? rack = null, int disk = 0) => new()
    {
        BrokerId = id,
        ClusterId = "c",
        IncarnationId = new Guid(id, (short)life, 0, new byte[8]),
        PreviousBrokerEpoch = previousEpoch,
        Rack = rack,
        Listeners = [new() { Name = "PLAINTEXT", Host = "h", Port = (ushort)(9000 + id) }, new() { Name = BrokerImage.AkkaListener, Host = "h", Port = (ushort)(4000 + id) }],
        LogDirs = [new Guid(id, (short)disk, 1, new byte[8])],
    };

    public void Run(ControllerCommand command)
    {
        var decided = command.Decide(Context);
        Events = [.. decided.Select(e => MetadataRecords.Decode(MetadataRecords.Encode(e)))];
        AllEvents.AddRange(Events);
        if (Events.Count > 0) Image = Image.With(Events, Image.Offset + Events.Count);
        command.Done(Image);
    }

    public T Ask<T>(Func<Action<T>, ControllerCommand> command)
        where T : class
    {
        T? answer = null;
        Run(command(a => answer = a));
        return answer ?? throw new InvalidOperationException("a command did not answer");
    }

    /// <summary>Brokers that are registered and take part.</summary>
    public void Start(params int[] brokers)
    {
        foreach (var id in brokers) Start(id);
    }

    public BrokerImage Start(int id, long previousEpoch = -1, int life = 0, string? rack = null, int disk = 0)
    {
        var answer = Ask<BrokerRegistrationResponse>(done => new RegisterBrokerCommand(Registration(id, previousEpoch, life, rack, disk), done));
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        Beat(id);
        return Image.Brokers[id];
    }

    public BrokerHeartbeatResponse Beat(int id, bool wantShutDown = false, bool wantFence = false, List<Guid>? cordoned = null) => Ask<BrokerHeartbeatResponse>(done => new BrokerHeartbeatCommand(new()
    {
        BrokerId = id,
        BrokerEpoch = Image.Brokers[id].Epoch,
        CurrentMetadataOffset = Image.Offset,
        WantShutDown = wantShutDown,
        WantFence = wantFence,
        CordonedLogDirs = cordoned,
    }, done));

    public void Fence(int id) => Run(new FenceBrokerCommand(id));

    /// <summary>A topic with an assignment by hand.</summary>
    public TopicImage Topic(string name, params int[][] partitions) => Topic(name, [], partitions);

    public TopicImage Topic(string name, (string Key, string Value)[] configs, params int[][] partitions)
    {
        var topic = new CreateTopicsRequest.CreatableTopic
        {
            Name = name,
            NumPartitions = -1,
            ReplicationFactor = -1,
            Assignments = [.. partitions.Select((p, i) => new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = i, BrokerIds = [.. p] })],
            Configs = [.. configs.Select(c => new CreateTopicsRequest.CreatableTopicConfig { Name = c.Key, Value = c.Value })],
        };
        Assert.Equal(ErrorCode.None, Create(topic).ErrorCode);
        return Image.Topics[name];
    }

    public CreateTopicsResponse.CreatableTopicResult Create(string name, int partitions, short factor) => Create(new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = partitions, ReplicationFactor = factor });

    public CreateTopicsResponse.CreatableTopicResult Create(CreateTopicsRequest.CreatableTopic topic)
        => Ask<CreateTopicsResponse>(done => new CreateTopicsCommand(new() { TimeoutMs = 1000, Topics = [topic] }, done)).Topics[0];

    public PartitionImage Partition(string topic, int index = 0) => Image.Topics[topic].Partitions[index];

    /// <summary>The leader of a partition asks for another in-sync set, as it would: with its epochs, and those of the brokers.</summary>
    public AlterPartitionResponse.PartitionData Alter(string topic, params int[] inSync)
    {
        var partition = Partition(topic);
        return Alter(partition.Leader, new()
        {
            PartitionIndex = 0,
            LeaderEpoch = partition.LeaderEpoch,
            PartitionEpoch = partition.PartitionEpoch,
            NewIsrWithEpochs = [.. inSync.Select(b => new AlterPartitionRequest.BrokerState { BrokerId = b, BrokerEpoch = Image.Brokers[b].Epoch })],
        }, topic);
    }

    public AlterPartitionResponse.PartitionData Alter(int leader, AlterPartitionRequest.PartitionData asked, string topic)
    {
        var request = new AlterPartitionRequest { BrokerId = leader, BrokerEpoch = Image.Brokers[leader].Epoch, Topics = [new() { TopicId = Image.Topics[topic].Id, Partitions = [asked] }] };
        var answer = Ask<AlterPartitionResponse>(done => new AlterPartitionCommand(request, done));
        Assert.Equal(ErrorCode.None, answer.ErrorCode);
        return answer.Topics[0].Partitions[0];
    }

    /// <summary>A broker cannot get at its log of a topic's first partition, or has no room for it.</summary>
    public ErrorCode Lose(int broker, string topic, bool isWhole = false)
    {
        var request = new AssignReplicasToDirsRequest
        {
            BrokerId = broker,
            BrokerEpoch = Image.Brokers[broker].Epoch,
            Directories = [new() { Id = isWhole ? OfflineReplicasCommand.NoRoom : OfflineReplicasCommand.Lost, Topics = [new() { TopicId = Image.Topics[topic].Id, Partitions = [new() { PartitionIndex = 0 }] }] }],
        };
        return Ask<AssignReplicasToDirsResponse>(done => new OfflineReplicasCommand(request, done)).Directories[0].Topics[0].Partitions[0].ErrorCode;
    }

    public ErrorCode Elect(string topic, sbyte type)
        => Ask<ElectLeadersResponse>(done => new ElectLeadersCommand(new() { ElectionType = type, TopicPartitions = [new() { Topic = topic, Partitions = [0] }] }, done)).ReplicaElectionResults[0].PartitionResult[0].ErrorCode;

    public ErrorCode Reassign(string topic, int[]? replicas, bool allowFactor = true, int partition = 0)
        => Ask<AlterPartitionReassignmentsResponse>(done => new ReassignPartitionsCommand(new()
        {
            AllowReplicationFactorChange = allowFactor,
            Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, Replicas = replicas is null ? null : [.. replicas] }] }],
        }, done)).Responses[0].Partitions[0].ErrorCode;

    public ListPartitionReassignmentsResponse Moving() => Ask<ListPartitionReassignmentsResponse>(done => new ListReassignmentsCommand(new() { Topics = null }, done));

    private Guid NewId() => new(++ids, 7, 7, new byte[8]);
}

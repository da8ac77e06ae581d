using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Groups;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Groups;

/// <summary>A group coordinator on virtual time, with a log in memory that takes everything at once.</summary>
internal sealed class GroupHarness : ICoordinatorEffects
{
    private static readonly GroupCaller Caller = new("client", "/127.0.0.1", 9);
    private readonly BrokerConfig config;
    private long inTransaction = -1;
    private int ids;

    public GroupHarness(params (string Key, string Value)[] settings)
    {
        var given = settings.ToDictionary(s => s.Key, s => s.Value);
        given.TryAdd("group.initial.rebalance.delay.ms", "0");
        given.TryAdd("group.rebalance.gather.ms", "0");
        given.TryAdd("group.consumer.assignment.interval.ms", "0");
        config = BrokerConfig.Create(given);
        Coordinator = NewCoordinator();
        Coordinator.Loaded(this);
    }

    public GroupCoordinator Coordinator { get; private set; }

    /// <summary>What was written.</summary>
    public List<CoordinatorRecord> Log { get; } = [];

    public long NowMs { get; private set; } = 1_000_000;

    public MetadataImage Image { get; set; } = MetadataImage.Empty;

    /// <summary>What comes of what is written; none of it is taken back here.</summary>
    public ErrorCode Outcome { get; set; }

    public void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue)
        => Log.Add(new CoordinatorRecord(Log.Count, NowMs, inTransaction, key.ToArray(), hasValue ? value.ToArray() : default(ReadOnlyMemory<byte>?)));

    public void WriteInTransaction(long producerId, short producerEpoch) => inTransaction = producerId;

    public void WhenCommitted(Action<ErrorCode> done) => done(Outcome);

    /// <summary>Lets time pass, stopping at each deadline.</summary>
    public void Pass(long ms)
    {
        var until = NowMs + ms;
        while (Coordinator.NextDeadlineMs <= until)
        {
            NowMs = Math.Max(NowMs, Coordinator.NextDeadlineMs);
            Coordinator.Expire(this);
        }

        NowMs = until;
    }

    /// <summary>Another coordinator reads the log.</summary>
    public void Reload()
    {
        Coordinator.Abandon(ErrorCode.NotCoordinator);
        Coordinator = NewCoordinator();
        foreach (var record in Log) Coordinator.Replay(record);
        Coordinator.Loaded(this);
    }

    /// <summary>Tells a call; gives the place where its answer appears.</summary>
    public Reply<T> Tell<T>(Func<GroupCaller, Action<T>, CoordinatorMessage> call, short version = 9)
    {
        var reply = new Reply<T>();
        Coordinator.Handle(call(Caller with { Version = version }, answer => reply.Value = answer), this);
        inTransaction = -1;
        return reply;
    }

    public Reply<JoinGroupResponse> Join(string group, string member, string? instance = null, string metadata = "m", short version = 9, int session = 10_000, int rebalance = 20_000)
    {
        var request = new JoinGroupRequest { GroupId = group, MemberId = member, GroupInstanceId = instance, ProtocolType = "consumer", SessionTimeoutMs = session, RebalanceTimeoutMs = rebalance };
        request.Protocols.Add(new() { Name = "range", Metadata = System.Text.Encoding.UTF8.GetBytes(metadata) });
        return Tell<JoinGroupResponse>((caller, answer) => new JoinCall(request, caller, answer), version);
    }

    public Reply<SyncGroupResponse> Sync(string group, string member, int generation, params (string Member, string Assignment)[] assignments)
    {
        var request = new SyncGroupRequest { GroupId = group, MemberId = member, GenerationId = generation };
        foreach (var (name, bytes) in assignments) request.Assignments.Add(new() { MemberId = name, Assignment = System.Text.Encoding.UTF8.GetBytes(bytes) });
        return Tell<SyncGroupResponse>((caller, answer) => new SyncCall(request, caller, answer));
    }

    public ErrorCode Heartbeat(string group, string member, int generation)
        => Tell<HeartbeatResponse>((caller, answer) => new HeartbeatCall(new() { GroupId = group, MemberId = member, GenerationId = generation }, caller, answer)).Value!.ErrorCode;

    public ErrorCode Leave(string group, string member)
        => Tell<LeaveGroupResponse>((caller, answer) => new LeaveCall(new() { GroupId = group, Members = [new() { MemberId = member }] }, caller, answer)).Value!.Members[0].ErrorCode;

    /// <summary>A heartbeat whose answer may be held back.</summary>
    public (HeartbeatCall Call, Reply<HeartbeatResponse> Reply) PatientHeartbeat(string group, string member, int generation)
    {
        HeartbeatCall? told = null;
        var reply = Tell<HeartbeatResponse>((caller, answer) => told = new HeartbeatCall(new() { GroupId = group, MemberId = member, GenerationId = generation }, caller, answer) { MayWait = true });
        return (told!, reply);
    }

    public ErrorCode Commit(string group, string topic, long offset, int generation = -1, string member = "", short version = 9)
    {
        var request = new OffsetCommitRequest { GroupId = group, MemberId = member, GenerationIdOrMemberEpoch = generation };
        request.Topics.Add(new() { Name = topic, Partitions = [new() { PartitionIndex = 0, CommittedOffset = offset }] });
        return Tell<OffsetCommitResponse>((caller, answer) => new CommitCall(request, caller, answer), version).Value!.Topics[0].Partitions[0].ErrorCode;
    }

    public ErrorCode CommitInTransaction(string group, string topic, long offset, long producer, bool mayHaveEnded = false)
    {
        var request = new TxnOffsetCommitRequest { GroupId = group, ProducerId = producer };
        request.Topics.Add(new() { Name = topic, Partitions = [new() { PartitionIndex = 0, CommittedOffset = offset }] });
        return Tell<TxnOffsetCommitResponse>((caller, answer) => new TxnCommitCall(request, caller, answer) { MayHaveEnded = () => mayHaveEnded }).Value!.Topics[0].Partitions[0].ErrorCode;
    }

    public (ErrorCode Error, long Offset) Fetch(string group, string topic, bool stable = false)
    {
        var request = new OffsetFetchRequest.OffsetFetchRequestGroup { GroupId = group, Topics = [new() { Name = topic, PartitionIndexes = [0] }] };
        var partition = Tell<OffsetFetchResponse.OffsetFetchResponseGroup>((caller, answer) => new FetchOffsetsCall(request, stable, caller, answer)).Value!.Topics[0].Partitions[0];
        return (partition.ErrorCode, partition.CommittedOffset);
    }

    public DescribeGroupsResponse.DescribedGroup Describe(string group)
        => Tell<DescribeGroupsResponse.DescribedGroup>((caller, answer) => new DescribeCall(group, caller, answer), 5).Value!;

    public List<string> List()
        => Tell<ListGroupsResponse>((caller, answer) => new ListCall(new ListGroupsRequest(), caller, answer)).Value!.Groups.Select(g => $"{g.GroupId} {g.GroupState}").Order(StringComparer.Ordinal).ToList();

    /// <summary>A stable group of one member; gives its id.</summary>
    public string Stable(string group, string metadata = "m")
    {
        var id = Join(group, "").Value!.MemberId;
        var joined = Join(group, id, metadata: metadata).Value!;
        Assert.Equal(ErrorCode.None, joined.ErrorCode);
        Assert.Equal(ErrorCode.None, Sync(group, id, joined.GenerationId, (id, "all")).Value!.ErrorCode);
        return id;
    }

    /// <summary>Metadata with these topics.</summary>
    public static MetadataImage Topics(params (string Name, int Partitions)[] topics)
    {
        var events = new List<IApiMessage>();
        foreach (var (name, partitions) in topics)
        {
            events.Add(new TopicRecord { Name = name, TopicId = IdOf(name) });
            for (var i = 0; i < partitions; i++) events.Add(Placement.NewPartition(IdOf(name), i, [1]));
        }

        return MetadataImage.Empty.With(events, events.Count);
    }

    /// <summary>The id that a topic of that name has there.</summary>
    public static Guid IdOf(string topic)
    {
        Span<byte> id = stackalloc byte[16];
        System.Text.Encoding.UTF8.GetBytes(topic, id);
        return new Guid(id);
    }

    private GroupCoordinator NewCoordinator()
        => new(new GroupEnvironment(() => config, () => Image, () => new Guid(++ids, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)));

    /// <summary>Where an answer appears.</summary>
    internal sealed class Reply<T>
    {
        public T? Value { get; set; }

        public bool IsWaiting => Value is null;
    }
}

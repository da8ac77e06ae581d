using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Consumer.Groups;

/// <summary>
/// One member of a group whose coordinator assigns (KIP-848): heartbeats out, assignments in.
/// <code>
/// Joining (epoch 0) --answer--> Member --assignment--> the application lets go, then takes --heartbeat: "this is what I have"--> Member
///        ^                        |  fenced, or unknown to the coordinator: everything is lost
///        +------------------------+
/// </code>
/// What others still have is not in the assignment until they have let go of it, so what is in it may be taken at once.
/// </summary>
/// <param name="options">The group and how to belong to it.</param>
/// <param name="memberId">The id, which the member chooses itself and keeps: 22 characters of a fresh uuid.</param>
public sealed class ConsumerMembership(GroupOptions options, string memberId) : IGroupMembership
{
    private const int LeaveEpoch = -1;
    private const int AwayEpoch = -2;
    private readonly Dictionary<Guid, string> names = [];
    private readonly Dictionary<string, Guid> ids = new(StringComparer.Ordinal);
    private List<TopicPartition> owned = [];
    private List<ConsumerGroupHeartbeatResponse.TopicPartitions>? target;
    private long heartbeatMs = long.MinValue;
    private long notBeforeMs;
    private long polledMs = long.MinValue;
    private int epoch;
    private bool hasCoordinator;
    private bool isAsking;
    private bool isLeaving;
    private bool saidFarewell;
    private bool isIdle;
    private bool saysAll = true;
    private bool saysOwned;
    private bool mustLearn;

    /// <inheritdoc/>
    public string MemberId => memberId;

    /// <inheritdoc/>
    public int Generation => epoch > 0 ? epoch : -1;

    /// <inheritdoc/>
    public bool IsStable => epoch > 0 && target is null && Change is null && !saysOwned && !saysAll;

    /// <inheritdoc/>
    public IReadOnlyList<TopicPartition> Owned => owned;

    /// <inheritdoc/>
    public GroupChange? Change { get; private set; }

    /// <inheritdoc/>
    public bool HasLeft { get; private set; }

    /// <inheritdoc/>
    public BrokerException? Failure { get; private set; }

    /// <inheritdoc/>
    public GroupStep Next(long nowMs)
    {
        if (isAsking || HasLeft || Failure is not null) return new GroupStep.Rest(long.MaxValue);
        if (isLeaving) return LeaveStep();
        if (isIdle) return new GroupStep.Rest(long.MaxValue);
        if (nowMs < notBeforeMs) return new GroupStep.Rest(notBeforeMs);
        if (!hasCoordinator) return Asking(new GroupStep.Find());
        if (polledMs != long.MinValue && nowMs - polledMs > options.MaxPollInterval.TotalMilliseconds) return Abandoned();
        // What was lost is let go of before the member comes again.
        if (epoch == 0 && Change is not null) return new GroupStep.Rest(long.MaxValue);
        if (epoch == 0 || saysOwned || nowMs >= heartbeatMs) return Beat();
        return mustLearn ? LearnStep() : new GroupStep.Rest(heartbeatMs);
    }

    /// <inheritdoc/>
    public void Polled(long nowMs)
    {
        polledMs = nowMs;
        isIdle = false;
    }

    /// <inheritdoc/>
    public void ChangeDone()
    {
        if (Change is not { } change) return;
        Change = null;
        if (change.IsLost) return;
        owned = [.. owned.Except(change.Revoked), .. change.Assigned];
        saysOwned = true;
        // Another assignment may have come meanwhile.
        Reconcile();
    }

    /// <inheritdoc/>
    public void Leave() => isLeaving = true;

    /// <inheritdoc/>
    public void Lost(long nowMs)
    {
        isAsking = false;
        if (isLeaving) HasLeft = true;
        hasCoordinator = false;
        Again(nowMs);
    }

    /// <inheritdoc/>
    public void Found(ErrorCode error, long nowMs)
    {
        isAsking = false;
        hasCoordinator = error == ErrorCode.None;
        if (hasCoordinator) return;
        if (error.IsRetriable()) Again(nowMs);
        else Fail(error, "FindCoordinator", null);
    }

    /// <inheritdoc/>
    public void Learned(IReadOnlyCollection<TopicMetadata> topics)
    {
        isAsking = false;
        mustLearn = false;
        foreach (var topic in topics) (names[topic.Id], ids[topic.Name]) = (topic.Name, topic.Id);
        Reconcile();
        // A topic that is unknown still may be gone: the next assignment will say so, and until then it is asked for with each heartbeat.
        mustLearn = false;
    }

    /// <inheritdoc/>
    public void Take(IApiMessage answer, long nowMs)
    {
        isAsking = false;
        if (answer is not ConsumerGroupHeartbeatResponse beat) return;
        if (saidFarewell)
        {
            HasLeft = true;
            return;
        }

        if (beat.ErrorCode != ErrorCode.None)
        {
            Refused(beat, nowMs);
            return;
        }

        // The farewell of a member that was not polled.
        if (beat.MemberEpoch < 0) return;
        epoch = beat.MemberEpoch;
        heartbeatMs = nowMs + beat.HeartbeatIntervalMs;
        if (beat.Assignment is { } assignment) target = assignment.TopicPartitions;
        mustLearn = false;
        Reconcile();
    }

    // From what it has to what the coordinator says, in one change; the part whose topics have no known names waits.
    private void Reconcile()
    {
        if (target is not { } wanted || Change is not null) return;
        mustLearn = wanted.Exists(t => !names.ContainsKey(t.TopicId));
        var now = wanted.Where(t => names.ContainsKey(t.TopicId)).SelectMany(t => t.Partitions.Select(p => new TopicPartition(names[t.TopicId], p))).ToList();
        var revoked = owned.Except(now).ToList();
        var added = now.Except(owned).ToList();
        if (!mustLearn) target = null;
        if (revoked.Count > 0 || added.Count > 0) Change = new GroupChange(revoked, added, false);
    }

    private void Refused(ConsumerGroupHeartbeatResponse answer, long nowMs)
    {
        switch (answer.ErrorCode)
        {
            case ErrorCode.UnknownMemberId or ErrorCode.FencedMemberEpoch or ErrorCode.GroupIdNotFound when epoch > 0:
                LoseAll();
                break;
            case ErrorCode.NotCoordinator or ErrorCode.CoordinatorNotAvailable:
                hasCoordinator = false;
                Again(nowMs);
                break;
            case var error when error.IsRetriable() || error is ErrorCode.UnknownMemberId or ErrorCode.FencedMemberEpoch or ErrorCode.TopicAuthorizationFailed:
                Again(nowMs);
                break;
            default:
                Fail(answer.ErrorCode, "ConsumerGroupHeartbeat", answer.ErrorMessage);
                break;
        }
    }

    // The coordinator may not have what was said, or its answer was lost: everything is said again.
    private void Again(long nowMs)
    {
        saysAll = true;
        notBeforeMs = nowMs + (long)options.RetryBackoff.TotalMilliseconds;
        heartbeatMs = long.MinValue;
    }

    // The group went on without this member: what it had may be another's.
    private void LoseAll()
    {
        epoch = 0;
        saysAll = true;
        saysOwned = false;
        mustLearn = false;
        target = null;
        // Partitions that were assigned and never taken are not lost either; those of a change that is under way count as had.
        var had = owned;
        owned = [];
        Change = had.Count == 0 ? null : new GroupChange(had, [], true);
    }

    private void Fail(ErrorCode error, string what, string? said)
    {
        LoseAll();
        Failure = new BrokerException(error, $"group {options.GroupId}: {what}", said);
    }

    private GroupStep LearnStep()
    {
        mustLearn = false;
        return Asking(new GroupStep.Learn(options.Pattern is null ? options.Topics : null));
    }

    private GroupStep Beat()
    {
        var request = new ConsumerGroupHeartbeatRequest { GroupId = options.GroupId, MemberId = memberId, MemberEpoch = epoch, InstanceId = options.InstanceId };
        if (saysAll || epoch == 0)
        {
            request.RackId = options.RackId;
            request.RebalanceTimeoutMs = (int)options.MaxPollInterval.TotalMilliseconds;
            request.SubscribedTopicNames = [.. options.Topics.Order(StringComparer.Ordinal)];
            request.SubscribedTopicRegex = options.Pattern;
            request.ServerAssignor = options.ServerAssignor;
        }

        if (saysAll || saysOwned || epoch == 0) request.TopicPartitions = [.. Identified()];
        saysAll = false;
        saysOwned = false;
        return Asking(new GroupStep.Ask(request));
    }

    // What the application is about to take counts as had: the coordinator must not give it to others before it is given back.
    private IEnumerable<ConsumerGroupHeartbeatRequest.TopicPartitionsEntry> Identified()
        => owned.Concat(Change?.Assigned ?? []).GroupBy(p => p.Topic).Select(t => new ConsumerGroupHeartbeatRequest.TopicPartitionsEntry { TopicId = ids[t.Key], Partitions = [.. t.Select(p => p.Partition)] });

    private GroupStep LeaveStep()
    {
        if (epoch == 0 || !hasCoordinator)
        {
            HasLeft = true;
            return new GroupStep.Rest(long.MaxValue);
        }

        saidFarewell = true;
        return Asking(new GroupStep.Ask(Farewell(options.InstanceId is null ? LeaveEpoch : AwayEpoch)));
    }

    // Nobody polls: others are to have the partitions.
    private GroupStep Abandoned()
    {
        isIdle = true;
        if (epoch == 0) return new GroupStep.Rest(long.MaxValue);
        LoseAll();
        return Asking(new GroupStep.Ask(Farewell(LeaveEpoch)));
    }

    private ConsumerGroupHeartbeatRequest Farewell(int how) => new() { GroupId = options.GroupId, MemberId = memberId, MemberEpoch = how, InstanceId = options.InstanceId };

    private GroupStep Asking(GroupStep step)
    {
        isAsking = true;
        return step;
    }
}

using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>
/// What a leader knows of the replicas of its partition, and what follows: the high watermark, and which in-sync set to ask the controller for. Plain: time and the log's offsets come with the calls.
/// While a change of the set is asked for, the larger of both counts: what is acknowledged is then safe whichever of them the controller has.
/// </summary>
internal sealed class ReplicaTracker
{
    private readonly int self;
    private readonly long epochStart;
    private FollowingReplica[] replicas = [];
    private IReadOnlyList<int> inSync = [];
    private InSyncProposal? proposed;
    private int partitionEpoch = int.MinValue;
    private long proposeAtMs;
    private bool isAsking;
    private FollowingReplica? candidate;

    /// <summary>A leadership that begins.</summary>
    /// <param name="self">The leader's broker.</param>
    /// <param name="image">The partition.</param>
    /// <param name="logEnd">Where the leader's log ends now: a follower has to come up to there before it can be in sync.</param>
    /// <param name="nowMs">Now.</param>
    public ReplicaTracker(int self, PartitionImage image, long logEnd, long nowMs)
    {
        this.self = self;
        epochStart = logEnd;
        LeaderEpoch = image.LeaderEpoch;
        Update(image, nowMs);
    }

    /// <summary>The leadership.</summary>
    public int LeaderEpoch { get; }

    /// <summary>The followers.</summary>
    public IReadOnlyList<FollowingReplica> Replicas => replicas;

    /// <summary>The in-sync set as the controller said it last.</summary>
    public IReadOnlyList<int> InSync => inSync;

    /// <summary>Whether another in-sync set is being asked for.</summary>
    public bool IsProposing => proposed is not null;

    /// <summary>Whether only the leader's own log counts.</summary>
    public bool IsSole => proposed is null && inSync.Count == 1;

    /// <summary>Whether as many replicas are in sync as <c>min.insync.replicas</c> asks for; no more than there are replicas.</summary>
    public bool HasMinInSync(int minInSync) => inSync.Count >= Math.Min(minInSync, replicas.Length + 1);

    /// <summary>The controller's news. What is older than what is known here changes nothing.</summary>
    public bool Update(PartitionImage image, long nowMs)
    {
        if (image.PartitionEpoch <= partitionEpoch) return false;
        partitionEpoch = image.PartitionEpoch;
        inSync = image.InSync;
        // It was taken up, or the partition changed before it: either way it is decided.
        proposed = null;
        proposeAtMs = 0;
        if (IsSame(image.Replicas)) return true;
        var now = new List<FollowingReplica>();
        foreach (var id in image.Replicas)
        {
            if (id != self) now.Add(Find(id) ?? new FollowingReplica(id, nowMs));
        }

        replicas = [.. now];
        return true;
    }

    /// <summary>A follower by its broker; null for one that has no replica.</summary>
    public FollowingReplica? Find(int id)
    {
        foreach (var replica in replicas)
        {
            if (replica.Id == id) return replica;
        }

        return null;
    }

    /// <summary>The leader appended: those that had everything begin to lag now.</summary>
    public void Appended(long endBefore, long nowMs)
    {
        foreach (var replica in replicas) replica.LeaderAppended(endBefore, nowMs);
    }

    /// <summary>Up to where every replica that counts has the log; -1 where one of them has not said yet.</summary>
    /// <param name="ownEnd">What counts of the leader's own log.</param>
    public long HighWatermark(long ownEnd)
    {
        var least = LeastOf(inSync, ownEnd);
        if (proposed is null) return least;
        foreach (var member in proposed.InSync) least = Math.Min(least, EndOf(member.BrokerId, ownEnd));
        return least;
    }

    /// <summary>The set to ask for where another is due: without those that lag too long, with those that have caught up.</summary>
    /// <param name="facts">How the log and the clock stand.</param>
    /// <param name="topicId">The topic.</param>
    /// <param name="partition">The partition's number.</param>
    public InSyncProposal? Propose(in TrackerFacts facts, Guid topicId, int partition)
    {
        if (isAsking || facts.NowMs < proposeAtMs) return null;
        proposed ??= Smaller(facts, topicId, partition) ?? Larger(facts, topicId, partition);
        isAsking = proposed is not null;
        return proposed;
    }

    /// <summary>The controller answered a proposal. True where the in-sync set, or what counts, is another one now.</summary>
    public bool Answered(InSyncProposal proposal, InSyncAnswer answer, long nowMs)
    {
        isAsking = false;
        if (proposal != proposed) return false;
        switch (answer.Error)
        {
            case ErrorCode.None when answer.PartitionEpoch > partitionEpoch:
                partitionEpoch = answer.PartitionEpoch;
                inSync = answer.InSync;
                proposed = null;
                return true;
            case ErrorCode.None:
            case ErrorCode.IneligibleReplica or ErrorCode.OperationNotAttempted:
                proposed = null;
                if (candidate is null) proposeAtMs = nowMs + Limits.ProposalRetryMs;
                else candidate.NotBeforeMs = nowMs + Limits.ProposalRetryMs;
                return true;
            case ErrorCode.FencedLeaderEpoch or ErrorCode.InvalidUpdateVersion or ErrorCode.NewLeaderElected or ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId:
                // News is on its way that says more; until then both sets count.
                proposeAtMs = long.MaxValue;
                return false;
            default:
                // It may have been done: asked again, as it was.
                proposeAtMs = nowMs + Limits.ProposalRetryMs;
                return false;
        }
    }

    /// <summary>When something may be due that no message brings: a follower that lags too long, a proposal to be made again; <see cref="long.MaxValue"/> for nothing.</summary>
    public long NextDueMs(in TrackerFacts facts)
    {
        if (isAsking || proposeAtMs == long.MaxValue) return long.MaxValue;
        if (proposed is not null || facts.NowMs < proposeAtMs) return proposeAtMs;
        var due = long.MaxValue;
        foreach (var replica in replicas)
        {
            if (inSync.Contains(replica.Id)) due = Math.Min(due, replica.LagDueMs(facts));
            else if (HasCaughtUp(replica, facts)) due = Math.Min(due, replica.NotBeforeMs);
        }

        return due;
    }

    // Alone: that a lagging one leaves must not depend on whether another may come.
    private InSyncProposal? Smaller(in TrackerFacts facts, Guid topicId, int partition)
    {
        var members = new List<InSyncReplica>(inSync.Count) { new(self, facts.BrokerEpoch) };
        foreach (var replica in replicas)
        {
            if (inSync.Contains(replica.Id) && !replica.LagsTooLong(facts)) members.Add(new InSyncReplica(replica.Id, replica.BrokerEpoch));
        }

        candidate = null;
        return members.Count < inSync.Count ? new InSyncProposal(topicId, partition, LeaderEpoch, partitionEpoch, members) : null;
    }

    // One at a time: one that may not come holds up no other.
    private InSyncProposal? Larger(in TrackerFacts facts, Guid topicId, int partition)
    {
        foreach (var replica in replicas)
        {
            if (inSync.Contains(replica.Id) || facts.NowMs < replica.NotBeforeMs || !HasCaughtUp(replica, facts)) continue;
            candidate = replica;
            var members = new List<InSyncReplica>(inSync.Count + 1) { new(self, facts.BrokerEpoch) };
            foreach (var member in replicas)
            {
                if (member == replica || inSync.Contains(member.Id)) members.Add(new InSyncReplica(member.Id, member.BrokerEpoch));
            }

            return new InSyncProposal(topicId, partition, LeaderEpoch, partitionEpoch, members);
        }

        return null;
    }

    // One that stands still where the high watermark does would come and go for ever.
    private bool HasCaughtUp(FollowingReplica replica, in TrackerFacts facts)
        => replica.IsSubscribed && replica.End >= Math.Max(facts.HighWatermark, epochStart) && !replica.LagsTooLong(facts);

    private long LeastOf(IReadOnlyList<int> members, long ownEnd)
    {
        var least = long.MaxValue;
        for (var i = 0; i < members.Count; i++) least = Math.Min(least, EndOf(members[i], ownEnd));
        return least;
    }

    private long EndOf(int id, long ownEnd) => id == self ? ownEnd : Find(id)?.End ?? -1;

    private bool IsSame(IReadOnlyList<int> ids)
    {
        if (ids.Count != replicas.Length + 1) return false;
        foreach (var id in ids)
        {
            if (id != self && Find(id) is null) return false;
        }

        return true;
    }
}

/// <summary>How log and clock of a leader stand.</summary>
/// <param name="LogEnd">Where its log ends.</param>
/// <param name="HighWatermark">Its high watermark.</param>
/// <param name="NowMs">Now.</param>
/// <param name="LagTimeMaxMs">How long a follower may lag.</param>
/// <param name="BrokerEpoch">The leader's registration.</param>
internal readonly record struct TrackerFacts(long LogEnd, long HighWatermark, long NowMs, long LagTimeMaxMs, long BrokerEpoch);

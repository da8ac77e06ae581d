using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>A replica and the life of its broker.</summary>
/// <param name="BrokerId">The broker.</param>
/// <param name="BrokerEpoch">Its registration as the leader knows it; -1 where it has not heard of it.</param>
public readonly record struct InSyncReplica(int BrokerId, long BrokerEpoch);

/// <summary>A leader asks the controller for another in-sync set.</summary>
/// <param name="TopicId">The topic.</param>
/// <param name="Partition">The partition's number.</param>
/// <param name="LeaderEpoch">The leadership.</param>
/// <param name="PartitionEpoch">The state that the change begins from.</param>
/// <param name="InSync">The new set, the leader in it.</param>
public sealed record InSyncProposal(Guid TopicId, int Partition, int LeaderEpoch, int PartitionEpoch, IReadOnlyList<InSyncReplica> InSync);

/// <summary>What the controller made of a proposal: AlterPartition's answer for one partition.</summary>
/// <param name="Error">
/// <see cref="ErrorCode.None"/>; <see cref="ErrorCode.IneligibleReplica"/> and <see cref="ErrorCode.OperationNotAttempted"/>: not done, the set is as it was;
/// <see cref="ErrorCode.FencedLeaderEpoch"/>, <see cref="ErrorCode.InvalidUpdateVersion"/>, <see cref="ErrorCode.UnknownTopicOrPartition"/>, <see cref="ErrorCode.UnknownTopicId"/>,
/// <see cref="ErrorCode.NewLeaderElected"/>: news is on its way, which decides; anything else (not reached, timed out): it may be done, and is asked again.
/// </param>
/// <param name="InSync">With <see cref="ErrorCode.None"/>, the set now.</param>
/// <param name="PartitionEpoch">With <see cref="ErrorCode.None"/>, the partition's epoch now.</param>
public sealed record InSyncAnswer(ErrorCode Error, IReadOnlyList<int> InSync, int PartitionEpoch)
{
    /// <summary>An answer without a set.</summary>
    public static InSyncAnswer Of(ErrorCode error) => new(error, [], -1);
}

/// <summary>The way to the controller for leaders: gathers what many partitions ask into AlterPartition calls.</summary>
public interface IInSyncProposals
{
    /// <summary>Asks. Does not wait; from any thread.</summary>
    /// <param name="proposal">What is asked for.</param>
    /// <param name="done">Called once, from any thread, in any case: with a time limit of its own, so that a leader never waits for ever.</param>
    void Propose(InSyncProposal proposal, Action<InSyncAnswer> done);
}

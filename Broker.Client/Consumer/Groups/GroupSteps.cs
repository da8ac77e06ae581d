using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Consumer.Groups;

/// <summary>What a membership wants done next.</summary>
public abstract record GroupStep
{
    /// <summary>Ask any broker who coordinates the group.</summary>
    public sealed record Find : GroupStep;

    /// <summary>Send a request to the coordinator, and give its answer back.</summary>
    /// <param name="Request">JoinGroup, SyncGroup, Heartbeat, LeaveGroup or ConsumerGroupHeartbeat.</param>
    public sealed record Ask(IApiMessage Request) : GroupStep;

    /// <summary>Find out what topics there are: their ids and how many partitions they have.</summary>
    /// <param name="Topics">Which topics; null for all.</param>
    public sealed record Learn(IReadOnlyCollection<string>? Topics) : GroupStep;

    /// <summary>Nothing, until that time or until something is told.</summary>
    /// <param name="UntilMs">Milliseconds, of the same clock that steps are asked with.</param>
    public sealed record Rest(long UntilMs) : GroupStep;
}

/// <summary>Partitions that a member loses and gets. The application lets go of the former before anything else happens.</summary>
/// <param name="Revoked">What it has no more.</param>
/// <param name="Assigned">What it has besides.</param>
/// <param name="IsLost">The group went on without it: what is revoked may be another's already, and nothing can be committed for it.</param>
public sealed record GroupChange(IReadOnlyList<TopicPartition> Revoked, IReadOnlyList<TopicPartition> Assigned, bool IsLost);

/// <summary>
/// One member of a group as a state machine, of either protocol: answers in, requests out. It has neither clock nor socket: time comes with each call, in
/// milliseconds of any clock.
/// </summary>
public interface IGroupMembership
{
    /// <summary>The member's id; empty before there is one.</summary>
    string MemberId { get; }

    /// <summary>The generation, or the member's epoch, that commits go out with; -1 while it belongs to none.</summary>
    int Generation { get; }

    /// <summary>Whether it has its assignment and nothing is going on.</summary>
    bool IsStable { get; }

    /// <summary>What it has.</summary>
    IReadOnlyList<TopicPartition> Owned { get; }

    /// <summary>What the application is to do, then <see cref="ChangeDone"/>; null for nothing.</summary>
    GroupChange? Change { get; }

    /// <summary>Whether it has left the group for good.</summary>
    bool HasLeft { get; }

    /// <summary>Why it can never belong to the group as it is configured; null while it can.</summary>
    BrokerException? Failure { get; }

    /// <summary>What to do next. While an answer is awaited, nothing; but for the one to a Heartbeat, which may take its time, and behind which another request may go out.</summary>
    GroupStep Next(long nowMs);

    /// <summary>The application polled.</summary>
    void Polled(long nowMs);

    /// <summary>The application has let go of what was revoked and taken what was assigned.</summary>
    void ChangeDone();

    /// <summary>Leaves the group; <see cref="Next"/> says how.</summary>
    void Leave();

    /// <summary>A connection was lost, or no broker could be asked.</summary>
    void Lost(long nowMs);

    /// <summary>Who coordinates was answered.</summary>
    void Found(ErrorCode error, long nowMs);

    /// <summary>Topics were found out.</summary>
    /// <param name="topics">Those that exist.</param>
    void Learned(IReadOnlyCollection<TopicMetadata> topics);

    /// <summary>The coordinator answered.</summary>
    void Take(IApiMessage answer, long nowMs);
}

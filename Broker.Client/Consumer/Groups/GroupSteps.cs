using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Consumer.Groups;

/// <summary>What a membership wants done next.</summary>
public abstract record GroupStep
{
    /// <summary>Ask any broker who coordinates the group.</summary>
    /// <param name="Request">The question.</param>
    public sealed record Find(FindCoordinatorRequest Request) : GroupStep;

    /// <summary>Send a request to the coordinator, and give its answer back.</summary>
    /// <param name="Request">JoinGroup, SyncGroup, Heartbeat or LeaveGroup.</param>
    public sealed record Ask(IApiMessage Request) : GroupStep;

    /// <summary>Find out how many partitions topics have.</summary>
    /// <param name="Topics">The topics of all members.</param>
    public sealed record Learn(IReadOnlyCollection<string> Topics) : GroupStep;

    /// <summary>Nothing, until that time or until something is told.</summary>
    /// <param name="UntilMs">Milliseconds, of the same clock that steps are asked with.</param>
    public sealed record Rest(long UntilMs) : GroupStep;
}

/// <summary>Partitions that a member loses and gets. The application lets go of the former before anything else happens.</summary>
/// <param name="Revoked">What it has no more.</param>
/// <param name="Assigned">What it has besides.</param>
/// <param name="IsLost">The group went on without it: what is revoked may be another's already, and nothing can be committed for it.</param>
public sealed record GroupChange(IReadOnlyList<TopicPartition> Revoked, IReadOnlyList<TopicPartition> Assigned, bool IsLost);

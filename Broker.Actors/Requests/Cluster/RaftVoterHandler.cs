using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Cluster;

/// <summary>AddRaftVoter and RemoveRaftVoter, on a broker that is alone: nobody else can vote, and its own vote is all there is.</summary>
public sealed class RaftVoterHandler : IRequestHandler
{
    private const string Why = "this broker is alone: it becomes one of a cluster where controller.quorum.voters names others";

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
        => slot.Complete(slot.Request is AddRaftVoterRequest
            ? new AddRaftVoterResponse { ErrorCode = ErrorCode.UnsupportedVersion, ErrorMessage = Why }
            : new RemoveRaftVoterResponse { ErrorCode = ErrorCode.UnsupportedVersion, ErrorMessage = Why });
}

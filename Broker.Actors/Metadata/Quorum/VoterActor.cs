using Akka.Actor;
using Akka.Event;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>A voter of the controller's quorum, <c>/user/voter</c>: hands what proposers ask to <see cref="QuorumVoter"/>, and its answers back. It waits for its disk.</summary>
public sealed class VoterActor : ReceiveActor
{
    /// <summary>Its name.</summary>
    public const string Name = "voter";

    private readonly QuorumVoter voter;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private bool said;

    /// <summary>A voter over what its disk holds.</summary>
    public VoterActor(QuorumParts parts)
    {
        voter = new QuorumVoter(parts.Id, parts.Log, parts.Promises);
        Receive<QuorumMessage>(Handle);
    }

    private void Handle(QuorumMessage message)
    {
        Sender.Tell(voter.Handle(message), Self);
        if (!voter.IsBroken || said) return;
        said = true;
        log.Error("the controller's log of this voter was to lose what is committed, which must not be: it takes nothing more. Keep its directory {0} as it is for whoever looks into this.", TopicNames.ClusterMetadata);
    }
}

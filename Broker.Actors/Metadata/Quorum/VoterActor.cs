using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Controller;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>
/// A voter of the controller's quorum, <c>/user/voter</c>: hands what proposers ask to <see cref="QuorumVoter"/>, and its answers back. It waits for its disk. A snapshot of the newest image that this
/// broker has is written beside it, by an actor that lives as long as that takes.
/// </summary>
public sealed class VoterActor : ReceiveActor
{
    /// <summary>Its name.</summary>
    public const string Name = "voter";

    private readonly QuorumParts parts;
    private readonly QuorumVoter voter;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private MetadataImage image = MetadataImage.Empty;
    private bool isSaving;
    private bool said;

    /// <summary>A voter over what its disk holds.</summary>
    public VoterActor(QuorumParts parts)
    {
        this.parts = parts;
        voter = new QuorumVoter(parts.Id, parts.Log, parts.Promises, parts.SnapshotBytes);
        Receive<QuorumMessage>(Handle);
        Receive<MetadataApplied>(Applied);
        Receive<SnapshotSaved>(Saved);
    }

    /// <inheritdoc/>
    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(MetadataApplied));

    private void Handle(QuorumMessage message)
    {
        Sender.Tell(voter.Handle(message), Self);
        SaveWhereDue();
        if (!voter.IsBroken || said) return;
        said = true;
        log.Error("the controller's log of this voter was to lose what is committed, which must not be: it takes nothing more. Keep its directory {0} as it is for whoever looks into this.", TopicNames.ClusterMetadata);
    }

    private void Applied(MetadataApplied applied)
    {
        image = applied.Image;
        SaveWhereDue();
    }

    private void SaveWhereDue()
    {
        if (isSaving || voter.BeginSnapshot(image.Offset + 1) is not { } due) return;
        isSaving = true;
        Context.ActorOf(Props.Create(typeof(SnapshotActor), parts.Log, due, image, Self).WithDispatcher("akkastream.quorum-dispatcher"));
    }

    private void Saved(SnapshotSaved saved)
    {
        isSaving = false;
        if (saved.Snapshot is { } snapshot) voter.Saved(snapshot);
        else log.Warning("a snapshot of the controller's log cannot be written; it is tried again when the log has grown as much again");
    }

    /// <summary>What became of a snapshot.</summary>
    /// <param name="Snapshot">The snapshot, durable; null where the disk refused it.</param>
    private sealed record SnapshotSaved(QuorumSnapshot? Snapshot) : INoSerializationVerificationNeeded;

    /// <summary>Writes one snapshot, then ends: promises and votes do not wait for it.</summary>
    private sealed class SnapshotActor : ReceiveActor
    {
        public SnapshotActor(IQuorumLog journal, QuorumSnapshotDue due, MetadataImage image, IActorRef voter)
        {
            Receive<Write>(_ =>
            {
                QuorumSnapshot? saved = null;
                try
                {
                    saved = journal.TrySave(due.End, due.Voters, image.ToEvents());
                }
                finally
                {
                    voter.Tell(new SnapshotSaved(saved), Self);
                    Context.Stop(Self);
                }
            });
        }

        protected override void PreStart() => Self.Tell(Write.Instance, Self);

        private sealed class Write
        {
            public static readonly Write Instance = new();
        }
    }
}

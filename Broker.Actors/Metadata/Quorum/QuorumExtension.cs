using Akka.Actor;
using Akka.Configuration;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>What a node of the quorum is made of; everything that touches the world is handed in.</summary>
public sealed record QuorumParts
{
    /// <summary>The broker's id.</summary>
    public required int Id { get; init; }

    /// <summary>The voters of <c>controller.quorum.voters</c>; with this broker among them, though it may turn out to be no voter.</summary>
    public required VoterSet Configured { get; init; }

    /// <summary>The voter's log.</summary>
    public required IQuorumLog Log { get; init; }

    /// <summary>The voter's promise.</summary>
    public required IQuorumPromises Promises { get; init; }

    /// <summary>Bytes of the log after which a snapshot is taken, where the last one is not larger; <c>metadata.log.max.record.bytes.between.snapshots</c>.</summary>
    public long SnapshotBytes { get; init; } = 20 << 20;

    /// <summary>Fresh random ids, from any thread.</summary>
    public required Func<Guid> NewId { get; init; }

    /// <summary>
    /// Called once where a controller runs here and its disk has refused for about ten seconds: nothing can be decided in the cluster until the controller runs elsewhere. By default the broker leaves
    /// the cluster, by which its process ends.
    /// </summary>
    public Action? OwnDiskFails { get; init; }

    /// <summary>A number from 0 up to a bound, from any thread: retries of two nodes must not meet again and again.</summary>
    public required Func<int, int> Dice { get; init; }
}

/// <summary>A system's part in the controller's quorum, for the actors that the configuration makes: the journal finds its voter here.</summary>
public sealed class QuorumExtension : IExtension
{
    private QuorumParts? parts;
    private IActorRef? voter;
    private int epoch = -1;

    /// <summary>What this node is made of. Throws <see cref="InvalidOperationException"/> before <see cref="Start"/>.</summary>
    public QuorumParts Parts => parts ?? throw new InvalidOperationException("this node has no part in the controller's quorum");

    /// <summary>This node's voter. Throws <see cref="InvalidOperationException"/> before <see cref="Start"/>.</summary>
    public IActorRef Voter => voter ?? throw new InvalidOperationException("this node has no part in the controller's quorum");

    /// <summary>The epoch that a controller on this node has or had, or -1. From any thread.</summary>
    public int Epoch => Volatile.Read(ref epoch);

    /// <summary>What the configuration needs for it: the journal's plug-in, and threads that may wait for the disk.</summary>
    public static Config DefaultConfig() => ConfigurationFactory.ParseString("""
        akka.persistence.journal.quorum {
          class = "AkkaStream.Actors.Metadata.Quorum.QuorumJournal, AkkaStream.Actors"
          plugin-dispatcher = "akkastream.quorum-dispatcher"
        }
        akkastream.quorum-dispatcher {
          type = PinnedDispatcher
        }
        """);

    /// <summary>The extension of a system; made where it is not there yet.</summary>
    public static QuorumExtension Of(ActorSystem system) => Provider.Instance.Apply(system);

    /// <summary>Begins to vote: the voter is the actor <c>/user/voter</c>. Once in a system's life.</summary>
    public static QuorumExtension Start(ActorSystem system, QuorumParts parts)
    {
        var quorum = Of(system);
        quorum.parts = parts;
        system.Settings.InjectTopLevelFallback(DefaultConfig());
        Controller.ControllerSerializer.AddTo(system);
        quorum.voter = system.ActorOf(Props.Create(typeof(VoterActor), parts).WithDispatcher("akkastream.quorum-dispatcher"), VoterActor.Name);
        return quorum;
    }

    internal void Elected(int at) => Volatile.Write(ref epoch, at);

    private sealed class Provider : ExtensionIdProvider<QuorumExtension>
    {
        public static readonly Provider Instance = new();

        public override QuorumExtension CreateExtension(ExtendedActorSystem system) => new();
    }
}

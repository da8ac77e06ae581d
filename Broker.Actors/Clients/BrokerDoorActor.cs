using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using AkkaStream.Actors.Peers;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Actors.Sessions;

namespace AkkaStream.Actors.Clients;

/// <summary>What <see cref="BrokerDoorActor"/> is made of.</summary>
/// <param name="Handler">Who handles requests.</param>
/// <param name="Versions">What is served.</param>
/// <param name="LargestRequest">The longest request of a client that is taken, in bytes.</param>
/// <param name="Clients">Where they are counted.</param>
/// <param name="IsReady">Whether the broker serves clients.</param>
/// <param name="Peers">The door for other brokers; null for a broker that is alone.</param>
internal sealed record BrokerDoorParts(IRequestHandler Handler, AdvertisedVersions Versions, int LargestRequest, ActorClients Clients, Func<bool> IsReady, IActorRef? Peers);

/// <summary>Ends the sessions, and takes no more: each ends once its answers are sent.</summary>
/// <param name="Done">Called when none is left.</param>
internal sealed record EndSessions(Action Done) : INoSerializationVerificationNeeded;

/// <summary>
/// <c>/user/broker</c>: other brokers' calls go on to their own door, and each client that is an actor gets a session, its child. Tells sessions whose client cannot be reached any more.
/// </summary>
internal sealed class BrokerDoorActor : UntypedActor
{
    /// <summary>Its name.</summary>
    public const string Name = "broker";

    private readonly BrokerDoorParts parts;
    private readonly SessionParts shared;
    private readonly Dictionary<IActorRef, IActorRef> sessions = [];
    private readonly Dictionary<IActorRef, IActorRef> clients = [];
    private readonly List<Action> ended = [];
    private bool isEnding;

    public BrokerDoorActor(BrokerDoorParts parts)
    {
        this.parts = parts;
        var frame = Context.System.Settings.Config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size") ?? Client.Actors.Limits.PieceBytes;
        var piece = (int)Math.Clamp(frame - Client.Actors.Limits.RemoteHeadBytes, Client.Actors.Limits.SmallestPieceBytes, Client.Actors.Limits.PieceBytes);
        shared = new SessionParts(parts.Handler, parts.Versions, parts.LargestRequest, piece, parts.Clients.Memory);
    }

    /// <summary>Starts it, with the serialiser of what clients say.</summary>
    public static IActorRef Start(ActorSystem system, BrokerDoorParts parts)
    {
        SessionSerializer.AddTo(system);
        return system.ActorOf(Props.Create(typeof(BrokerDoorActor), parts), Name);
    }

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(QuarantinedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AllDeadLetters));
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IPeerMessage when parts.Peers is { } peers:
                peers.Forward(message);
                break;
            case OpenSession open:
                Open(open, Sender);
                break;
            case AllDeadLetters { Message: ISessionMessage } dead:
                if (clients.ContainsKey(dead.Sender)) dead.Sender.Tell(new ClientLost("messages cannot be brought there"), Self);
                break;
            case DisassociatedEvent lost:
                Lost(lost.RemoteAddress, "the connection broke");
                break;
            case QuarantinedEvent lost:
                Lost(lost.Address, "the client's process is gone");
                break;
            case Terminated gone:
                if (clients.Remove(gone.ActorRef, out var client)) sessions.Remove(client);
                parts.Clients.Sessions = clients.Count;
                Tell();
                break;
            case EndSessions end:
                isEnding = true;
                ended.Add(end.Done);
                foreach (var session in clients.Keys) session.Tell(Drain.Instance, Self);
                Tell();
                break;
            case AllDeadLetters: break;
            default: Unhandled(message); break;
        }
    }

    // A session that fails is of no use to its client, who would wait for answers that were lost with it.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(static _ => Directive.Stop);

    private void Open(OpenSession open, IActorRef client)
    {
        if (sessions.TryGetValue(client, out var there))
        {
            there.Forward(open);
            return;
        }

        if (Refusal(open) is { } why)
        {
            client.Tell(new SessionEnded(why), Self);
            return;
        }

        var session = Context.ActorOf(Props.Create(typeof(SessionActor), shared, client, open));
        Context.Watch(session);
        sessions.Add(client, session);
        clients.Add(session, client);
        parts.Clients.Sessions = clients.Count;
    }

    private string? Refusal(OpenSession open)
    {
        if (isEnding) return "the broker stops";
        if (!parts.IsReady()) return "the broker starts";
        if (open.LowestVersion > OpenSession.Version || open.HighestVersion < OpenSession.Version) return $"sessions of version {OpenSession.Version} are served, and not of {open.LowestVersion} to {open.HighestVersion}";
        if (open.LargestPiece < Client.Actors.Limits.SmallestPieceBytes) return $"pieces of {open.LargestPiece} bytes; the least is {Client.Actors.Limits.SmallestPieceBytes}";
        return clients.Count >= Limits.Sessions ? $"{Limits.Sessions} clients are connected" : null;
    }

    private void Lost(Address address, string reason)
    {
        foreach (var (session, client) in clients)
        {
            if (client.Path.Address.Equals(address)) session.Tell(new ClientLost(reason), Self);
        }
    }

    private void Tell()
    {
        if (!isEnding || clients.Count > 0) return;
        foreach (var done in ended) done();
        ended.Clear();
    }
}

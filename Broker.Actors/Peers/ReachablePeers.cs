using Akka.Actor;
using Akka.Cluster;
using Akka.Remote;
using AkkaStream.Actors.Metadata;

namespace AkkaStream.Actors.Peers;

/// <summary>
/// Which other brokers are out of reach, as the cluster's nodes see it: known some time before the controller has decided what becomes of what they led. Clients that ask meanwhile are told
/// that nobody leads, and ask again soon, instead of being sent to a broker that is gone. Safe from any thread.
/// </summary>
public sealed class ReachablePeers
{
    private Place[] given = [];
    private Place[] broken = [];
    private Place[] away = [];

    /// <summary>Whether a broker answers other brokers, as far as it is known. Where half of them and more are away it is this broker that is cut off, and says nothing of others.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="brokers">How many there are.</param>
    public bool IsThere(BrokerImage broker, int brokers)
    {
        var known = Volatile.Read(ref away);
        return known.Length == 0 || known.Length * 2 >= brokers || broker.AkkaHost is not { } host || !Has(known, new Place(host, broker.AkkaPort));
    }

    /// <summary>The cluster found that a node cannot be reached, or removed it; or it is there again. For one thread at a time, as the other method that changes something.</summary>
    public void Saw(Address node, bool isThere)
    {
        given = With(given, Place.Of(node), !isThere);
        SawConnection(node, isThere: true);
    }

    /// <summary>
    /// The connection to a node broke, or there is one again. A process that was killed is known by this at once, and a client that has lost it too may ask a thousandth of a second later: some look a second
    /// time only a second after that.
    /// </summary>
    public void SawConnection(Address node, bool isThere)
    {
        broken = With(broken, Place.Of(node), !isThere);
        var all = given;
        foreach (var place in broken) all = With(all, place, isIn: true);
        Volatile.Write(ref away, all);
    }

    // Arrays, and code of this assembly alone: it runs for the first time when a broker has just died, and a generic collection of structures would then be compiled first.
    private static Place[] With(Place[] places, Place place, bool isIn)
    {
        if (Has(places, place) == isIn) return places;
        if (isIn) return [.. places, place];
        var rest = new Place[places.Length - 1];
        var at = 0;
        foreach (var other in places)
        {
            if (!other.Is(place)) rest[at++] = other;
        }

        return rest;
    }

    private static bool Has(Place[] places, Place place)
    {
        foreach (var other in places)
        {
            if (other.Is(place)) return true;
        }

        return false;
    }

    private sealed class Place(string host, int port)
    {
        private string Host => host;

        private int Port => port;

        public static Place Of(Address node) => new(node.Host ?? "", node.Port ?? 0);

        public bool Is(Place other) => port == other.Port && host == other.Host;
    }
}

/// <summary>Keeps <see cref="ReachablePeers"/>: the only one that writes it.</summary>
public sealed class ReachablePeersActor : UntypedActor, IWithTimers
{
    // A connection that broke is made again in less, or the cluster has found by then that the node is gone.
    private static readonly TimeSpan BrokenFor = TimeSpan.FromSeconds(1);

    private readonly ReachablePeers peers;
    private readonly Cluster cluster = Cluster.Get(Context.System);

    /// <summary>Keeps that.</summary>
    public ReachablePeersActor(ReachablePeers peers) => this.peers = peers;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IReachabilityEvent), typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.MemberRemoved));
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociatedEvent));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        cluster.Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.UnreachableMember lost: peers.Saw(lost.Member.Address, isThere: false); break;
            case ClusterEvent.ReachableMember back: peers.Saw(back.Member.Address, isThere: true); break;
            case ClusterEvent.MemberRemoved gone when !gone.Member.UniqueAddress.Equals(cluster.SelfUniqueAddress): peers.Saw(gone.Member.Address, isThere: false); break;
            case ClusterEvent.MemberUp come: peers.Saw(come.Member.Address, isThere: true); break;
            case DisassociatedEvent broke: Broke(broke.RemoteAddress); break;
            case AssociatedEvent made: Whole(made.RemoteAddress); break;
            case LookAgain look: Whole(look.Node); break;
            default: Unhandled(message); break;
        }
    }

    private void Broke(Address node)
    {
        // Clients that are actors come and go, and are nobody's leader.
        if (!IsMember(node)) return;
        peers.SawConnection(node, isThere: false);
        Timers.StartSingleTimer(node, new LookAgain(node), BrokenFor);
    }

    private bool IsMember(Address node)
    {
        foreach (var member in cluster.State.Members)
        {
            if (member.Address.Equals(node)) return true;
        }

        return false;
    }

    private void Whole(Address node)
    {
        Timers.Cancel(node);
        peers.SawConnection(node, isThere: true);
    }

    private sealed record LookAgain(Address Node);
}

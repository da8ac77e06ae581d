using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using AkkaStream.Actors.Metadata;

namespace AkkaStream.Actors.Peers;

/// <summary>
/// Which other brokers are out of reach, as the cluster's nodes see it: known some time before the controller has decided what becomes of what they led. Clients that ask meanwhile are told
/// that nobody leads, and ask again soon, instead of being sent to a broker that is gone. Safe from any thread.
/// </summary>
public sealed class ReachablePeers
{
    private ImmutableHashSet<(string Host, int Port)> away = [];

    /// <summary>Whether a broker answers other brokers, as far as it is known. Where half of them and more are away it is this broker that is cut off, and says nothing of others.</summary>
    /// <param name="broker">The broker.</param>
    /// <param name="brokers">How many there are.</param>
    public bool IsThere(BrokerImage broker, int brokers)
    {
        var known = Volatile.Read(ref away);
        return known.IsEmpty || known.Count * 2 >= brokers || broker.AkkaHost is not { } host || !known.Contains((host, broker.AkkaPort));
    }

    /// <summary>A node cannot be reached, was removed, or is there again.</summary>
    public void Saw(Address node, bool isThere)
    {
        var place = (node.Host ?? "", node.Port ?? 0);
        Volatile.Write(ref away, isThere ? away.Remove(place) : away.Add(place));
    }
}

/// <summary>Keeps <see cref="ReachablePeers"/>: the only one that writes it.</summary>
public sealed class ReachablePeersActor : UntypedActor
{
    private readonly ReachablePeers peers;
    private readonly Cluster cluster = Cluster.Get(Context.System);

    /// <summary>Keeps that.</summary>
    public ReachablePeersActor(ReachablePeers peers) => this.peers = peers;

    /// <inheritdoc/>
    protected override void PreStart()
        => cluster.Subscribe(Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IReachabilityEvent), typeof(ClusterEvent.MemberUp), typeof(ClusterEvent.MemberRemoved));

    /// <inheritdoc/>
    protected override void PostStop() => cluster.Unsubscribe(Self);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ClusterEvent.UnreachableMember lost: peers.Saw(lost.Member.Address, isThere: false); break;
            case ClusterEvent.ReachableMember back: peers.Saw(back.Member.Address, isThere: true); break;
            case ClusterEvent.MemberRemoved gone when !gone.Member.UniqueAddress.Equals(cluster.SelfUniqueAddress): peers.Saw(gone.Member.Address, isThere: false); break;
            case ClusterEvent.MemberUp come: peers.Saw(come.Member.Address, isThere: true); break;
            default: Unhandled(message); break;
        }
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Cluster.Gossiping;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>Makes and finds a system's <see cref="Cluster"/>.</summary>
public class ClusterExtension : ExtensionIdProvider<Cluster>
{
    /// <inheritdoc/>
    public override Cluster CreateExtension(ExtendedActorSystem system) => new((ActorSystemImpl)system);
}

/// <summary>A system's membership in a cluster: joining, leaving, and what the others are up to. All members may be used by any thread.</summary>
public class Cluster : IExtension
{
    private readonly ActorSystemImpl _system;
    private readonly IActorRef _daemon;
    private readonly Lock _lock = new();
    private readonly List<Action> _onUp = [];
    private readonly List<Action> _onRemoved = [];
    private readonly Promise<Done> _up;
    private readonly Promise<Done> _exiting;
    private readonly Promise<Done> _removed;
    private readonly ConcurrentDictionary<Address, Removal> _removals = new();
    private volatile Gossip _gossip = Gossip.Empty;
    private volatile bool _terminated;
    private volatile bool _wasUp;
    private bool _wasMember;

    /// <summary>The cluster of a system. Throws <see cref="Configuration.ConfigurationException"/> where its provider is not the cluster's.</summary>
    internal Cluster(ActorSystemImpl system)
    {
        _system = system;
        (_up, _exiting, _removed) = (new Promise<Done>(system.Later), new Promise<Done>(system.Later), new Promise<Done>(system.Later));
        if (system.Provider is not ClusterActorRefProvider) throw new Configuration.ConfigurationException($"ActorSystem [{system}] needs to have 'akka.actor.provider' set to 'cluster' in the configuration");
        Settings = new ClusterSettings(system.Settings.Config);
        SelfUniqueAddress = new UniqueAddress(system.Provider.DefaultAddress, AddressUidExtension.Uid(system));
        _daemon = system.SystemActorOf(Akka.Actor.Props.CreateBy(new GuardianProducer(() => new ClusterDaemon(this))), "cluster");
        AddShutdownTasks(CoordinatedShutdown.Get(system));
    }

    /// <summary>The settings.</summary>
    public ClusterSettings Settings { get; }

    /// <summary>This node's address and incarnation.</summary>
    public UniqueAddress SelfUniqueAddress { get; }

    /// <summary>This node's address.</summary>
    public Address SelfAddress => SelfUniqueAddress.Address;

    /// <summary>This node's roles.</summary>
    public ImmutableHashSet<string> SelfRoles => Settings.Roles;

    /// <summary>The system.</summary>
    public ExtendedActorSystem System => _system;

    /// <summary>Whether this node's part in the cluster is over.</summary>
    public bool IsTerminated => _terminated;

    /// <summary>Whether this node is up.</summary>
    public bool IsUp => SelfMember.Status == MemberStatus.Up;

    /// <summary>This node as a member; with the status <see cref="MemberStatus.Removed"/> where it is none.</summary>
    public Member SelfMember
        => _gossip.Members.GetValueOrDefault(SelfUniqueAddress) ?? new Member(SelfUniqueAddress, int.MaxValue, MemberStatus.Removed, Settings.Roles, Settings.AppVersion);

    /// <summary>The cluster as this node knows it.</summary>
    public ClusterEvent.CurrentClusterState State => ClusterDiff.State(_gossip, SelfUniqueAddress);

    /// <summary>The system's dice.</summary>
    internal Func<double> Dice => _system.Dice.Fraction;

    /// <summary>The cluster of a system, made where it is not there yet.</summary>
    public static Cluster Get(ActorSystem system) => system.WithExtension<Cluster, ClusterExtension>();

    /// <summary>Joins the cluster that a node is in. A node that joins itself begins one.</summary>
    public void Join(Address address) => _daemon.Tell(new ClusterDaemon.JoinTo(address), ActorRefs.NoSender);

    /// <summary>As <see cref="Join"/>; the task ends when this node is up, or is cancelled.</summary>
    public Task JoinAsync(Address address, CancellationToken token = default)
    {
        Join(address);
        return _up.Task.WaitAsync(token);
    }

    /// <summary>Joins the cluster that one of the nodes is in; the first of them begins one where there is none.</summary>
    public void JoinSeedNodes(IEnumerable<Address> seedNodes) => _daemon.Tell(new ClusterDaemon.JoinSeedsTo([.. seedNodes]), ActorRefs.NoSender);

    /// <summary>As <see cref="JoinSeedNodes"/>; the task ends when this node is up, or is cancelled.</summary>
    public Task JoinSeedNodesAsync(IEnumerable<Address> seedNodes, CancellationToken token = default)
    {
        JoinSeedNodes(seedNodes);
        return _up.Task.WaitAsync(token);
    }

    /// <summary>Has a member leave, this node or another.</summary>
    public void Leave(Address address)
    {
        if (address.Equals(SelfAddress)) _ = LeaveAsync();
        else _daemon.Tell(new ClusterDaemon.LeaveNow(address), ActorRefs.NoSender);
    }

    /// <summary>Leaves; the task ends when this node is no member any more.</summary>
    public Task LeaveAsync() => LeaveAsync(CancellationToken.None);

    /// <summary>Leaves; the task ends when this node is no member any more, or is cancelled.</summary>
    public Task LeaveAsync(CancellationToken token)
    {
        if (_terminated || SelfMember.Status == MemberStatus.Removed) return Task.CompletedTask;
        _daemon.Tell(new ClusterDaemon.LeaveNow(SelfAddress), ActorRefs.NoSender);
        return _removed.Task.WaitAsync(token);
    }

    /// <summary>Gives a member up: it is removed without its consent.</summary>
    public void Down(Address address) => _daemon.Tell(new ClusterDaemon.DownNow(address), ActorRefs.NoSender);

    /// <summary>Subscribes to events of these classes; the present state comes first, as one <see cref="ClusterEvent.CurrentClusterState"/>.</summary>
    public void Subscribe(IActorRef subscriber, params Type[] to) => Subscribe(subscriber, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot, to);

    /// <summary>Subscribes to events of these classes. Throws <see cref="ArgumentException"/> for classes that are no cluster events.</summary>
    public void Subscribe(IActorRef subscriber, ClusterEvent.SubscriptionInitialStateMode initialStateMode, params Type[] to)
    {
        foreach (var type in to)
        {
            if (!typeof(ClusterEvent.IClusterDomainEvent).IsAssignableFrom(type)) throw new ArgumentException($"{type} is no class of cluster events", nameof(to));
        }

        _daemon.Tell(new ClusterDaemon.Subscribe(subscriber, initialStateMode, to), ActorRefs.NoSender);
    }

    /// <summary>Ends a subscriber's subscriptions.</summary>
    public void Unsubscribe(IActorRef subscriber) => _daemon.Tell(new ClusterDaemon.Unsubscribe(subscriber, null), ActorRefs.NoSender);

    /// <summary>Ends a subscriber's subscription to one class.</summary>
    public void Unsubscribe(IActorRef subscriber, Type to) => _daemon.Tell(new ClusterDaemon.Unsubscribe(subscriber, to), ActorRefs.NoSender);

    /// <summary>Sends the present state.</summary>
    public void SendCurrentClusterState(IActorRef receiver) => _daemon.Tell(new ClusterDaemon.SendState(receiver), ActorRefs.NoSender);

    /// <summary>Calls when this node is up, at once where it is.</summary>
    public void RegisterOnMemberUp(Action callback) => Register(_onUp, callback, () => _wasUp);

    /// <summary>Calls when this node is no member any more, at once where it has been one.</summary>
    public void RegisterOnMemberRemoved(Action callback) => Register(_onRemoved, callback, () => _removed.IsKept);

    /// <summary>An actor's path as others know it.</summary>
    public ActorPath RemotePathOf(IActorRef actorRef)
    {
        var path = actorRef.Path;
        return path.Address.HasGlobalScope ? path : ActorPath.Parse(path.ToSerializationFormatWithAddress(SelfAddress));
    }

    /// <summary>The state as the daemon has it now; called in its turn.</summary>
    internal void Became(Gossip gossip)
    {
        _gossip = gossip;
        if (!gossip.Members.TryGetValue(SelfUniqueAddress, out var me)) return;
        _wasMember = true;
        if (me.Status == MemberStatus.Up && !_wasUp)
        {
            _wasUp = true;
            _up.TrySetResult(Done.Instance);
            Call(_onUp);
        }

        if (me.Status is not (MemberStatus.Exiting or MemberStatus.Down) || !_exiting.TrySetResult(Done.Instance)) return;
        if (me.Status == MemberStatus.Exiting) _ = CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
    }

    /// <summary>Whether the last member with an address left in order, or its process is known to be gone: nothing of it can still be running.</summary>
    internal bool IsKnownGone(Address address) => _removals.TryGetValue(address, out var last) && last.IsGone;

    /// <summary>The members that were removed less than <paramref name="margin"/> ago and of which nobody knows that they are gone, with the time that is left of it.</summary>
    internal List<(UniqueAddress Node, TimeSpan Left)> LostWithin(TimeSpan margin)
    {
        var lost = new List<(UniqueAddress, TimeSpan)>();
        foreach (var removal in _removals.Values)
        {
            var left = removal.At + margin - _system.Scheduler.MonotonicClock;
            if (!removal.IsGone && left > TimeSpan.Zero) lost.Add((removal.Node, left));
        }

        lost.Sort((a, b) => a.Item1.CompareTo(b.Item1));
        return lost;
    }

    /// <summary>A member was removed; called before anybody is told.</summary>
    internal void MemberRemoved(UniqueAddress node, bool isGone)
    {
        if (_removals.Count > Limits.Tombstones) _removals.TryRemove(_removals.MinBy(entry => entry.Value.At).Key, out _);
        _removals[node.Address] = new Removal(node, isGone, _system.Scheduler.MonotonicClock);
    }

    /// <summary>This node's part is over.</summary>
    internal void Ended(bool down)
    {
        _terminated = true;
        _exiting.TrySetResult(Done.Instance);
        if (down && Settings.RunCoordinatedShutdownWhenDown) _ = CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
    }

    /// <summary>The daemon has stopped.</summary>
    internal void Stopped()
    {
        _terminated = true;
        _exiting.TrySetResult(Done.Instance);
        _up.TrySetCanceled(new CancellationToken(true));
        if (_removed.TrySetResult(Done.Instance) && _wasMember) Call(_onRemoved);
    }

    private void Register(List<Action> list, Action callback, Func<bool> already)
    {
        lock (_lock)
        {
            if (!already())
            {
                list.Add(callback);
                return;
            }
        }

        callback();
    }

    private void Call(List<Action> list)
    {
        Action[] all;
        lock (_lock)
        {
            all = [.. list];
            list.Clear();
        }

        foreach (var callback in all) callback();
    }

    private void AddShutdownTasks(CoordinatedShutdown shutdown)
    {
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "leave", async () =>
        {
            if (_terminated || SelfMember.Status is MemberStatus.Removed or MemberStatus.Down) return Done.Instance;
            _daemon.Tell(new ClusterDaemon.LeaveNow(SelfAddress), ActorRefs.NoSender);
            await _exiting.Task.ConfigureAwait(false);
            return Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExitingDone, "exiting-completed", async () =>
        {
            if (!_terminated && SelfMember.Status is MemberStatus.Exiting) await _daemon.Ask<Done>(new ClusterDaemon.ConfirmExitNow(), shutdown.Timeout(CoordinatedShutdown.PhaseClusterExitingDone)).ConfigureAwait(false);
            return Done.Instance;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterShutdown, "wait-shutdown", async () =>
        {
            _system.Stop(_daemon);
            await _removed.Task.ConfigureAwait(false);
            return Done.Instance;
        });
    }

    private sealed record Removal(UniqueAddress Node, bool IsGone, TimeSpan At);
}

using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using Akka.Util;

namespace Akka.Cluster.Gossiping;

/// <summary>What cluster nodes say to each other; all on the control lane.</summary>
internal abstract record ClusterMessage : IControlMessage, IDeadLetterSuppression;

/// <summary>Is there a cluster at this seed?</summary>
internal sealed record InitJoin : ClusterMessage;

/// <summary>There is.</summary>
/// <param name="Address">Who says so.</param>
/// <param name="Leader">Who leads it.</param>
/// <param name="Members">How many of its members are up and within reach; 0 where who asked is a member here, or was lately.</param>
internal sealed record InitJoinAck(Address Address, Address Leader, int Members) : ClusterMessage;

/// <summary>There is none yet.</summary>
internal sealed record InitJoinNack(Address Address) : ClusterMessage;

/// <summary>A node wants to be a member.</summary>
internal sealed record Join(UniqueAddress Node, ImmutableHashSet<string> Roles, AppVersion AppVersion) : ClusterMessage;

/// <summary>It is one.</summary>
internal sealed record Welcome(UniqueAddress From, Gossip Gossip) : ClusterMessage;

/// <summary>What a node knows, for another incarnation.</summary>
internal sealed record GossipEnvelope(UniqueAddress From, UniqueAddress To, Gossip Gossip) : ClusterMessage;

/// <summary>Which version a node knows, and who has seen it: whoever knows another answers with it.</summary>
internal sealed record GossipStatus(UniqueAddress From, VectorClock Version, ImmutableHashSet<UniqueAddress> Seen) : ClusterMessage;

/// <summary>Are you alive?</summary>
internal sealed record Heartbeat(Address From, long Number) : ClusterMessage;

/// <summary>Yes, this incarnation.</summary>
internal sealed record HeartbeatRsp(UniqueAddress From, long Number) : ClusterMessage;

/// <summary>Somebody wants a member to leave.</summary>
internal sealed record Leave(Address Address) : ClusterMessage;

/// <summary>Somebody gives a member up.</summary>
internal sealed record Down(Address Address) : ClusterMessage;

/// <summary>A member that is exiting has done all that it had to.</summary>
internal sealed record ExitingConfirmed(UniqueAddress Node) : ClusterMessage;

/// <summary>To one who gossips and is no member here: whether it was removed, or is not known yet.</summary>
internal sealed record NotAMember(UniqueAddress Node, bool WasRemoved) : ClusterMessage;

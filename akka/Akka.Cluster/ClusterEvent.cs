using System.Collections.Immutable;
using Akka.Actor;
using Akka.Event;

namespace Akka.Cluster;

/// <summary>What a cluster tells its subscribers.</summary>
public class ClusterEvent
{
    /// <summary>What a new subscriber gets first.</summary>
    public enum SubscriptionInitialStateMode
    {
        /// <summary>One <see cref="CurrentClusterState"/>.</summary>
        InitialStateAsSnapshot,

        /// <summary>The events that would have led here.</summary>
        InitialStateAsEvents,
    }

    /// <inheritdoc cref="SubscriptionInitialStateMode.InitialStateAsSnapshot"/>
    public static readonly SubscriptionInitialStateMode InitialStateAsSnapshot = SubscriptionInitialStateMode.InitialStateAsSnapshot;

    /// <inheritdoc cref="SubscriptionInitialStateMode.InitialStateAsEvents"/>
    public static readonly SubscriptionInitialStateMode InitialStateAsEvents = SubscriptionInitialStateMode.InitialStateAsEvents;

    /// <summary>All events.</summary>
    public interface IClusterDomainEvent : IDeadLetterSuppression;

    /// <summary>What happened to a member.</summary>
    public interface IMemberEvent : IClusterDomainEvent
    {
        /// <summary>The member, as it is now.</summary>
        Member Member { get; }
    }

    /// <summary>Whether a member can be reached.</summary>
    public interface IReachabilityEvent : IClusterDomainEvent;

    /// <summary>The cluster at one moment. Immutable.</summary>
    public sealed class CurrentClusterState : INoSerializationVerificationNeeded
    {
        private readonly ImmutableDictionary<string, Address?> _roleLeaders;

        /// <summary>An empty cluster.</summary>
        public CurrentClusterState()
            : this([], [], [], null, ImmutableDictionary<string, Address?>.Empty)
        {
        }

        /// <summary>A cluster by its parts.</summary>
        public CurrentClusterState(ImmutableSortedSet<Member> members, ImmutableHashSet<Member> unreachable, ImmutableHashSet<Address> seenBy, Address? leader, ImmutableDictionary<string, Address?> roleLeaderMap)
        {
            Members = members;
            Unreachable = unreachable;
            SeenBy = seenBy;
            Leader = leader;
            _roleLeaders = roleLeaderMap;
        }

        /// <summary>The members, by address.</summary>
        public ImmutableSortedSet<Member> Members { get; }

        /// <summary>Those that cannot be reached.</summary>
        public ImmutableHashSet<Member> Unreachable { get; }

        /// <summary>Who has seen this state.</summary>
        public ImmutableHashSet<Address> SeenBy { get; }

        /// <summary>Who leads; null where nobody does.</summary>
        public Address? Leader { get; }

        /// <summary>The roles that there are.</summary>
        public ImmutableHashSet<string> AllRoles => [.. Members.SelectMany(member => member.Roles)];

        /// <summary>Whether members run more than one version of the application.</summary>
        public bool HasMoreThanOneAppVersion => Members.Select(member => member.AppVersion).Distinct().Count() > 1;

        /// <summary>Who leads those with a role; null where nobody does.</summary>
        public Address? RoleLeader(string role) => _roleLeaders.GetValueOrDefault(role);
    }

    /// <summary>What happened to a member.</summary>
    public abstract class MemberStatusChange : IMemberEvent
    {
        /// <summary>The member.</summary>
        protected readonly Member _member;

        /// <summary>A change; throws <see cref="ArgumentException"/> where the member has not that status.</summary>
        protected MemberStatusChange(Member member, MemberStatus validStatus)
        {
            if (member.Status != validStatus) throw new ArgumentException($"Expected {validStatus} state, got: {member}", nameof(member));
            _member = member;
        }

        /// <inheritdoc/>
        public Member Member => _member;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is MemberStatusChange other && other.GetType() == GetType() && _member.Equals(other._member);

        /// <inheritdoc/>
        public override int GetHashCode() => _member.GetHashCode();

        /// <inheritdoc/>
        public override string ToString() => $"{GetType().Name}(Member={_member})";
    }

    /// <summary>It asked to join.</summary>
    public sealed class MemberJoined(Member member) : MemberStatusChange(member, MemberStatus.Joining);

    /// <summary>It is up.</summary>
    public sealed class MemberUp(Member member) : MemberStatusChange(member, MemberStatus.Up);

    /// <summary>It takes part, although not all could agree yet.</summary>
    public sealed class MemberWeaklyUp(Member member) : MemberStatusChange(member, MemberStatus.WeaklyUp);

    /// <summary>It asked to leave.</summary>
    public sealed class MemberLeft(Member member) : MemberStatusChange(member, MemberStatus.Leaving);

    /// <summary>Its leave is known to all.</summary>
    public sealed class MemberExited(Member member) : MemberStatusChange(member, MemberStatus.Exiting);

    /// <summary>It was given up.</summary>
    public sealed class MemberDowned(Member member) : MemberStatusChange(member, MemberStatus.Down);

    /// <summary>It is no member any more.</summary>
    public sealed class MemberRemoved : MemberStatusChange
    {
        /// <summary>With the status that it had before: <see cref="MemberStatus.Exiting"/> where it left, <see cref="MemberStatus.Down"/> where it was given up.</summary>
        public MemberRemoved(Member member, MemberStatus previousStatus)
            : base(member, MemberStatus.Removed)
            => PreviousStatus = previousStatus;

        /// <summary>What it was before.</summary>
        public MemberStatus PreviousStatus { get; }

        /// <summary>Whether its process is known to be gone, or has left in order: nothing of it can still be running.</summary>
        internal bool IsGone { get; init; }

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is MemberRemoved other && _member.Equals(other._member) && PreviousStatus == other.PreviousStatus;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(_member, PreviousStatus);
    }

    /// <summary>Another member leads, or nobody.</summary>
    public sealed class LeaderChanged(Address? leader) : IClusterDomainEvent
    {
        /// <summary>Who leads now.</summary>
        public Address? Leader { get; } = leader;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is LeaderChanged other && Equals(Leader, other.Leader);

        /// <inheritdoc/>
        public override int GetHashCode() => Leader?.GetHashCode() ?? 0;

        /// <inheritdoc/>
        public override string ToString() => $"LeaderChanged(NewLeader={Leader})";
    }

    /// <summary>Another member leads those with a role, or nobody.</summary>
    public sealed class RoleLeaderChanged(string role, Address? leader) : IClusterDomainEvent
    {
        /// <summary>The role.</summary>
        public string Role { get; } = role;

        /// <summary>Who leads now.</summary>
        public Address? Leader { get; } = leader;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is RoleLeaderChanged other && Role == other.Role && Equals(Leader, other.Leader);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Role, Leader);

        /// <inheritdoc/>
        public override string ToString() => $"RoleLeaderChanged(Role={Role}, NewLeader={Leader})";
    }

    /// <summary>This node's part in the cluster ends.</summary>
    public sealed class ClusterShuttingDown : IClusterDomainEvent
    {
        /// <summary>The only one.</summary>
        public static readonly IClusterDomainEvent Instance = new ClusterShuttingDown();

        private ClusterShuttingDown()
        {
        }

        /// <inheritdoc/>
        public override string ToString() => "ClusterEvent.ClusterShuttingDown";
    }

    /// <summary>Whether a member can be reached.</summary>
    public abstract class ReachabilityEvent : IReachabilityEvent
    {
        /// <summary>An event about a member.</summary>
        protected ReachabilityEvent(Member member) => Member = member;

        /// <summary>The member.</summary>
        public Member Member { get; }

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is ReachabilityEvent other && other.GetType() == GetType() && Member.Equals(other.Member);

        /// <inheritdoc/>
        public override int GetHashCode() => Member.GetHashCode();

        /// <inheritdoc/>
        public override string ToString() => $"{GetType().Name}(Member={Member})";
    }

    /// <summary>It cannot be reached.</summary>
    public sealed class UnreachableMember(Member member) : ReachabilityEvent(member);

    /// <summary>It can be reached again.</summary>
    public sealed class ReachableMember(Member member) : ReachabilityEvent(member);
}

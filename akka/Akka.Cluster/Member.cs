using System.Collections.Immutable;
using Akka.Actor;
using Akka.Util;

namespace Akka.Cluster;

/// <summary>Where a member is in its life.</summary>
public enum MemberStatus
{
    /// <summary>It asked to join.</summary>
    Joining,

    /// <summary>It is a full member.</summary>
    Up,

    /// <summary>It asked to leave.</summary>
    Leaving,

    /// <summary>Its leave is known to all.</summary>
    Exiting,

    /// <summary>It was given up, and will be removed.</summary>
    Down,

    /// <summary>It is no member any more.</summary>
    Removed,

    /// <summary>It takes part while not all can agree that it is up.</summary>
    WeaklyUp,
}

/// <summary>A node's address and the number of its incarnation. Immutable.</summary>
public class UniqueAddress(Address address, int uid) : IEquatable<UniqueAddress>, IComparable<UniqueAddress>
{
    /// <summary>The address.</summary>
    public Address Address { get; } = address;

    /// <summary>The incarnation.</summary>
    public int Uid { get; } = uid;

    /// <inheritdoc/>
    public static bool operator ==(UniqueAddress? left, UniqueAddress? right) => Equals(left, right);

    /// <inheritdoc/>
    public static bool operator !=(UniqueAddress? left, UniqueAddress? right) => !Equals(left, right);

    /// <inheritdoc/>
    public bool Equals(UniqueAddress? other) => other is not null && Uid == other.Uid && Address.Equals(other.Address);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UniqueAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => Uid;

    /// <inheritdoc/>
    public int CompareTo(UniqueAddress? other)
    {
        if (other is null) return 1;
        var result = Member.AddressOrdering.Compare(Address, other.Address);
        return result == 0 ? Uid.CompareTo(other.Uid) : result;
    }

    /// <inheritdoc/>
    public override string ToString() => $"UniqueAddress: ({Address}, {Uid})";
}

/// <summary>A member of the cluster: an incarnation of a node. Two are equal when the incarnation is the same, whatever their status. Immutable.</summary>
public class Member : IComparable<Member>, IComparable
{
    /// <summary>By host and port.</summary>
    public static readonly IComparer<Address> AddressOrdering = Comparer<Address>.Create(Compare);

    /// <summary>The oldest first: by the order in which they came up.</summary>
    public static readonly IComparer<Member> AgeOrdering = Comparer<Member>.Create((a, b) => a.Equals(b) ? 0 : a.IsOlderThan(b) ? -1 : 1);

    internal Member(UniqueAddress uniqueAddress, int upNumber, MemberStatus status, ImmutableHashSet<string> roles, AppVersion appVersion)
    {
        UniqueAddress = uniqueAddress;
        UpNumber = upNumber;
        Status = status;
        Roles = roles;
        AppVersion = appVersion;
    }

    /// <summary>Address and incarnation.</summary>
    public UniqueAddress UniqueAddress { get; }

    /// <summary>The address.</summary>
    public Address Address => UniqueAddress.Address;

    /// <summary>Where it is in its life.</summary>
    public MemberStatus Status { get; }

    /// <summary>Its roles.</summary>
    public ImmutableHashSet<string> Roles { get; }

    /// <summary>The version of the application that it runs.</summary>
    public AppVersion AppVersion { get; }

    /// <summary>Its place in the order in which members came up; <see cref="int.MaxValue"/> before that.</summary>
    internal int UpNumber { get; }

    /// <summary>Whether it has a role.</summary>
    public bool HasRole(string role) => Roles.Contains(role);

    /// <summary>Whether it came up before <paramref name="other"/>.</summary>
    public bool IsOlderThan(Member other) => UpNumber == other.UpNumber ? AddressOrdering.Compare(Address, other.Address) < 0 : UpNumber < other.UpNumber;

    /// <summary>This member with another status.</summary>
    public Member Copy(MemberStatus status) => status == Status ? this : new Member(UniqueAddress, UpNumber, status, Roles, AppVersion);

    /// <summary>This member up, as the <paramref name="upNumber"/>-th.</summary>
    public Member CopyUp(int upNumber) => new(UniqueAddress, upNumber, MemberStatus.Up, Roles, AppVersion);

    /// <inheritdoc/>
    public int CompareTo(Member? other) => other is null ? 1 : UniqueAddress.CompareTo(other.UniqueAddress);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Member other && UniqueAddress.Equals(other.UniqueAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => UniqueAddress.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"Member(address = {Address}, Uid={UniqueAddress.Uid} status = {Status}, role=[{string.Join(",", Roles)}], upNumber={UpNumber}, version={AppVersion})";

    int IComparable.CompareTo(object? obj) => CompareTo(obj as Member);

    /// <summary>How far a status is on its way: of two that are told of one member, the further one counts.</summary>
    internal static int Progress(MemberStatus status) => status switch
    {
        MemberStatus.Joining => 0,
        MemberStatus.WeaklyUp => 1,
        MemberStatus.Up => 2,
        MemberStatus.Leaving => 3,
        MemberStatus.Exiting => 4,
        MemberStatus.Down => 5,
        _ => 6,
    };

    private static int Compare(Address? left, Address? right)
    {
        if (left is null || right is null) return left is null ? right is null ? 0 : -1 : 1;
        var result = string.CompareOrdinal(left.Host ?? "", right.Host ?? "");
        return result == 0 ? (left.Port ?? 0).CompareTo(right.Port ?? 0) : result;
    }
}

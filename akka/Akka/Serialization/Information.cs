using Akka.Actor;

namespace Akka.Serialization;

/// <summary>For whom something is serialised: the address under which this system's actors are known there.</summary>
public sealed class Information(Address address, ActorSystem system) : IEquatable<Information>
{
    /// <summary>The address that local actors' paths get.</summary>
    public Address Address { get; } = address;

    /// <summary>The system.</summary>
    public ActorSystem System { get; } = system;

    /// <summary>Whether both mean the same.</summary>
    public static bool operator ==(Information? left, Information? right) => Equals(left, right);

    /// <summary>Whether the two differ.</summary>
    public static bool operator !=(Information? left, Information? right) => !Equals(left, right);

    /// <inheritdoc/>
    public bool Equals(Information? other) => other is not null && Equals(Address, other.Address) && ReferenceEquals(System, other.System);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Information other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address, System);
}

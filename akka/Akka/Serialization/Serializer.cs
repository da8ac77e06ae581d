using Akka.Actor;

namespace Akka.Serialization;

/// <summary>
/// Turns objects to bytes and back. Its <see cref="Identifier"/> goes with the bytes: it stays the same for ever, on all nodes;
/// 0 to 40 are the engine's own.
/// </summary>
public abstract class Serializer
{
    /// <summary>The system that the serialiser belongs to.</summary>
    protected readonly ExtendedActorSystem system;

    private int? _identifier;

    /// <summary>A serialiser of a system.</summary>
    protected Serializer(ExtendedActorSystem system) => this.system = system;

    /// <summary>Unique among the system's serialisers. Unless overridden, from <c>akka.actor.serialization-identifiers</c>.</summary>
    public virtual int Identifier => _identifier ??= FixedIdentifier ?? SerializerIdentifierHelper.GetSerializerIdentifierFromConfig(GetType(), system);

    /// <summary>The identifier of one of the engine's own; null where the configuration has it.</summary>
    private protected virtual int? FixedIdentifier => null;

    /// <summary>Whether the type's name has to go with the bytes.</summary>
    public abstract bool IncludeManifest { get; }

    /// <summary>The object's bytes.</summary>
    public abstract byte[] ToBinary(object obj);

    /// <summary>The object of these bytes; <paramref name="type"/> is null where no manifest was sent.</summary>
    public abstract object FromBinary(byte[] bytes, Type type);

    /// <summary>The object of these bytes.</summary>
    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));

    /// <summary>The object's bytes, with local actors written as actors of <paramref name="address"/>.</summary>
    public byte[] ToBinaryWithAddress(Address address, object obj)
        => Serialization.WithTransport(system, address, () => ToBinary(obj));
}

using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;

namespace Akka.Remote.Wire;

/// <summary>Reads what <see cref="WireWriter"/> wrote. Every length is checked before it is used; what does not fit throws <see cref="SerializationException"/>.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly int Left => _rest.Length;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Byte() => Take(1)[0];

    public bool Bool() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new SerializationException($"{other} is no truth value"),
    };

    public int UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public string Text()
    {
        var count = UInt16();
        if (count > Limits.TextBytes) throw new SerializationException($"a text of {count} bytes, the limit is {Limits.TextBytes}");
        return Encoding.UTF8.GetString(Take(count));
    }

    public ReadOnlySpan<byte> Bytes() => Take(Int32());

    /// <summary>How many things follow, each of at least <paramref name="least"/> bytes.</summary>
    public int Count(int least = 1)
    {
        var count = Int32();
        if (count < 0 || (long)count * least > _rest.Length) throw new SerializationException($"{count} items of at least {least} byte(s) cannot be in {_rest.Length} bytes");
        return count;
    }

    public Address? Address()
    {
        var text = Text();
        if (text.Length == 0) return null;
        return Actor.Address.TryParse(text, out var address) ? address : throw new SerializationException($"'{text}' is no address");
    }

    /// <summary>An address that must be there.</summary>
    public Address SomeAddress() => Address() ?? throw new SerializationException("an address is missing");

    /// <summary>An actor; null where none was written.</summary>
    public IActorRef? Ref(ExtendedActorSystem system)
    {
        var text = Text();
        return text.Length == 0 ? null : system.Provider.ResolveActorRef(text);
    }

    /// <summary>An actor that must be there.</summary>
    public IActorRef SomeRef(ExtendedActorSystem system) => Ref(system) ?? throw new SerializationException("an actor is missing");

    public readonly void End()
    {
        if (!_rest.IsEmpty) throw new SerializationException($"{_rest.Length} byte(s) too many");
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length) throw new SerializationException($"{count} byte(s) wanted, {_rest.Length} there");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}

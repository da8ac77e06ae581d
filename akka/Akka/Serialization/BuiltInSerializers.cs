using System.Buffers.Binary;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;

namespace Akka.Serialization;

/// <summary>Bytes as they are.</summary>
public class ByteArraySerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <summary>Never.</summary>
    public override bool IncludeManifest => false;

    private protected override int? FixedIdentifier => 4;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => obj as byte[] ?? throw new NotSupportedException("only byte[] is written as it is");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => bytes;
}

/// <summary>Null as no bytes.</summary>
public class NullSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <summary>0.</summary>
    public override int Identifier => 0;

    /// <summary>Never.</summary>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => [];

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => null!;
}

/// <summary>Strings and integers, little-endian and UTF-8, named by one letter.</summary>
internal sealed class PrimitiveSerializers(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string StringManifest = "S";
    private const string IntManifest = "I";
    private const string LongManifest = "L";

    public override int Identifier => 17;

    public override string Manifest(object o) => o switch
    {
        string => StringManifest,
        int => IntManifest,
        long => LongManifest,
        _ => throw new ArgumentException($"{o.GetType()} is no string, int or long", nameof(o)),
    };

    public override byte[] ToBinary(object obj)
    {
        if (obj is string text) return Encoding.UTF8.GetBytes(text);
        var bytes = new byte[obj is int ? sizeof(int) : sizeof(long)];
        if (obj is int small) BinaryPrimitives.WriteInt32LittleEndian(bytes, small);
        else if (obj is long big) BinaryPrimitives.WriteInt64LittleEndian(bytes, big);
        else throw new ArgumentException($"{obj.GetType()} is no string, int or long", nameof(obj));
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        StringManifest => Encoding.UTF8.GetString(bytes),
        IntManifest when bytes.Length == sizeof(int) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        LongManifest when bytes.Length == sizeof(long) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => throw new SerializationException($"{bytes.Length} byte(s) with the manifest '{manifest}' are no string, int or long"),
    };
}

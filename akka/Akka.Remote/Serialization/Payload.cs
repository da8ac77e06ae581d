using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Remote.Wire;

namespace Akka.Remote.Serialization;

/// <summary>A user's message within one of the engine's: the number of its serialiser, its manifest, its bytes.</summary>
internal static class Payload
{
    [ThreadStatic]
    private static int _depth;

    public static void Write(WireWriter writer, object? message, ExtendedActorSystem system)
    {
        var serializer = system.Serialization.FindSerializerFor(message);
        writer.Int32(serializer.Identifier);
        writer.Text(message is null ? "" : Akka.Serialization.Serialization.ManifestFor(serializer, message));
        writer.Bytes(message is null ? [] : serializer.ToBinary(message));
    }

    public static object? Read(ref WireReader reader, ExtendedActorSystem system)
    {
        // Messages within messages are as deep as this code makes them, not as a peer likes.
        if (_depth >= Limits.MessageDepth) throw new SerializationException($"messages within messages, more than {Limits.MessageDepth} deep");
        var id = reader.Int32();
        var manifest = reader.Text();
        var bytes = reader.Bytes().ToArray();
        _depth++;
        try
        {
            return system.Serialization.Deserialize(bytes, id, manifest);
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>A message that must be there.</summary>
    public static object ReadSome(ref WireReader reader, ExtendedActorSystem system)
        => Read(ref reader, system) ?? throw new SerializationException("a message is missing");
}

using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <summary>What consumers say about themselves in the classic protocol: a version, then a body.</summary>
internal static class ConsumerMetadata
{
    private const short Newest = 3;

    /// <summary>A member's subscription; null where the bytes are none.</summary>
    public static ConsumerProtocolSubscription? Subscription(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Read<ConsumerProtocolSubscription>(bytes);
        }
        catch (MalformedMessageException)
        {
            return null;
        }
    }

    /// <summary>The rack that a member says it is in; null for none, which an empty one is too.</summary>
    public static string? RackOf(ConsumerProtocolSubscription subscription) => string.IsNullOrEmpty(subscription.RackId) ? null : subscription.RackId;

    /// <summary>The topics that a member reads; null where the bytes are no subscription.</summary>
    public static List<string>? TopicsOf(ReadOnlyMemory<byte> bytes) => Subscription(bytes)?.Topics;

    /// <summary>A member's assignment; null where the bytes are none.</summary>
    public static ConsumerProtocolAssignment? Assignment(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Read<ConsumerProtocolAssignment>(bytes);
        }
        catch (MalformedMessageException)
        {
            return null;
        }
    }

    /// <summary>A message of the consumer protocol as bytes.</summary>
    public static byte[] Write(IApiMessage message, short version)
    {
        using var writer = new MessageWriter(256);
        writer.Int16(version);
        message.Write(writer, version);
        return writer.ToArray();
    }

    /// <summary>The version that bytes say they are of; 0 where they are too short.</summary>
    public static short VersionOf(ReadOnlyMemory<byte> bytes) => bytes.Length < sizeof(short) ? (short)0 : new MessageReader(bytes).Int16();

    // A later version than we know has our fields first: it is read as the newest that we know.
    private static T Read<T>(ReadOnlyMemory<byte> bytes) where T : IApiMessage, new()
    {
        var reader = new MessageReader(bytes);
        var version = reader.Int16();
        if (version < 0) throw new MalformedMessageException($"a consumer's metadata of version {version}");
        var message = new T();
        message.Read(ref reader, Math.Min(version, Newest));
        return message;
    }
}

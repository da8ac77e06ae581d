using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Dump;

/// <summary>The form in which a controller's events and the records of <c>__remote_log_metadata</c> are stored: frame version, type, version, body.</summary>
internal static class EventFrame
{
    private const int KnownVersion = 1;

    /// <summary>Reads a record's value.</summary>
    /// <param name="value">The value, or null where the record has none.</param>
    /// <param name="bodyOf">Makes an empty body of a type; null where there is no such type.</param>
    /// <exception cref="MalformedMessageException">It is none that is known; the message is what Kafka's tool says of it.</exception>
    internal static (int Type, short Version, IApiMessage Body) Read(ReadOnlyMemory<byte>? value, Func<int, IApiMessage?> bodyOf)
    {
        var reader = new MessageReader(value ?? default);
        var frame = Number(ref reader, "frame version");
        if (frame == 0) throw new MalformedMessageException("Could not deserialize metadata record with frame version 0. Note that upgrades from the preview release of KRaft in 2.8 to newer versions are not supported.");
        if (frame != KnownVersion) throw new MalformedMessageException($"Could not deserialize metadata record due to unknown frame version {frame}(only frame version {KnownVersion} is supported)");
        var type = Number(ref reader, "type");
        var version = Number(ref reader, "version");
        // Kafka's tool names the class of its exception, and scripts may look for it.
        var body = bodyOf(type) ?? throw new MalformedMessageException($"org.apache.kafka.common.errors.UnsupportedVersionException: Unknown metadata id {type}");
        Fill(body, ref reader, type, (short)version);
        if (reader.Remaining > 0) throw new MalformedMessageException($"Found {reader.Remaining} byte(s) of garbage after {type}");
        return (type, (short)version, body);
    }

    private static int Number(ref MessageReader reader, string what)
    {
        int number;
        try
        {
            number = reader.UnsignedVarint();
        }
        catch (MalformedMessageException)
        {
            throw new MalformedMessageException($"Error while reading {what}");
        }

        return number <= short.MaxValue || what == "frame version" ? number : throw new MalformedMessageException($"Value for {what} was too large.");
    }

    private static void Fill(IApiMessage body, ref MessageReader reader, int type, short version)
    {
        try
        {
            body.Read(ref reader, version);
        }
        catch (Exception error) when (error is MalformedMessageException or UnsupportedVersionException)
        {
            throw new MalformedMessageException($"Failed to deserialize record with type {type}");
        }
    }
}

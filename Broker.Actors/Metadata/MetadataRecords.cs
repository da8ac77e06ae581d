using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>Events as bytes, as Kafka keeps them: three unsigned varints (frame version 1, the record's type, its version), then the body.</summary>
public static class MetadataRecords
{
    private const int FrameVersion = 1;

    /// <summary>An event's bytes.</summary>
    /// <exception cref="ArgumentException">The message is no event that we keep.</exception>
    public static byte[] Encode(IApiMessage record)
    {
        using var writer = new MessageWriter(128);
        var (type, version) = TypeOf(record);
        writer.UnsignedVarint(FrameVersion);
        writer.UnsignedVarint(type);
        writer.UnsignedVarint(version);
        record.Write(writer, version);
        return writer.ToArray();
    }

    /// <summary>The event in those bytes.</summary>
    /// <exception cref="MalformedMessageException">They are none that this version knows.</exception>
    public static IApiMessage Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        var frame = reader.UnsignedVarint();
        if (frame != FrameVersion) throw new MalformedMessageException($"the metadata journal has a frame of version {frame}; this version knows {FrameVersion}");
        var type = reader.UnsignedVarint();
        var version = (short)reader.UnsignedVarint();
        var record = Create(type);
        record.Read(ref reader, version);
        return record;
    }

    private static (int Type, short Version) TypeOf(IApiMessage record) => record switch
    {
        TopicRecord => (2, 0),
        PartitionRecord => (3, 0),
        ConfigRecord => (4, 0),
        RemoveTopicRecord => (9, 0),
        ProducerIdsRecord => (15, 0),
        _ => throw new ArgumentException($"{record.GetType().Name} is no event of the metadata journal", nameof(record)),
    };

    private static IApiMessage Create(int type) => type switch
    {
        2 => new TopicRecord(),
        3 => new PartitionRecord(),
        4 => new ConfigRecord(),
        9 => new RemoveTopicRecord(),
        15 => new ProducerIdsRecord(),
        _ => throw new MalformedMessageException($"the metadata journal has an event of type {type}, which this version does not know"),
    };
}

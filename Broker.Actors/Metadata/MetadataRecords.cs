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

    /// <summary>A record of a Kafka controller's log; null where its type is none of those that say something about topics, partitions, configurations or producer ids.</summary>
    /// <param name="bytes">A record's value.</param>
    /// <param name="type">Its type.</param>
    /// <exception cref="MalformedMessageException">It is of a type that counts, and cannot be read.</exception>
    internal static IApiMessage? TryDecodeKafkas(ReadOnlyMemory<byte> bytes, out int type)
    {
        var reader = new MessageReader(bytes);
        var frame = reader.UnsignedVarint();
        if (frame != FrameVersion) throw new MalformedMessageException($"Kafka's metadata log has a frame of version {frame}; this version knows {FrameVersion}");
        type = reader.UnsignedVarint();
        var version = (short)reader.UnsignedVarint();
        IApiMessage? record = type switch
        {
            2 or 3 or 4 or 5 or 9 or 15 => Create(type),
            23 => new BeginTransactionRecord(),
            24 => new EndTransactionRecord(),
            25 => new AbortTransactionRecord(),
            _ => null,
        };
        record?.Read(ref reader, version);
        return record;
    }

    // The lowest version that can say it: so older tools of Kafka's read more of it.
    private static (int Type, short Version) TypeOf(IApiMessage record) => record switch
    {
        RegisterBrokerRecord broker => (0, (short)(broker.CordonedLogDirs is null ? 3 : 4)),
        UnregisterBrokerRecord => (1, 0),
        TopicRecord => (2, 0),
        PartitionRecord partition => (3, (short)(partition.EligibleLeaderReplicas is null && partition.LastKnownElr is null ? 0 : 2)),
        ConfigRecord => (4, 0),
        PartitionChangeRecord change => (5, (short)(change.EligibleLeaderReplicas is null && change.LastKnownElr is null ? 0 : 2)),
        RemoveTopicRecord => (9, 0),
        FeatureLevelRecord => (12, 0),
        ProducerIdsRecord => (15, 0),
        BrokerRegistrationChangeRecord change => (17, (short)(change.CordonedLogDirs is not null ? 3 : change.LogDirs.Count > 0 ? 2 : 1)),
        NoOpRecord => (20, 0),
        _ => throw new ArgumentException($"{record.GetType().Name} is no event of the metadata journal", nameof(record)),
    };

    private static IApiMessage Create(int type) => type switch
    {
        0 => new RegisterBrokerRecord(),
        1 => new UnregisterBrokerRecord(),
        2 => new TopicRecord(),
        3 => new PartitionRecord(),
        4 => new ConfigRecord(),
        5 => new PartitionChangeRecord(),
        9 => new RemoveTopicRecord(),
        12 => new FeatureLevelRecord(),
        15 => new ProducerIdsRecord(),
        17 => new BrokerRegistrationChangeRecord(),
        20 => new NoOpRecord(),
        _ => throw new MalformedMessageException($"the metadata journal has an event of type {type}, which this version does not know"),
    };
}

using AkkaStream.Actors.Coordinators;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Groups;

/// <summary>Kinds of records in <c>__consumer_offsets</c>: the first two bytes of a key.</summary>
internal static class GroupRecordTypes
{
    public const short LegacyOffset = 0;
    public const short Offset = 1;
    public const short Classic = 2;
    public const short ConsumerGroup = 3;
    public const short ConsumerPartitions = 4;
    public const short ConsumerMember = 5;
    public const short ConsumerTarget = 6;
    public const short ConsumerTargetMember = 7;
    public const short ConsumerCurrent = 8;
    public const short ConsumerRegex = 16;
}

/// <summary>
/// Records of <c>__consumer_offsets</c> in Kafka's form: a key is the record's type and a body, a value its version and a body.
/// </summary>
internal sealed class GroupRecords : IDisposable
{
    private const short OffsetVersion = 4;
    private const short ClassicVersion = 3;
    private readonly MessageWriter key = new(128);
    private readonly MessageWriter value = new(256);
    private readonly OffsetCommitKey offsetKey = new();
    private readonly OffsetCommitValue offsetValue = new();

    /// <summary>Writes a committed offset, or its end.</summary>
    public void Offset(ICoordinatorEffects effects, string group, TopicPartition partition, in CommittedOffset? committed)
    {
        (offsetKey.Group, offsetKey.Topic, offsetKey.Partition) = (group, partition.Topic, partition.Partition);
        if (committed is not { } offset)
        {
            Write(effects, GroupRecordTypes.Offset, offsetKey, 0, null);
            return;
        }

        offsetValue.Offset = offset.Offset;
        offsetValue.LeaderEpoch = offset.LeaderEpoch;
        offsetValue.Metadata = offset.Metadata;
        offsetValue.CommitTimestamp = offset.CommitMs;
        offsetValue.TopicId = offset.TopicId;
        if (offset.ExpireMs < 0)
        {
            offsetValue.ExpireTimestamp = -1;
            Write(effects, GroupRecordTypes.Offset, offsetKey, OffsetVersion, offsetValue);
            return;
        }

        // Only version 1 has room for a time of the client's own.
        offsetValue.ExpireTimestamp = offset.ExpireMs;
        Write(effects, GroupRecordTypes.Offset, offsetKey, 1, offsetValue);
    }

    /// <summary>Writes a classic group, or its end.</summary>
    public void Classic(ICoordinatorEffects effects, string group, GroupMetadataValue? state)
        => Write(effects, GroupRecordTypes.Classic, new GroupMetadataKey { Group = group }, ClassicVersion, state);

    /// <summary>Writes a record whose value has version 0, or its end.</summary>
    public void Write(ICoordinatorEffects effects, short type, IApiMessage recordKey, IApiMessage? recordValue) => Write(effects, type, recordKey, 0, recordValue);

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        key.Dispose();
        value.Dispose();
    }

    private void Write(ICoordinatorEffects effects, short type, IApiMessage recordKey, short version, IApiMessage? recordValue)
    {
        key.Clear();
        key.Int16(type);
        recordKey.Write(key, 0);
        if (recordValue is null)
        {
            effects.Write(key.Buffer.Span, default, false);
            return;
        }

        value.Clear();
        value.Int16(version);
        recordValue.Write(value, version);
        effects.Write(key.Buffer.Span, value.Buffer.Span, true);
    }
}

/// <summary>Reads records of committed offsets, one at a time and into the same objects: what is read is good until the next one.</summary>
internal sealed class OffsetRecordReader
{
    private readonly OffsetCommitKey key = new();
    private readonly OffsetCommitValue value = new();

    /// <summary>The group of the last key.</summary>
    public string Group => key.Group;

    /// <summary>The partition of the last key.</summary>
    public TopicPartition Partition => new(key.Topic, key.Partition);

    /// <summary>Reads a key; false where it is of another kind.</summary>
    /// <exception cref="MalformedMessageException">The bytes are no key.</exception>
    public bool TryKey(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        if (reader.Int16() is not (GroupRecordTypes.LegacyOffset or GroupRecordTypes.Offset)) return false;
        key.Read(ref reader, 0);
        return true;
    }

    /// <summary>Reads a value.</summary>
    /// <exception cref="MalformedMessageException">The bytes are no value.</exception>
    public OffsetCommitValue Value(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        var version = reader.Int16();
        // What a version has no place for is not touched by reading it.
        (value.LeaderEpoch, value.ExpireTimestamp, value.TopicId, value.UnknownTags) = (-1, -1, Guid.Empty, null);
        value.Read(ref reader, version);
        return value;
    }
}

/// <summary>Reads records of <c>__consumer_offsets</c>.</summary>
internal static class GroupRecordReader
{
    /// <summary>The key's type and body; a null body for a type that this version does not know.</summary>
    /// <exception cref="MalformedMessageException">The bytes are no key.</exception>
    public static (short Type, IApiMessage? Key) Key(ReadOnlyMemory<byte> bytes)
    {
        var reader = new MessageReader(bytes);
        var type = reader.Int16();
        IApiMessage? key = type switch
        {
            GroupRecordTypes.LegacyOffset or GroupRecordTypes.Offset => new OffsetCommitKey(),
            GroupRecordTypes.Classic => new GroupMetadataKey(),
            GroupRecordTypes.ConsumerGroup => new ConsumerGroupMetadataKey(),
            GroupRecordTypes.ConsumerPartitions => new ConsumerGroupPartitionMetadataKey(),
            GroupRecordTypes.ConsumerMember => new ConsumerGroupMemberMetadataKey(),
            GroupRecordTypes.ConsumerTarget => new ConsumerGroupTargetAssignmentMetadataKey(),
            GroupRecordTypes.ConsumerTargetMember => new ConsumerGroupTargetAssignmentMemberKey(),
            GroupRecordTypes.ConsumerCurrent => new ConsumerGroupCurrentMemberAssignmentKey(),
            GroupRecordTypes.ConsumerRegex => new ConsumerGroupRegularExpressionKey(),
            _ => null,
        };
        key?.Read(ref reader, 0);
        return (type, key);
    }

    /// <summary>A value's body.</summary>
    /// <exception cref="MalformedMessageException">The bytes are no such value.</exception>
    public static T Value<T>(ReadOnlyMemory<byte> bytes) where T : IApiMessage, new()
    {
        var reader = new MessageReader(bytes);
        var version = reader.Int16();
        var body = new T();
        body.Read(ref reader, version);
        return body;
    }
}

using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Dump;

/// <summary>Records of <c>__remote_log_metadata</c> in the words of Kafka's tool, which shows no JSON of these.</summary>
internal static class RemoteLogText
{
    private static readonly string[] SegmentStates = ["COPY_SEGMENT_STARTED", "COPY_SEGMENT_FINISHED", "DELETE_SEGMENT_STARTED", "DELETE_SEGMENT_FINISHED"];
    private static readonly string[] PartitionStates = ["DELETE_PARTITION_MARKED", "DELETE_PARTITION_STARTED", "DELETE_PARTITION_FINISHED"];

    /// <summary>A record's value as text.</summary>
    /// <exception cref="MalformedMessageException">It is none that is known, or says what cannot be.</exception>
    internal static string Of(ReadOnlyMemory<byte>? value)
    {
        if (value is null) throw new MalformedMessageException("the record has no value");
        return EventFrame.Read(value, BodyOf).Body switch
        {
            RemoteLogSegmentMetadataRecord segment => Of(segment),
            RemoteLogSegmentMetadataUpdateRecord update => Of(update),
            RemotePartitionDeleteMetadataRecord deletion => Of(deletion),
            var snapshot => Of((RemoteLogSegmentMetadataSnapshotRecord)snapshot),
        };
    }

    private static IApiMessage? BodyOf(int type) => type switch
    {
        0 => new RemoteLogSegmentMetadataRecord(),
        1 => new RemoteLogSegmentMetadataUpdateRecord(),
        2 => new RemotePartitionDeleteMetadataRecord(),
        3 => new RemoteLogSegmentMetadataSnapshotRecord(),
        _ => null,
    };

    private static string Of(RemoteLogSegmentMetadataRecord segment)
    {
        if (segment.StartOffset < 0) throw new MalformedMessageException($"Unexpected start offset = {segment.StartOffset}. StartOffset for a remote segment cannot be negative");
        if (segment.EndOffset < segment.StartOffset)
        {
            throw new MalformedMessageException($"Unexpected end offset = {segment.EndOffset}. EndOffset for a remote segment cannot be less than startOffset = {segment.StartOffset}");
        }

        var epochs = Epochs(segment.SegmentLeaderEpochs.Select(epoch => (epoch.LeaderEpoch, epoch.Offset)));
        var partition = segment.RemoteLogSegmentId.TopicIdPartition;
        return $"RemoteLogSegmentMetadata{{remoteLogSegmentId={Id(Partition(partition.Id, partition.Name, partition.Partition), segment.RemoteLogSegmentId.Id)}, startOffset={segment.StartOffset}, "
            + $"endOffset={segment.EndOffset}, brokerId={segment.BrokerId}, maxTimestampMs={segment.MaxTimestampMs}, eventTimestampMs={segment.EventTimestampMs}, segmentLeaderEpochs={epochs}, "
            + $"segmentSizeInBytes={segment.SegmentSizeInBytes}, customMetadata={Custom(segment.CustomMetadata)}, state={State(SegmentStates, segment.RemoteLogSegmentState)}, txnIdxEmpty={Word(segment.TxnIndexEmpty)}}}";
    }

    private static string Of(RemoteLogSegmentMetadataSnapshotRecord segment)
    {
        var state = State(SegmentStates, segment.RemoteLogSegmentState);
        return $"RemoteLogSegmentMetadataSnapshot{{segmentId={KafkaUuid.ToText(segment.SegmentId)}, startOffset={segment.StartOffset}, endOffset={segment.EndOffset}, maxTimestampMs={segment.MaxTimestampMs}, "
            + $"segmentLeaderEpochs={Epochs(segment.SegmentLeaderEpochs.Select(epoch => (epoch.LeaderEpoch, epoch.Offset)))}, segmentSizeInBytes={segment.SegmentSizeInBytes}, "
            + $"customMetadata={Custom(segment.CustomMetadata)}, state={state}, txnIdxEmpty={Word(segment.TxnIndexEmpty)}}}";
    }

    private static string Of(RemoteLogSegmentMetadataUpdateRecord update)
    {
        var partition = update.RemoteLogSegmentId.TopicIdPartition;
        return $"RemoteLogSegmentMetadataUpdate{{remoteLogSegmentId={Id(Partition(partition.Id, partition.Name, partition.Partition), update.RemoteLogSegmentId.Id)}, "
            + $"customMetadata={Custom(update.CustomMetadata)}, state={State(SegmentStates, update.RemoteLogSegmentState)}, eventTimestampMs={update.EventTimestampMs}, brokerId={update.BrokerId}}}";
    }

    private static string Of(RemotePartitionDeleteMetadataRecord deletion)
    {
        var partition = deletion.TopicIdPartition;
        return $"RemotePartitionDeleteMetadata{{topicPartition={Partition(partition.Id, partition.Name, partition.Partition)}, "
            + $"state={State(PartitionStates, deletion.RemotePartitionDeleteState)}, eventTimestampMs={deletion.EventTimestampMs}, brokerId={deletion.BrokerId}}}";
    }

    private static string Partition(Guid id, string topic, int number) => $"{KafkaUuid.ToText(id)}:{topic}-{number}";

    private static string Id(string partition, Guid segment) => $"RemoteLogSegmentId{{topicIdPartition={partition}, id={KafkaUuid.ToText(segment)}}}";

    private static string Custom(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? $"Optional[CustomMetadata{{{some.Length} bytes}}]" : "Optional.empty";

    private static string State(string[] names, sbyte state) => state >= 0 && state < names.Length ? names[state] : throw new MalformedMessageException("state can not be null");

    // By epoch; of several entries for one, the last holds.
    private static string Epochs(IEnumerable<(int Epoch, long Offset)> entries)
    {
        var epochs = new SortedDictionary<int, long>();
        foreach (var (epoch, offset) in entries) epochs[epoch] = offset;
        return epochs.Count > 0 ? $"{{{string.Join(", ", epochs.Select(epoch => $"{epoch.Key}={epoch.Value}"))}}}" : throw new MalformedMessageException("segmentLeaderEpochs can not be null or empty");
    }

    private static string Word(bool value) => value ? "true" : "false";
}

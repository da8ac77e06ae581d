using Akka.Actor;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Offsets;

/// <summary>DeleteRecords: moves the start of logs.</summary>
public sealed class DeleteRecordsHandler(BrokerServices broker) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var answer = new DeleteRecordsResponse();
        var open = 1;
        foreach (var topic in ((DeleteRecordsRequest)slot.Request).Topics)
        {
            var results = new List<DeleteRecordsResponse.DeleteRecordsPartitionResult>(topic.Partitions.Count);
            answer.Topics.Add(new() { Name = topic.Name, Partitions = results });
            foreach (var asked in topic.Partitions)
            {
                var result = new DeleteRecordsResponse.DeleteRecordsPartitionResult { PartitionIndex = asked.PartitionIndex, LowWatermark = -1 };
                results.Add(result);
                var handle = broker.Partitions.Find(topic.Name, asked.PartitionIndex);
                result.ErrorCode = ErrorOf(handle, topic.Name, asked.PartitionIndex);
                if (result.ErrorCode != ErrorCode.None) continue;
                Interlocked.Increment(ref open);
                handle!.Actor.Tell(new DeleteRecordsBefore(asked.Offset, (error, start) =>
                {
                    (result.ErrorCode, result.LowWatermark) = (error, start);
                    Arrived();
                }), ActorRefs.NoSender);
            }
        }

        Arrived();

        void Arrived()
        {
            if (Interlocked.Decrement(ref open) == 0) slot.Complete(answer);
        }
    }

    private ErrorCode ErrorOf(PartitionHandle? handle, string topic, int index)
    {
        if (handle is null) return broker.WhyMissing(topic, index);
        if (handle.CheckEpoch(-1) is var refused and not ErrorCode.None) return refused;
        if (TopicNames.IsInternal(handle.Topic)) return ErrorCode.InvalidTopicException;
        return handle.Config.CleanupPolicy == CleanupPolicy.Compact ? ErrorCode.PolicyViolation : ErrorCode.None;
    }
}

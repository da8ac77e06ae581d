using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Offsets;

/// <summary>OffsetForLeaderEpoch: where an epoch of leadership ended, so that a reader can find where it diverged (KIP-101, KIP-320).</summary>
public sealed class OffsetForLeaderEpochHandler(BrokerServices broker) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var answer = new OffsetForLeaderEpochResponse();
        foreach (var topic in ((OffsetForLeaderEpochRequest)slot.Request).Topics)
        {
            var results = new List<OffsetForLeaderEpochResponse.EpochEndOffset>(topic.Partitions.Count);
            foreach (var asked in topic.Partitions) results.Add(Look(topic.Topic, asked));
            answer.Topics.Add(new() { Topic = topic.Topic, Partitions = results });
        }

        slot.Complete(answer);
    }

    private OffsetForLeaderEpochResponse.EpochEndOffset Look(string topic, OffsetForLeaderEpochRequest.OffsetForLeaderPartition asked)
    {
        var result = new OffsetForLeaderEpochResponse.EpochEndOffset { Partition = asked.Partition };
        var handle = broker.Partitions.Find(topic, asked.Partition);
        if (handle is null)
        {
            result.ErrorCode = broker.WhyMissing(topic, asked.Partition);
            return result;
        }

        result.ErrorCode = handle.CheckEpoch(asked.CurrentLeaderEpoch);
        if (result.ErrorCode != ErrorCode.None) return result;

        // The epoch in force has not ended: its end is the log's, also while it has no record yet.
        var end = asked.LeaderEpoch == handle.LeaderEpoch ? new(handle.LeaderEpoch, handle.Log.View.EndOffset) : handle.Log.EndOfEpoch(asked.LeaderEpoch);
        (result.LeaderEpoch, result.EndOffset) = (end.Epoch, end.StartOffset);
        return result;
    }
}

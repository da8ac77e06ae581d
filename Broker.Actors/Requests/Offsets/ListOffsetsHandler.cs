using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Offsets;

/// <summary>ListOffsets: start, end, largest timestamp, or the first record at or after a time.</summary>
public sealed class ListOffsetsHandler(BrokerServices broker) : IRequestHandler
{
    private const short FirstWithEpoch = 4;
    private const short FirstWithNotAvailable = 5;
    private const sbyte ReadCommitted = 1;

    // A looker-on: may ask a follower too, and gets to see the end of the log, whatever of it counts already.
    private const int DebuggingReplica = -2;
    private const long Latest = -1;
    private const long Earliest = -2;
    private const long MaxTimestamp = -3;
    private const long EarliestLocal = -4;
    private const long LatestTiered = -5;
    private const long EarliestPending = -6;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (ListOffsetsRequest)slot.Request;
        var answer = new ListOffsetsResponse();
        var limit = request.ReplicaId == DebuggingReplica ? ReadLimit.End : request.IsolationLevel == ReadCommitted ? ReadLimit.Committed : ReadLimit.HighWatermark;
        var isolated = request.IsolationLevel is 0 or ReadCommitted;
        foreach (var topic in request.Topics)
        {
            var results = new List<ListOffsetsResponse.ListOffsetsPartitionResponse>(topic.Partitions.Count);
            foreach (var group in topic.Partitions.GroupBy(p => p.PartitionIndex))
            {
                // An isolation level that nobody knows is the error that Kafka makes of it.
                if (!isolated) results.Add(new() { PartitionIndex = group.Key, ErrorCode = ErrorCode.UnknownServerError });
                else if (group.Count() > 1) results.Add(new() { PartitionIndex = group.Key, ErrorCode = ErrorCode.InvalidRequest });
                else results.Add(Look(topic.Name, group.First(), slot.Header.Version, limit));
            }

            answer.Topics.Add(new() { Name = topic.Name, Partitions = results });
        }

        slot.Complete(answer);
    }

    private ListOffsetsResponse.ListOffsetsPartitionResponse Look(string topic, ListOffsetsRequest.ListOffsetsPartition asked, short version, ReadLimit limit)
    {
        var result = new ListOffsetsResponse.ListOffsetsPartitionResponse { PartitionIndex = asked.PartitionIndex };
        var handle = broker.Partitions.Find(topic, asked.PartitionIndex);
        result.ErrorCode = handle is null ? broker.WhyMissing(topic, asked.PartitionIndex) : ErrorOf(handle, asked, version, limit == ReadLimit.End);
        if (result.ErrorCode != ErrorCode.None) return result;
        var found = Find(handle!, asked.Timestamp, limit);
        result.ErrorCode = found.Error;
        if (found.Error != ErrorCode.None) return result;
        if (version == 0)
        {
            OldStyle(result, handle!, asked, found.Offset);
            return result;
        }

        (result.Offset, result.Timestamp) = (found.Offset, found.Timestamp);
        if (version >= FirstWithEpoch) result.LeaderEpoch = found.LeaderEpoch;
        return result;
    }

    private static ErrorCode ErrorOf(PartitionHandle handle, ListOffsetsRequest.ListOffsetsPartition asked, short version, bool isLookerOn)
    {
        if (handle.CheckEpoch(asked.CurrentLeaderEpoch, mayFollow: isLookerOn) is var refused and not ErrorCode.None) return refused;
        var timestamp = asked.Timestamp;
        var since = timestamp switch { MaxTimestamp => 7, EarliestLocal => 8, LatestTiered => 9, EarliestPending => 11, < 0 and not (Latest or Earliest) => short.MaxValue, _ => 0 };
        if (version < since) return ErrorCode.UnsupportedVersion;
        if (timestamp is Earliest or EarliestLocal || isLookerOn || !IsNewLeader(handle)) return ErrorCode.None;
        return version < FirstWithNotAvailable ? ErrorCode.LeaderNotAvailable : ErrorCode.OffsetNotAvailable;
    }

    // Its high watermark may be behind what readers of the former leader have seen, and the end would seem to go back (KIP-207).
    private static bool IsNewLeader(PartitionHandle handle)
    {
        if (handle.Image is null) return false;
        var log = handle.Log;
        var (view, epochs) = (log.View, log.LeaderEpochs);
        var start = epochs.Count > 0 && epochs[^1].Epoch == handle.LeaderEpoch ? epochs[^1].StartOffset : view.EndOffset;
        return view.HighWatermark < start;
    }

    private static TimeLookup Find(PartitionHandle handle, long timestamp, ReadLimit limit)
    {
        var log = handle.Log;
        var view = log.View;
        return timestamp switch
        {
            Latest => new TimeLookup(ErrorCode.None, view.LimitOf(limit), -1, handle.LeaderEpoch),
            Earliest or EarliestLocal => new TimeLookup(ErrorCode.None, view.StartOffset, -1, EpochOf(log, view.StartOffset)),
            MaxTimestamp => log.OffsetOfMaxTimestamp(limit),
            LatestTiered or EarliestPending => new TimeLookup(ErrorCode.None, -1, -1, -1),
            _ => log.OffsetForTimestamp(timestamp, limit),
        };
    }

    private static int EpochOf(PartitionLog log, long offset)
    {
        var epoch = -1;
        foreach (var entry in log.LeaderEpochs)
        {
            if (entry.StartOffset > offset) break;
            epoch = entry.Epoch;
        }

        return epoch;
    }

    // Version 0 asked for several offsets before a time; the newest segments' starts are what Kafka gave, the end and the start are what clients used.
    private static void OldStyle(ListOffsetsResponse.ListOffsetsPartitionResponse result, PartitionHandle handle, ListOffsetsRequest.ListOffsetsPartition asked, long offset)
    {
        if (asked.MaxNumOffsets <= 0 || offset < 0) return;
        result.OldStyleOffsets.Add(offset);
        if (asked.MaxNumOffsets > 1 && asked.Timestamp == Latest && handle.Log.View.StartOffset != offset) result.OldStyleOffsets.Add(handle.Log.View.StartOffset);
    }
}

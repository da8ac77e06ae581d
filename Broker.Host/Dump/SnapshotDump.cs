using AkkaStream.Actors.Storage;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Host.Dump;

/// <summary>Shows what a log remembers of its idempotent producers.</summary>
internal static class SnapshotDump
{
    internal static string? Write(string path, SafeFileHandle handle, DumpLine line)
    {
        var producers = ProducerSnapshot.Decode(IndexDump.ReadAll(handle));
        if (producers is null) return $"{path}: version, checksum or length is wrong";
        foreach (var producer in producers)
        {
            line.Begin("", "producer").Add("producerId", producer.ProducerId).Add("producerEpoch", producer.Epoch).Add("coordinatorEpoch", producer.CoordinatorEpoch)
                .AddOptional("currentTxnFirstOffset", producer.FirstOffsetOfTransaction < 0 ? null : producer.FirstOffsetOfTransaction).Add("lastTimestamp", producer.LastTimestamp);
            if (producer.Count > 0)
            {
                var last = producer[producer.Count - 1];
                line.Add("firstSequence", last.FirstSequence).Add("lastSequence", last.LastSequence).Add("lastOffset", last.LastOffset)
                    .Add("offsetDelta", last.OffsetDelta).Add("timestamp", last.Timestamp);
            }

            line.End();
        }

        return null;
    }
}

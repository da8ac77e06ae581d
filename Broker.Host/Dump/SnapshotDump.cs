using System.Buffers.Binary;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Records;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Host.Dump;

/// <summary>Shows what a log remembers of its idempotent producers.</summary>
internal static class SnapshotDump
{
    // Version and checksum, which covers what follows.
    private const int CrcEnd = 6;

    internal static bool Write(string path, SafeFileHandle handle, DumpLine line, TextWriter error)
    {
        var bytes = IndexDump.ReadAll(handle);
        var producers = ProducerSnapshot.Decode(bytes);
        if (producers is null) return FileDump.Refuse(error, WhatIsWrong(path, bytes));
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

        return true;
    }

    private static string WhatIsWrong(string path, byte[] bytes)
    {
        if (bytes.Length < CrcEnd) return $"{path}: it is shorter than a snapshot can be";
        var (stored, computed) = (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(CrcEnd - sizeof(uint))), Crc32C.Compute(bytes.AsSpan(CrcEnd)));
        return stored == computed ? $"{path}: version or length is wrong" : $"Snapshot is corrupt (CRC is no longer valid). Stored crc: {stored}. Computed crc: {computed}";
    }
}

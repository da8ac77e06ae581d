using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AkkaStream.Actors.Storage;

/// <summary>A checkpoint file of a log directory: one offset for each partition.</summary>
public static class OffsetCheckpoint
{
    /// <summary>Below it everything is on disk as it should be.</summary>
    public const string RecoveryPoint = "recovery-point-offset-checkpoint";

    /// <summary>High watermarks.</summary>
    public const string HighWatermark = "replication-offset-checkpoint";

    /// <summary>Start of the log, where it is not the first segment's.</summary>
    public const string StartOffset = "log-start-offset-checkpoint";

    private const int LongestNumber = 20;

    /// <summary>First offset that compaction has not seen.</summary>
    public const string Cleaner = "cleaner-offset-checkpoint";

    /// <summary>The file's bytes.</summary>
    public static byte[] Encode(IReadOnlyDictionary<PartitionName, long> offsets)
    {
        // A file of ten thousand lines is written every second while one of them changes: no strings are made.
        var bytes = new ArrayBufferWriter<byte>(32 + (offsets.Count * 48));
        bytes.Write("0\n"u8);
        Append(bytes, offsets.Count, (byte)'\n');
        foreach (var (partition, offset) in offsets)
        {
            var room = bytes.GetSpan(Encoding.UTF8.GetMaxByteCount(partition.Topic.Length));
            bytes.Advance(Encoding.UTF8.GetBytes(partition.Topic, room));
            bytes.Write(" "u8);
            Append(bytes, partition.Partition, (byte)' ');
            Append(bytes, offset, (byte)'\n');
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Reads a file; false where it is damaged. An empty one has no offsets.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out Dictionary<PartitionName, long> offsets)
    {
        offsets = [];
        if (!CheckpointText.TryReadLines(bytes, 3, out var lines)) return false;
        foreach (var fields in lines)
        {
            if (!int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)) return false;
            if (!long.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)) return false;
            offsets[new PartitionName(fields[0], partition)] = offset;
        }

        return true;
    }

    private static void Append(ArrayBufferWriter<byte> bytes, long number, byte end)
    {
        var room = bytes.GetSpan(LongestNumber + 1);
        Utf8Formatter.TryFormat(number, room, out var length);
        room[length] = end;
        bytes.Advance(length + 1);
    }
}

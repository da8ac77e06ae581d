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

    /// <summary>First offset that compaction has not seen.</summary>
    public const string Cleaner = "cleaner-offset-checkpoint";

    /// <summary>The file's bytes.</summary>
    public static byte[] Encode(IReadOnlyDictionary<PartitionName, long> offsets)
    {
        var text = new StringBuilder("0\n").Append(CultureInfo.InvariantCulture, $"{offsets.Count}\n");
        foreach (var (partition, offset) in offsets) text.Append(CultureInfo.InvariantCulture, $"{partition.Topic} {partition.Partition} {offset}\n");
        return Encoding.UTF8.GetBytes(text.ToString());
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
}

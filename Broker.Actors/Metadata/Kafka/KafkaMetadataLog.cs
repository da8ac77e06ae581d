using System.Globalization;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Metadata.Kafka;

/// <summary>
/// The metadata log of a Kafka broker (KRaft): its newest snapshot and the segments behind it. Only read: whoever goes back to Kafka finds every byte as it was.
/// </summary>
/// <param name="disk">Where it lies.</param>
/// <param name="path">Its directory.</param>
internal sealed class KafkaMetadataLog(IDisk disk, string path)
{
    // Files that Kafka's quorum keeps there and that our journal never has.
    private const string QuorumState = "quorum-state";
    private const string SnapshotSuffix = ".checkpoint";

    /// <summary>Whether a directory holds Kafka's metadata log, and not a journal of ours.</summary>
    public static bool IsAt(IDisk disk, string path) => disk.List(path).Any(e => !e.IsDirectory && (e.Name == QuorumState || OffsetOf(e.Name, SnapshotSuffix) >= 0));

    /// <summary>
    /// Gives every record that counts, in order. Control batches, records of no kind that concerns us, and transactions that were aborted or never ended are left out.
    /// </summary>
    /// <param name="take">Takes a record.</param>
    /// <param name="leftOut">Takes the type of a record that this version makes nothing of.</param>
    /// <exception cref="InvalidDataException">It is damaged or incomplete; the message says where.</exception>
    /// <exception cref="MalformedMessageException">A record is not what its type says.</exception>
    public void Read(Action<IApiMessage> take, Action<int> leftOut)
    {
        var reading = new Reading(take, leftOut);
        var files = disk.List(path).Where(e => !e.IsDirectory).Select(e => e.Name).ToList();
        var snapshot = files.Where(name => OffsetOf(name, SnapshotSuffix) >= 0).MaxBy(name => OffsetOf(name, SnapshotSuffix));
        var from = 0L;
        if (snapshot is not null)
        {
            Read(snapshot, 0, mayBeTorn: false, reading);
            from = OffsetOf(snapshot, SnapshotSuffix);
        }

        var segments = files.Where(name => OffsetOf(name, LogFiles.Log) >= 0).OrderBy(name => OffsetOf(name, LogFiles.Log)).ToList();
        for (var i = 0; i < segments.Count; i++)
        {
            var next = i + 1 < segments.Count ? OffsetOf(segments[i + 1], LogFiles.Log) : long.MaxValue;
            if (next <= from) continue;
            var start = OffsetOf(segments[i], LogFiles.Log);
            if (start > from) throw new InvalidDataException($"{path}: offsets {from} to {start - 1} are missing: no snapshot and no segment has them");
            from = Math.Max(from, Read(segments[i], from, mayBeTorn: i == segments.Count - 1, reading));
        }
    }

    // Gives the offset behind the last batch.
    private long Read(string name, long from, bool mayBeTorn, Reading reading)
    {
        using var file = disk.Open($"{path}/{name}", DiskAccess.Read);
        using var scanner = new BatchScanner(file, 0, file.Length, checksums: true);
        var next = 0L;
        while (scanner.MoveNext())
        {
            next = scanner.Header.NextOffset;
            if (scanner.Header.IsControl || next <= from) continue;
            // The checksum was right, so that all these bytes are in the file.
            var batch = new byte[scanner.Size];
            file.Read(batch, scanner.Position);
            reading.Take(scanner.Header, batch, from, $"{path}/{name}");
        }

        // What a crash left of a last batch was never committed.
        if (scanner.End == ScanEnd.Complete || (scanner.End == ScanEnd.Torn && mayBeTorn)) return next;
        throw new InvalidDataException($"{path}/{name} is damaged at byte {scanner.Position}. Start Kafka on it once, or take another copy; without topics' configurations old records might be deleted, so nothing is guessed");
    }

    // "00000000000000000123.log" and "00000000000000000123-0000000004.checkpoint"; -1 where it is no such name.
    private static long OffsetOf(string name, string suffix)
    {
        if (!name.EndsWith(suffix, StringComparison.Ordinal)) return -1;
        var stem = name.AsSpan(0, name.Length - suffix.Length);
        var dash = stem.IndexOf('-');
        if ((dash < 0) == (suffix == SnapshotSuffix)) return -1;
        return long.TryParse(dash < 0 ? stem : stem[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? offset : -1;
    }

    private sealed class Reading(Action<IApiMessage> take, Action<int> leftOut)
    {
        private List<IApiMessage>? transaction;

        public void Take(in RecordBatchHeader header, byte[] batch, long from, string file)
        {
            if (header.Magic != RecordBatchHeader.CurrentMagic || header.Compression != CompressionType.None)
            {
                throw new InvalidDataException($"{file} has a batch of format {header.Magic}, codec {header.Compression}, at offset {header.BaseOffset}, which no metadata log has");
            }

            var records = new RecordReader(header, batch.AsSpan(RecordBatchHeader.Size));
            while (records.MoveNext())
            {
                if (records.Offset < from || records.IsValueNull) continue;
                if (MetadataRecords.TryDecodeKafkas(records.Value.ToArray(), out var type) is { } message) Take(message);
                else leftOut(type);
            }
        }

        private void Take(IApiMessage message)
        {
            switch (message)
            {
                case BeginTransactionRecord:
                    transaction = [];
                    break;
                case AbortTransactionRecord:
                    transaction = null;
                    break;
                case EndTransactionRecord:
                    transaction?.ForEach(take);
                    transaction = null;
                    break;
                default:
                    if (transaction is null) take(message);
                    else transaction.Add(message);
                    break;
            }
        }
    }
}

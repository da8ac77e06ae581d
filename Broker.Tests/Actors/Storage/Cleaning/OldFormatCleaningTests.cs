using System.Text;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage.Cleaning;

/// <summary>
/// Compacted logs that begin with messages of the formats 0 and 1, and what Kafka 4.3's cleaner made of the same bytes: each message that keeps something becomes a batch
/// of format 2, and a tombstone gets its horizon.
/// </summary>
public sealed class OldFormatCleaningTests
{
    private const long T = 1_700_000_000_000;
    private const long Now = 1_795_000_000_000;
    private const long Horizon = Now + 86_400_000;
    private const int Gzip = (int)CompressionType.Gzip;

    private static readonly LogConfig Config = KeyedLog.Small with { SegmentBytes = 400, DeleteRetentionMs = 86_400_000 };

    // A message is "offset key=value @time"; a wrapper is several between brackets, its time and attributes behind them.
    private static readonly Dictionary<string, (int Format, string Messages, string[] Kafka)> Cases = new()
    {
        ["0 alone"] = (0, "0 a=a0|1 b=b1|2 a=a2", ["1+0 0 -1 -1: 1 -1 b=b1", "2+0 0 -1 -1: 2 -1 a=a2"]),
        ["0 wrapped"] = (0, "[0 a=a0,1 b=b1,2 a=a2]-1/1|[3 c=c3,4 d=d4,5 b=b5]-1/1|[6 x=x6,7 x=x7,8 q=q8]-1/1|9 q=q9",
            ["2+0 1 -1 -1: 2 -1 a=a2", "3+2 1 -1 -1: 3 -1 c=c3, 4 -1 d=d4, 5 -1 b=b5", "7+0 1 -1 -1: 7 -1 x=x7", "9+0 0 -1 -1: 9 -1 q=q9"]),
        ["1 alone"] = (1, "0 a=a0 @0|1 b=b1 @1|2 a=a2 @2", [$"1+0 0 {T + 1} {T + 1}: 1 {T + 1} b=b1", $"2+0 0 {T + 2} {T + 2}: 2 {T + 2} a=a2"]),
        ["1 tombstone"] = (1, "0 a=a0 @0|1 a @1|2 b=b2 @2", [$"1+0 64 {Horizon} {T + 1}: 1 {T + 1} a", $"2+0 0 {T + 2} {T + 2}: 2 {T + 2} b=b2"]),
        ["1 without a key"] = (1, "0 a=a0 @0|1 =x @1|2 b=b2 @2", [$"0+0 0 {T} {T}: 0 {T} a=a0", $"2+0 0 {T + 2} {T + 2}: 2 {T + 2} b=b2"]),
        ["1 append time"] = (1, "0 a=a0 @0/8|1 b=b1 @1/8", [$"0+0 8 {T} {T}: 0 {T} a=a0", $"1+0 8 {T + 1} {T + 1}: 1 {T + 1} b=b1"]),
        ["1 wrapped"] = (1, "[0 a=a0 @0,1 b=b1 @1,2 a=a2 @2]2/1|[3 c=c3 @3,4 d=d4 @9,5 b=b5 @5]9/1|[6 x=x6 @6,7 x=x7 @7,8 q=q8 @8]8/1|9 q=q9 @9",
            [$"2+0 1 {T + 2} {T + 2}: 2 {T + 2} a=a2", $"3+2 1 {T + 3} {T + 9}: 3 {T + 3} c=c3, 4 {T + 9} d=d4, 5 {T + 5} b=b5", $"7+0 1 {T + 7} {T + 7}: 7 {T + 7} x=x7", $"9+0 0 {T + 9} {T + 9}: 9 {T + 9} q=q9"]),
        ["1 wrapped, all stay"] = (1, "[0 a=a0 @0,1 b=b1 @1,2 c=c2 @2]2/1", [$"0+2 1 {T} {T + 2}: 0 {T} a=a0, 1 {T + 1} b=b1, 2 {T + 2} c=c2"]),
        ["1 wrapped tombstone"] = (1, "[0 a=a0 @0,1 b=b1 @1,2 a @2]2/1", [$"1+1 65 {Horizon} {T + 2}: 1 {T + 1} b=b1, 2 {T + 2} a"]),
        ["1 wrapped, append time"] = (1, "[0 a=a0 @0,1 b=b1 @1,2 a=a2 @2]50/9", [$"1+1 9 {T + 50} {T + 50}: 1 {T + 50} b=b1, 2 {T + 50} a=a2"]),
        ["1 wrapped, all go"] = (1, "[0 x=x0 @0,1 x=x1 @1]1/1|2 x=x2 @2", [$"2+0 0 {T + 2} {T + 2}: 2 {T + 2} x=x2"]),
        ["1 superseded by format 2"] = (1, "0 a=a0 @0|1 z=old @1", [$"0+0 0 {T} {T}: 0 {T} a=a0"]),
    };

    public static TheoryData<string> Names
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var name in Cases.Keys) names.Add(name);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void They_are_cleaned_as_Kafka_cleans_them(string name)
    {
        var (format, messages, kafka) = Cases[name];
        var disk = new MemoryDisk();
        var (log, end) = Open(disk, format, messages);
        // Mapped all at once, and key by key.
        foreach (var map in name == "0 alone" ? new[] { 1 << 16, 4 * OffsetMap.EntryBytes } : [1 << 16])
        {
            for (var dirty = 0L; KeyedLog.Clean(log, disk, dirty, Now, map) is (CleaningState.Done, var next) && next > dirty;) dirty = next;
            Assert.Equal(kafka, Batches(log, end));
        }

        var records = KeyedLog.Records(log);
        Assert.Equal(ErrorCode.None, log.Close());
        Assert.Equal(records, KeyedLog.Records(KeyedLog.Open(disk, Config, wasClean: true)));
    }

    [Fact]
    public void Their_tombstones_go_when_the_horizon_is_past()
    {
        var disk = new MemoryDisk();
        var (log, end) = Open(disk, 1, Cases["1 tombstone"].Messages);
        Assert.Equal(CleaningState.Done, KeyedLog.Clean(log, disk, 0, Now).State);
        Assert.Equal(CleaningState.Done, KeyedLog.Clean(log, disk, 0, Horizon - 1).State);
        Assert.Equal(2, Batches(log, end).Count);
        Assert.Equal(CleaningState.Done, KeyedLog.Clean(log, disk, 0, Horizon).State);
        Assert.Equal([$"2+0 0 {T + 2} {T + 2}: 2 {T + 2} b=b2"], Batches(log, end));
    }

    [Fact]
    public void The_last_one_before_the_active_segment_leaves_an_empty_batch()
    {
        // Kafka's cleaner fails here and leaves the log as it is: the old formats have no empty batches.
        var disk = new MemoryDisk();
        var (log, end) = Open(disk, 1, "0 a=a0 @0|1 =x @1", Config with { SegmentBytes = 300 }, 1);
        Assert.Equal(end, log.View.Segments[^1].BaseOffset);
        Assert.Equal(CleaningState.Done, KeyedLog.Clean(log, disk, 0, Now).State);
        Assert.Equal([$"0+0 0 {T} {T}: 0 {T} a=a0", $"1+0 0 -1 {T + 1}: "], Batches(log, end));
    }

    [Fact]
    public void A_damaged_one_is_told()
    {
        var disk = new MemoryDisk();
        var (log, _) = Open(disk, 1, "0 a=a0 @0|1 b=b1 @1");
        using (var file = disk.Open($"{KeyedLog.Directory}/00000000000000000000.log", DiskAccess.Write)) file.Write([0x55], 30);
        Assert.Equal(CleaningState.Failed, KeyedLog.Clean(log, disk, 0, Now).State);
    }

    // The messages, and behind them what closes their segment and opens the next.
    private static (PartitionLog Log, long End) Open(MemoryDisk disk, int format, string messages, LogConfig? config = null, int appends = 3)
    {
        disk.CreateDirectory(KeyedLog.Directory);
        using var set = new PooledBuffer();
        foreach (var message in messages.Split('|')) Write(set, (sbyte)format, message);
        StorageVectors.Put(disk, $"{KeyedLog.Directory}/00000000000000000000.log", set.WrittenSpan.ToArray());
        var log = KeyedLog.Open(disk, config ?? Config);
        var end = log.View.EndOffset;
        for (var i = 0; i < appends; i++) KeyedLog.Append(log, T + 1000 + i, ("z", $"z{i}" + new string('x', 200)));
        KeyedLog.Flush(log);
        return (log, end);
    }

    private static void Write(PooledBuffer to, sbyte format, string text)
    {
        if (text[0] != '[')
        {
            Message(to, format, text, 0);
            return;
        }

        var close = text.IndexOf(']', StringComparison.Ordinal);
        var tail = text[(close + 1)..].Split('/');
        var inside = text[1..close].Split(',');
        using var inner = new PooledBuffer();
        using var packed = new PooledBuffer();
        var first = long.Parse(inside[0].Split(' ')[0]);
        foreach (var message in inside) Message(inner, format, message, format == 0 ? 0 : first);
        RecordCodec.Compress((CompressionType)Gzip, inner.WrittenSpan, packed);
        LegacyMessage.Write(to, format, long.Parse(inside[^1].Split(' ')[0]), T + long.Parse(tail[0]), int.Parse(tail[1]), default, false, packed.WrittenSpan, true);
    }

    private static void Message(PooledBuffer to, sbyte format, string text, long first)
    {
        var parts = text.Split(' ');
        var pair = parts[1].Split('=');
        var time = parts.Length > 2 ? parts[2][1..].Split('/') : ["-1"];
        LegacyMessage.Write(to, format, long.Parse(parts[0]) - first, T + long.Parse(time[0]), time.Length > 1 ? int.Parse(time[1]) : 0,
            Encoding.UTF8.GetBytes(pair[0]), pair[0].Length > 0, Encoding.UTF8.GetBytes(pair[^1]), pair.Length > 1);
    }

    // "base+lastDelta attributes baseTimestamp maxTimestamp: records".
    private static List<string> Batches(PartitionLog log, long end)
    {
        var found = new List<string>();
        foreach (var batch in LogContents.Batches(log).Where(batch => TestBatch.Header(batch).BaseOffset < end))
        {
            var header = TestBatch.Header(batch);
            Assert.Equal((RecordBatchHeader.CurrentMagic, -1, -1L), (header.Magic, header.PartitionLeaderEpoch, header.ProducerId));
            using var unfolded = new PooledBuffer();
            var records = new List<string>();
            var reader = new RecordReader(header, BatchCleaner.Unfold(header, batch, unfolded));
            while (reader.MoveNext()) records.Add($"{reader.Offset} {reader.Timestamp} {Encoding.UTF8.GetString(reader.Key)}{(reader.IsValueNull ? "" : "=" + Encoding.UTF8.GetString(reader.Value))}");
            found.Add($"{header.BaseOffset}+{header.LastOffsetDelta} {header.Attributes} {header.BaseTimestamp} {header.MaxTimestamp}: {string.Join(", ", records)}");
        }

        return found;
    }
}

using System.Text.Json;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Actors.Storage.Cleaning;

/// <summary>What Kafka's cleaner made of a log, ours makes of it: the same batches, records, and index entries.</summary>
public sealed class CompactionVectorTests
{
    private const string Directory = "/data/topic-0";
    private static readonly Lazy<List<JsonElement>> Logs = new(() => VectorZip.Lines("compaction.zip", "compaction.jsonl"));

    public static TheoryData<int, int> Passes
    {
        get
        {
            var passes = new TheoryData<int, int>();
            for (var log = 0; log < Logs.Value.Count; log++)
            {
                for (var pass = 0; pass < Logs.Value[log].GetProperty("passes").GetArrayLength(); pass++) passes.Add(log, pass);
            }

            return passes;
        }
    }

    [Theory]
    [MemberData(nameof(Passes))]
    public void A_pass_makes_what_Kafka_makes(int log, int number)
    {
        var pass = Logs.Value[log].GetProperty("passes")[number];
        var disk = new MemoryDisk();
        using var cleaning = new CleaningPass(JobOf(Logs.Value[log].GetProperty("config"), pass, disk), new CleaningMeans(1 << 20, 0.9, 1 << 16, new Guid(log, 1, 2, new byte[8])));
        var made = new Dictionary<long, byte[]>();
        while (cleaning.State is CleaningState.Working or CleaningState.Swapping)
        {
            cleaning.Step();
            if (cleaning.Ready is not { } ready) continue;
            made[ready.Cleaned.BaseOffset] = StorageVectors.Get(disk, Name(ready.Cleaned.BaseOffset, ".log.cleaned"))!;
            cleaning.Swapped();
        }

        Assert.Null(cleaning.Failure);
        Assert.Equal(CleaningState.Done, cleaning.State);
        Assert.Equal(pass.GetProperty("nextDirtyOffset").GetInt64(), cleaning.NextDirty);
        var expected = pass.GetProperty("after").EnumerateArray().Where(segment => segment.GetProperty("baseOffset").GetInt64() < cleaning.NextDirty).ToList();
        Assert.Equal(expected.Select(segment => segment.GetProperty("baseOffset").GetInt64()), made.Keys.Order());
        foreach (var segment in expected) Compare(segment, made[segment.GetProperty("baseOffset").GetInt64()], disk);
    }

    private static CleaningJob JobOf(JsonElement config, JsonElement pass, MemoryDisk disk)
    {
        disk.CreateDirectory(Directory);
        var segments = new List<LogSegment>();
        // The segment that holds the first uncleanable offset is not cleaned in part.
        var uncleanable = pass.GetProperty("before").EnumerateArray().Select(segment => segment.GetProperty("baseOffset").GetInt64()).Last(offset => offset <= pass.GetProperty("firstUncleanableOffset").GetInt64());
        foreach (var segment in pass.GetProperty("before").EnumerateArray())
        {
            var baseOffset = segment.GetProperty("baseOffset").GetInt64();
            if (baseOffset >= uncleanable) continue;
            var bytes = Convert.FromHexString(segment.GetProperty("hex").GetString()!);
            StorageVectors.Put(disk, Name(baseOffset, ".log"), bytes);
            var made = LogSegment.Fresh(disk, Directory, baseOffset, 0);
            made.Size = bytes.Length;
            foreach (var entry in segment.GetProperty("index").EnumerateArray()) made.Offsets.Add(entry[0].GetInt64() - baseOffset, entry[1].GetInt32());
            foreach (var entry in segment.GetProperty("timeIndex").EnumerateArray()) made.Times.Add(entry[0].GetInt64(), (int)(entry[1].GetInt64() - baseOffset));
            segments.Add(made);
        }

        var producers = pass.GetProperty("activeProducers").EnumerateArray().ToDictionary(p => p.GetProperty("producerId").GetInt64(), p => new ProducerTail(p.GetProperty("producerEpoch").GetInt16(), p.GetProperty("lastDataOffset").ValueKind == JsonValueKind.Number ? p.GetProperty("lastDataOffset").GetInt64() : -1));
        var aborted = pass.GetProperty("abortedTransactions").EnumerateArray().Select(t => new AbortedSpan(t.GetProperty("producerId").GetInt64(), t.GetProperty("firstOffset").GetInt64(), t.GetProperty("lastOffset").GetInt64(), t.GetProperty("lastStableOffset").GetInt64())).ToList();
        return new CleaningJob
        {
            NotDurable = [],
            Cuts = 0,
            Disk = disk,
            Directory = Directory,
            Config = LogConfig.Default with
            {
                SegmentBytes = config.GetProperty("segmentBytes").GetInt32(),
                IndexIntervalBytes = config.GetProperty("indexIntervalBytes").GetInt32(),
                SegmentIndexBytes = config.GetProperty("segmentIndexBytes").GetInt32(),
                DeleteRetentionMs = config.GetProperty("deleteRetentionMs").GetInt64(),
            },
            Segments = [.. segments],
            FirstDirty = pass.GetProperty("firstDirtyOffset").GetInt64(),
            FirstUncleanable = uncleanable,
            Producers = producers,
            Aborted = () => aborted,
            NowMs = pass.GetProperty("nowMs").GetInt64(),
        };
    }

    // Two builds of a codec may write different bytes for the same records: where the lengths differ, positions are compared as the batches that they point at.
    private static void Compare(JsonElement expected, byte[] ours, MemoryDisk disk)
    {
        var baseOffset = expected.GetProperty("baseOffset").GetInt64();
        var theirs = Convert.FromHexString(expected.GetProperty("hex").GetString()!);
        var (mine, other) = (Batches(ours), Batches(theirs));
        Assert.Equal(other.Select(batch => TestBatch.Header(batch).BaseOffset), mine.Select(batch => TestBatch.Header(batch).BaseOffset));
        for (var i = 0; i < mine.Count; i++) CompareBatch(other[i], mine[i]);

        var times = Entries(disk, baseOffset, ".timeindex", 12);
        var offsets = Entries(disk, baseOffset, ".index", 8);
        if (ours.Length != theirs.Length && offsets.Count != expected.GetProperty("index").GetArrayLength()) return;
        Assert.Equal(expected.GetProperty("index").EnumerateArray().Select(entry => entry[0].GetInt64() - baseOffset), offsets.Select(entry => entry.First));
        Assert.Equal(expected.GetProperty("index").EnumerateArray().Select(entry => BatchAt(other, entry[1].GetInt64())), offsets.Select(entry => BatchAt(mine, entry.Second)));
        Assert.Equal(expected.GetProperty("timeIndex").EnumerateArray().Select(entry => (entry[0].GetInt64(), entry[1].GetInt64() - baseOffset)), times);
        if (mine.All(batch => TestBatch.Header(batch).Compression == CompressionType.None)) Assert.Equal(theirs, ours);
    }

    private static void CompareBatch(byte[] theirs, byte[] ours)
    {
        var (expected, header) = (TestBatch.Header(theirs), TestBatch.Header(ours));
        Assert.True(RecordBatchHeader.IsCrcValid(ours));
        Assert.Equal(expected with { BatchLength = 0, Crc = 0 }, header with { BatchLength = 0, Crc = 0 });
        if (header.Compression == CompressionType.None) Assert.Equal(theirs, ours);
        else Assert.Equal(Unfolded(theirs), Unfolded(ours));
    }

    private static byte[] Unfolded(byte[] batch)
    {
        using var buffer = new PooledBuffer();
        return BatchCleaner.Unfold(TestBatch.Header(batch), batch, buffer).ToArray();
    }

    private static List<byte[]> Batches(byte[] bytes)
    {
        var batches = new List<byte[]>();
        var walker = new RecordBatchWalker(bytes);
        while (walker.MoveNext()) batches.Add(walker.Batch.ToArray());
        return batches;
    }

    private static int BatchAt(List<byte[]> batches, long position)
    {
        var at = 0L;
        for (var i = 0; i < batches.Count; i++)
        {
            if (at == position) return i;
            at += batches[i].Length;
        }

        return -1;
    }

    private static List<(long First, long Second)> Entries(MemoryDisk disk, long baseOffset, string suffix, int size)
    {
        var bytes = StorageVectors.Get(disk, Name(baseOffset, suffix + ".cleaned"))!;
        Assert.Equal(0, bytes.Length % size);
        var entries = new List<(long, long)>();
        for (var at = 0; at < bytes.Length; at += size)
        {
            var entry = bytes.AsSpan(at, size);
            entries.Add((
                size == 8 ? System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(entry) : System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(entry),
                System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(entry[(size - 4)..])));
        }

        return entries;
    }

    private static string Name(long offset, string suffix) => $"{Directory}/{offset:D20}{suffix}";
}

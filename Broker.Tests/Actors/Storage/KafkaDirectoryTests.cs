using System.Text.Json;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Directories that Kafka wrote are served as they are, and what is written here is the same bytes.</summary>
public sealed class KafkaDirectoryTests
{
    public static TheoryData<string> Directories
    {
        get
        {
            var names = new TheoryData<string>();
            foreach (var name in StorageVectors.Cases("dirs").Where(name => !name.StartsWith("log-dir", StringComparison.Ordinal))) names.Add(name);
            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Directories))]
    public void A_directory_is_served_as_it_is(string name)
    {
        var (disk, directory, expected) = Unpack(name);
        var reports = new List<string>();
        var log = Open(disk, directory, expected, wasClean: true, reports);

        Compare(expected, log);
        foreach (var maxBytes in new[] { 1, 700, 1 << 20 })
        {
            Assert.Equal(expected.GetProperty("recordsSha256").GetString(), LogContents.RecordsSha(log, maxBytes));
            Assert.Equal(expected.GetProperty("committedSha256").GetString(), LogContents.CommittedSha(log, maxBytes));
        }

        Assert.Equal(Aborted(expected), AbortedOf(log));

        Assert.Equal([], reports);
        Assert.Equal(expected.GetProperty("topicId").GetString(), KafkaUuid.ToText(log.TopicId));
    }

    [Theory]
    [MemberData(nameof(Directories))]
    public void Indexes_and_snapshots_that_are_made_anew_are_Kafkas(string name)
    {
        var (disk, directory, expected) = Unpack(name);
        var before = Files(disk, directory);
        foreach (var file in before.Keys.Where(file => file.EndsWith("index", StringComparison.Ordinal) || file.EndsWith(".snapshot", StringComparison.Ordinal)))
        {
            disk.Delete($"{directory}/{file}");
        }

        var log = Open(disk, directory, expected, wasClean: false, []);
        Compare(expected, log);
        Assert.Equal(expected.GetProperty("committedSha256").GetString(), LogContents.CommittedSha(log, 1 << 20));
        // Compaction takes the records of aborted transactions: there is nothing to leave out any more, though the old index goes on naming them.
        var wasCompacted = name.StartsWith("compact-txn", StringComparison.Ordinal);
        if (!wasCompacted) Assert.Equal(Aborted(expected), AbortedOf(log));
        Assert.Equal(ErrorCode.None, log.Close());
        foreach (var (file, bytes) in Files(disk, directory))
        {
            // A clean stop in the middle of a segment once added an entry that a scan cannot know of.
            if (name is "epochs" && file.EndsWith(".timeindex", StringComparison.Ordinal)) continue;
            if (wasCompacted && file.EndsWith(".txnindex", StringComparison.Ordinal)) continue;
            if (before.TryGetValue(file, out var theirs)) Assert.True(theirs.AsSpan().SequenceEqual(bytes), $"{file}: {Convert.ToHexString(theirs)} but {Convert.ToHexString(bytes)}");
        }
    }

    [Theory]
    [InlineData("small-plain")]
    [InlineData("headers")]
    [InlineData("idempotent")]
    [InlineData("segments")]
    [InlineData("segments-by-time")]
    [InlineData("segments-index-full")]
    [InlineData("segments-min")]
    [InlineData("codec-gzip")]
    [InlineData("codec-zstd")]
    [InlineData("log-append-time")]
    [InlineData("transactions")]
    [InlineData("transactions-open")]
    [InlineData("transactions-other")]
    [InlineData("transaction-state")]
    [InlineData("consumer-offsets")]
    public void What_is_appended_becomes_the_same_files(string name)
    {
        var (theirs, directory, expected) = Unpack(name);
        var source = Open(theirs, directory, expected, wasClean: true, []);
        var ours = new MemoryDisk();
        var log = PartitionLog.Open(new LogOpening { Disk = ours, Directory = directory, Config = source.Config, TopicId = source.TopicId });
        log.BecomeLeader(0);
        foreach (var batch in LogContents.Batches(source))
        {
            var offset = TestBatch.Header(batch).BaseOffset;
            RecordBatchHeader.SetBaseOffset(batch, 0);
            var header = TestBatch.Header(batch);
            var staged = header.IsControl ? log.StageMarker(batch, header, 0, 0, transactionVersion: 2) : log.Stage(batch, header, 0, 0);
            Assert.Equal((ErrorCode.None, offset), (staged.Error, staged.BaseOffset));
            Assert.Equal(ErrorCode.None, log.Commit().Error);
        }

        Compare(expected, log);
        Assert.Equal(Aborted(expected), AbortedOf(log));
        Assert.Equal(ErrorCode.None, log.Close());
        var written = Files(ours, directory);
        foreach (var (file, bytes) in Files(theirs, directory)) Assert.True(written.TryGetValue(file, out var mine) ? mine.AsSpan().SequenceEqual(bytes) : bytes.Length == 0, file);
    }

    private static (MemoryDisk Disk, string Directory, JsonElement Expected) Unpack(string name)
    {
        var disk = new MemoryDisk();
        return (disk, StorageVectors.Unpack($"dirs/{name}/dir.tar.gz", disk).Single(), StorageVectors.Case("dirs", name));
    }

    private static PartitionLog Open(MemoryDisk disk, string directory, JsonElement expected, bool wasClean, List<string> reports) => PartitionLog.Open(new LogOpening
    {
        Disk = disk,
        Directory = directory,
        Config = StorageVectors.Config(expected.GetProperty("configs")),
        WasCleanlyShutDown = wasClean,
        RecoveryPoint = wasClean ? expected.GetProperty("logEndOffset").GetInt64() : 0,
        StartOffset = expected.GetProperty("logStartOffset").GetInt64(),
        Report = reports.Add,
    });

    private static void Compare(JsonElement expected, PartitionLog log)
    {
        var view = log.View;
        Assert.Equal(expected.GetProperty("logStartOffset").GetInt64(), view.StartOffset);
        Assert.Equal(expected.GetProperty("logEndOffset").GetInt64(), view.EndOffset);
        Assert.Equal(expected.GetProperty("highWatermark").GetInt64(), view.HighWatermark);
        Assert.Equal(expected.GetProperty("lastStableOffset").GetInt64(), view.LastStableOffset);
        Assert.Equal(expected.GetProperty("segments").EnumerateArray().Sum(segment => segment.GetProperty("size").GetInt64()), log.SizeInBytes);
        Assert.Equal(expected.GetProperty("leaderEpochs").EnumerateArray().Select(epoch => new EpochStart(epoch.GetProperty("epoch").GetInt32(), epoch.GetProperty("startOffset").GetInt64())), log.LeaderEpochs);
        Assert.Equal(
            expected.GetProperty("producers").EnumerateArray().Select(Describe).Order(StringComparer.Ordinal),
            log.Producers.Select(Describe).Order(StringComparer.Ordinal));
    }

    private static List<AbortedTransaction> Aborted(JsonElement expected) => [.. expected.GetProperty("abortedTransactions").EnumerateArray().Select(one => new AbortedTransaction(
        one.GetProperty("producerId").GetInt64(), one.GetProperty("firstOffset").GetInt64(), one.GetProperty("lastOffset").GetInt64(), one.GetProperty("lastStableOffset").GetInt64()))];

    private static List<AbortedTransaction> AbortedOf(PartitionLog log)
    {
        var found = new List<AbortedTransaction>();
        Assert.Equal(ErrorCode.None, log.AbortedTransactions(0, long.MaxValue, found));
        return found;
    }

    private static string Describe(JsonElement producer)
    {
        var last = producer.GetProperty("batches").EnumerateArray().Select(batch => $"{batch.GetProperty("lastSeq")}@{batch.GetProperty("lastOffset")}").LastOrDefault();
        return $"{producer.GetProperty("producerId")}/{producer.GetProperty("producerEpoch")} {last} {producer.GetProperty("lastTimestamp")} {producer.GetProperty("coordinatorEpoch")} {producer.GetProperty("currentTxnFirstOffset")}";
    }

    private static string Describe(ProducerEntry producer)
    {
        var last = producer.Count == 0 ? null : $"{producer[producer.Count - 1].LastSequence}@{producer[producer.Count - 1].LastOffset}";
        return $"{producer.ProducerId}/{producer.Epoch} {last} {producer.LastTimestamp} {producer.CoordinatorEpoch} {producer.FirstOffsetOfTransaction}";
    }

    private static Dictionary<string, byte[]> Files(MemoryDisk disk, string directory)
        => disk.List(directory).ToDictionary(entry => entry.Name, entry => StorageVectors.Get(disk, $"{directory}/{entry.Name}")!);
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Records;
using AkkaStream.Client.Transport;
using AkkaStream.Host;
using AkkaStream.Host.Verbs;
using AkkaStream.Tests.Support;
using Xunit.Abstractions;

namespace AkkaStream.Tests.Cluster;

/// <summary>
/// Kafka itself over what this broker wrote: its dump tool reads every file, its log-dirs tool asks the running broker, and a Kafka broker starts on the directory and
/// serves all of it. Left out without <c>AKKASTREAM_KAFKA=1</c> and the folder with Kafka: it takes half a minute.
/// </summary>
public sealed class KafkaOnOurDirectoryTests(ITestOutputHelper output) : IDisposable
{
    private const string Journal = "__cluster_metadata-0";

    private static readonly Dictionary<string, int> Topics = new() { ["plain"] = 2, ["zipped"] = 1, ["table"] = 1, ["paid"] = 1 };

    private readonly string folder = Directory.CreateTempSubdirectory("kafka-on-ours").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task A_Kafka_broker_serves_the_directory_and_its_tools_read_it()
    {
        if (Environment.GetEnvironmentVariable("AKKASTREAM_KAFKA") != "1")
        {
            output.WriteLine("left out: AKKASTREAM_KAFKA=1 starts a Kafka broker on a directory of ours");
            return;
        }

        if (Repository.SharedPath("kafka/kafka.sh", output) is not { } kafka) return;
        var data = Path.Combine(folder, "data");
        var expected = await Write(data, kafka);
        DumpAll(kafka, data, expected);

        var port = FreePort();
        MakeMetadata(kafka, data, port);
        using var process = Process.Start(new ProcessStartInfo(kafka, ["run", $"{port}", data]) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["KAFKA_HEAP_OPTS"] = "-Xmx512m" } })!;
        var said = process.StandardOutput.ReadToEndAsync();
        var complained = process.StandardError.ReadToEndAsync();
        try
        {
            await Eventually.Holds(() => process.HasExited || IsOpen(port), "Kafka listens");
            var bootstrap = $"127.0.0.1:{port}";
            foreach (var (topic, lines) in expected) Assert.Equal(lines, Lines(bootstrap, topic));
            Assert.Equal(["paid 0 7", "plain 0 11", "plain 1 12"], await Offsets(port));
            // It goes on behind what was written here, in transactions too.
            File.WriteAllText(Path.Combine(folder, "more"), "k;more\n");
            Do("produce", "paid", "-b", bootstrap, "-l", Path.Combine(folder, "more"), "-K", ";", "--transactional-id", "x", "-q");
            await Eventually.Holds(() => Lines(bootstrap, "paid").SequenceEqual(["k\tmore", .. expected["paid"]]), "the transaction shows");
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            output.WriteLine((await said) + await complained);
        }
    }

    // Topics of several kinds, two groups' offsets, and what Kafka's log-dirs tool says of them. Gives what a reader of committed records gets.
    private async Task<Dictionary<string, List<string>>> Write(string data, string kafka)
    {
        var config = BrokerConfig.Create(new Dictionary<string, string>
        {
            ["node.id"] = "1",
            ["log.dirs"] = data,
            ["listeners"] = "PLAINTEXT://127.0.0.1:0",
            ["log.cleaner.backoff.ms"] = "20",
            ["offsets.topic.num.partitions"] = "4",
            ["transaction.state.log.num.partitions"] = "4",
        });
        await using var broker = RunningBroker.Start(config);
        var bootstrap = $"127.0.0.1:{broker.Port}";
        string[] small = ["--config", "internal.segment.bytes=8000"];
        foreach (var (topic, partitions) in Topics)
        {
            string[] policy = topic == "table" ? ["--config", "cleanup.policy=compact", "--config", "min.cleanable.dirty.ratio=0.01"] : [];
            Do(["topics", "create", topic, "-b", bootstrap, "--partitions", $"{partitions}", .. small, .. policy]);
        }

        foreach (var (topic, codec, count) in new[] { ("plain", "none", 2000), ("zipped", "zstd", 600), ("table", "lz4", 3000), ("paid", "gzip", 90) })
        {
            string[] transactions = topic == "paid" ? ["--transactional-id", "x", "--transaction-records", "20"] : [];
            // A batch must fit a segment.
            foreach (var lines in Enumerable.Range(0, count).Select(i => $"k{i % 40};value {i} of {topic} äöü").Chunk(100))
            {
                var file = Path.Combine(folder, topic);
                File.WriteAllLines(file, lines);
                Do(["produce", topic, "-b", bootstrap, "-l", file, "-K", ";", "--codec", codec, "-q", .. transactions]);
            }
        }

        var table = broker.Node.Services.Partitions.Find("table", 0)!;
        await Eventually.Holds(() => table.Log.SizeInBytes < 20_000 && broker.Node.Services.Cleaner.UnderWay == 0, "the table is compacted");
        await LeaveAborted(broker);
        foreach (var (topic, offset) in new[] { ("plain:0", 11), ("plain:1", 12), ("paid:0", 7) }) Do("groups", "reset-offsets", "-b", bootstrap, "--group", "billing", "--topic", topic, "--to-offset", $"{offset}", "--execute");
        CheckLogDirs(kafka, bootstrap, data);
        return Topics.Keys.ToDictionary(topic => topic, topic => Lines(bootstrap, topic));
    }

    private static async Task LeaveAborted(RunningBroker broker)
    {
        await using var cluster = new ClusterClient(broker.Connect());
        await using var producer = new RecordProducer(cluster, new ProducerOptions { TransactionalId = "y" });
        await producer.InitTransactionsAsync();
        producer.BeginTransaction();
        await producer.SendAsync(new ProducerRecord("paid", "never seen"u8.ToArray()));
        await producer.AbortTransactionAsync();
    }

    private void CheckLogDirs(string kafka, string bootstrap, string data)
    {
        var text = Tool(kafka, "log-dirs", "--bootstrap-server", bootstrap, "--describe");
        using var said = JsonDocument.Parse(text.Split('\n').First(line => line.StartsWith('{')));
        var directory = said.RootElement.GetProperty("brokers")[0].GetProperty("logDirs")[0];
        Assert.Equal(data, directory.GetProperty("logDir").GetString());
        Assert.Equal(JsonValueKind.Null, directory.GetProperty("error").ValueKind);
        var partitions = directory.GetProperty("partitions").EnumerateArray().ToDictionary(p => p.GetProperty("partition").GetString()!, p => p.GetProperty("size").GetInt64());
        foreach (var (topic, count) in Topics)
        {
            for (var i = 0; i < count; i++) Assert.Equal(Directory.GetFiles(Path.Combine(data, $"{topic}-{i}"), "*.log").Sum(file => new FileInfo(file).Length), partitions[$"{topic}-{i}"]);
        }
    }

    // Every segment, index, snapshot and index of aborted transactions, our own metadata journal included.
    private void DumpAll(string kafka, string data, Dictionary<string, List<string>> expected)
    {
        var files = Directory.GetFiles(data, "*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".log" or ".index" or ".timeindex" or ".txnindex" or ".snapshot").Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Count > 60, $"{files.Count} files");
        var text = Tool(kafka, "dump-log", "--files", string.Join(',', files), "--print-data-log");
        // Its tool takes the time of a batch that compaction emptied, and kept for its producer's sequence, for none; so it does with those of Kafka's own cleaner.
        foreach (var line in text.Split('\n').Where(line => line.Contains("Index timestamp: ", StringComparison.Ordinal))) Assert.EndsWith("log timestamp: -1", line, StringComparison.Ordinal);
        foreach (var wrong in new[] { "invalid bytes", "out of order", "not found in the log", "Mismatch", "Exception", "isvalid: false", "corrupt", "Ignoring" }) Assert.DoesNotContain(wrong, text, StringComparison.Ordinal);
        Assert.Equal(files.Count, text.Split('\n').Count(line => line.StartsWith("Dumping ", StringComparison.Ordinal)));
        foreach (var topic in new[] { "plain", "zipped", "table" }) Assert.Equal(expected[topic].Count, text.Split('\n').Count(line => line.Contains($" of {topic} ", StringComparison.Ordinal)));
        var journal = Tool(kafka, "dump-log", "--files", Path.Combine(data, Journal, "00000000000000000000.log"), "--cluster-metadata-decoder");
        Assert.Contains("\"type\":\"TOPIC_RECORD\",\"version\":0,\"data\":{\"name\":\"table\"", journal, StringComparison.Ordinal);
    }

    // Kafka's controller begins its own log with what a bootstrap snapshot has: the features that its formatter wrote, and the events of our journal as they are.
    private void MakeMetadata(string kafka, string data, int port)
    {
        var fresh = Path.Combine(folder, "fresh");
        Shell(kafka, "format", $"{port}", fresh);
        var events = new List<byte[]>();
        var walker = new RecordBatchWalker(File.ReadAllBytes(Path.Combine(fresh, "bootstrap.checkpoint")));
        while (walker.MoveNext())
        {
            var records = new RecordReader(walker.Header, walker.Records);
            while (!walker.Header.IsControl && records.MoveNext()) events.Add(records.Value.ToArray());
        }

        var log = PartitionLog.Open(new LogOpening { Disk = new LocalDisk(), Directory = Path.Combine(data, Journal), WasCleanlyShutDown = true });
        new LogMetadataJournal(new LocalDisk(), log, () => 0).Replay((batch, _) => events.AddRange(batch.Select(MetadataRecords.Encode)));
        log.Abandon();
        Directory.Move(Path.Combine(data, Journal), Path.Combine(folder, Journal));

        byte[] header = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], footer = [0, 0, 0];
        using var file = File.Create(Path.Combine(data, "bootstrap.checkpoint"));
        file.Write(Batch(0, isControl: true, new byte[] { 0, 0, 0, 3 }, [header]));
        file.Write(Batch(1, isControl: false, null, events));
        file.Write(Batch(1 + events.Count, isControl: true, new byte[] { 0, 0, 0, 4 }, [footer]));
    }

    private static ReadOnlySpan<byte> Batch(long offset, bool isControl, ReadOnlyMemory<byte>? key, List<byte[]> values)
    {
        using var builder = new RecordBatchBuilder();
        foreach (var value in values) builder.Append(1_700_000_000_000, key, value);
        return builder.Build(new RecordBatchFields { BaseOffset = offset, PartitionLeaderEpoch = 0, IsControl = isControl }).ToArray();
    }

    private static List<string> Lines(string bootstrap, string topic)
    {
        return [.. Do("consume", topic, "-b", bootstrap, "-o", "earliest", "-e", "-k", "--committed", "-q").Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }

    private static async Task<List<string>> Offsets(int port)
    {
        await using var cluster = new ClusterClient(new WireTransport([new BrokerAddress("127.0.0.1", port)]));
        var offsets = await new AdminClient(cluster).ListGroupOffsetsAsync("billing");
        return [.. offsets.Select(o => $"{o.Key.Topic} {o.Key.Partition} {o.Value.Offset}").Order(StringComparer.Ordinal)];
    }

    private static string Tool(string kafka, params string[] args) => Shell(kafka, ["tool", .. args]);

    private static string Shell(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return text + string.Join('\n', errors.Result.Split('\n').Where(line => !line.StartsWith("SLF4J", StringComparison.Ordinal)));
    }

    private static string Do(params string[] args)
    {
        using var text = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        Assert.True(VerbProgram.Run(args, text, error) == 0, $"{string.Join(' ', args)}: {error}");
        return text.ToString();
    }

    // Kafka's controller listens a thousand ports further up.
    private static int FreePort()
    {
        while (true)
        {
            using var broker = new TcpListener(IPAddress.Loopback, 0);
            broker.Start();
            var port = ((IPEndPoint)broker.LocalEndpoint).Port;
            if (port < 64_000 && !IsOpen(port + 1000)) return port;
        }
    }

    private static bool IsOpen(int port)
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}

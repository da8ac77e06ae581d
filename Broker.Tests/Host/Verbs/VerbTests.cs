using System.Text.Json;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Host;
using AkkaStream.Host.Verbs;

namespace AkkaStream.Tests.Host.Verbs;

/// <summary>The verbs against a broker in this process.</summary>
public sealed class VerbTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("verbs").FullName;
    private RunningBroker broker = null!;

    public Task InitializeAsync()
    {
        broker = RunningBroker.Start(BrokerConfig.Create(new Dictionary<string, string> { ["log.dirs"] = Path.Combine(folder, "data"), ["listeners"] = "PLAINTEXT://127.0.0.1:0" }));
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await broker.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_topic_is_created_listed_described_altered_and_deleted()
    {
        Assert.Equal((0, "orders: created\n", ""), Run("topics", "create", "orders", "--partitions", "3", "--config", "retention.ms=5000"));
        var (code, _, error) = Run("topics", "create", "orders");
        Assert.Equal(1, code);
        Assert.Contains("TOPIC_ALREADY_EXISTS", error);
        Assert.Equal(0, Run("topics", "create", "orders", "--if-not-exists").Code);
        Assert.Equal("orders\n", Run("topics", "list").Output);
        Assert.Equal(0, Run("topics", "alter", "orders", "--partitions", "4", "--delete-config", "retention.ms", "--config", "segment.bytes=2000000").Code);
        using var json = JsonDocument.Parse(Run("topics", "describe", "orders", "--json").Output);
        Assert.Equal(4, json.RootElement.GetProperty("partitions").GetArrayLength());
        Assert.Equal("{\"segment.bytes\":\"2000000\"}", json.RootElement.GetProperty("configs").GetRawText());
        Assert.Contains("Configs: segment.bytes=2000000", Run("topics", "describe", "orders").Output);
        Assert.Equal((0, "orders: deleted\n", ""), Run("topics", "delete", "orders"));
        Assert.Equal("", Run("topics", "list").Output);
        Assert.Equal(1, Run("topics", "delete", "orders").Code);
        Assert.Equal(1, Run("topics", "describe", "orders").Code);
    }

    [Fact]
    public void A_refused_value_is_told()
    {
        var (code, _, error) = Run("topics", "create", "t", "--config", "retention.ms=soon");
        Assert.Equal(1, code);
        Assert.Contains("Invalid value soon for configuration retention.ms", error);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    [InlineData("zstd")]
    public void What_goes_in_comes_out(string codec)
    {
        var lines = string.Concat(Enumerable.Range(0, 5000).Select(i => $"line {i} {new string((char)('a' + (i % 26)), i % 300)}\n")) + "\nä€\r\nlast without an end";
        var file = Path.Combine(folder, "in");
        File.WriteAllText(file, lines);
        Assert.Equal((0, "", ""), Run("produce", "t-" + codec, "--file", file, "--codec", codec));
        var (code, output, _) = Run("consume", "t-" + codec, "--from-beginning", "--exit-at-end");
        Assert.Equal(0, code);
        Assert.Equal(lines + "\n", output);
    }

    [Fact]
    public void Keys_headers_nulls_and_places_are_kept()
    {
        var file = Path.Combine(folder, "in");
        File.WriteAllText(file, "a:1,b:2\tk1;v1\n\tNULL;v2\n\tk3;NULL\n");
        Run("topics", "create", "t", "--partitions", "2");
        Assert.Equal(0, Run("produce", "t", "-l", file, "-K", ";", "--headers", "-H", "c=3", "-Z", "NULL", "-p", "1").Code);
        Assert.Equal("1:0|c:3,a:1,b:2|k1|v1\n1:1|c:3|null|v2\n1:2|c:3|k3|null\n", Run("consume", "t", "-o", "earliest", "-e", "--keys", "--headers", "--offsets", "-s", "|").Output);
        Assert.Equal("v2\n", Run("consume", "t", "-o", "1", "-p", "1", "-n", "1").Output);
        Assert.Equal("null\n", Run("consume", "t", "-o", "-1", "-e", "-p", "1").Output);
        using var json = JsonDocument.Parse(Run("consume", "t", "-o", "0", "-p", "1", "-n", "1", "--json").Output);
        Assert.Equal("k1", json.RootElement.GetProperty("key").GetString());
    }

    [Fact]
    public void A_line_without_its_key_is_told_with_its_number()
    {
        var file = Path.Combine(folder, "in");
        File.WriteAllText(file, "a=1\nb\n");
        var (code, _, error) = Run("produce", "t", "-l", file, "-K", "=");
        Assert.Equal(1, code);
        Assert.Contains("line 2: no key", error);
        Assert.Equal("1\n", Run("consume", "t", "--from-beginning", "-e").Output);
    }

    [Fact]
    public void What_cannot_be_used_is_told_with_exit_code_2()
    {
        Run("topics", "create", "t");
        foreach (var args in new[] { "produce", "topics alter t", "consume t --offset soon", "consume t -p 7 -o earliest -e", "topics list -b nowhere:x", "unknown", "dump", "produce t --codec brotli", "produce t --transactional-id x --acks 1", "transactions abort --topic t --partition 0" })
        {
            var (code, _, error) = Run(args.Split(' '));
            Assert.True(code == 2 && error.Length > 0, $"{args}: {code} {error}");
        }
    }

    [Theory]
    [InlineData("unknown", "'unknown' is no verb: there are broker, topics, ", "See: --help")]
    [InlineData("topics", "say what to do behind 'topics': create, list, ", "See: topics --help")]
    [InlineData("topics mend", "'mend' is no verb or option of 'topics': there are create, ", "See: topics --help")]
    [InlineData("topics create", "the topic is missing", "See: topics create --help")]
    [InlineData("topics create t -p many", "--partitions many: expected a whole number from -2147483648 to 2147483647", "See: topics create --help")]
    [InlineData("consume t -p x", "--partition x: expected a whole number", "See: consume --help")]
    [InlineData("topics list --timeout soon", "--timeout soon: expected a number", "See: topics list --help")]
    public void A_mistake_is_told_once_and_in_plain_words(string args, string sentence, string help)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        Assert.Equal(2, VerbProgram.Run(args.Split(' '), output, error));
        var lines = error.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.StartsWith(sentence, lines[0]);
        Assert.Equal(help, lines[1]);
    }

    [Fact]
    public void What_is_not_there_is_told_with_what_to_do()
    {
        Assert.Contains("`topics list` shows those there are", Run("topics", "describe", "nope").Error);
        Assert.Contains("`topics list` shows those there are", Run("consume", "nope", "-o", "earliest").Error);
        Assert.Contains("`topics list` shows those there are", Run("topics", "delete", "nope").Error);
        Assert.Equal((1, "", "no key of the kind broker holds 'retention.byts'; did you mean log.retention.bytes?\n"), Run("config", "keys", "retention.byts"));
        Assert.Equal((1, "", "no key of the kind broker holds 'compaction.strategy'\n"), Run("config", "keys", "compaction.strategy"));
        Assert.EndsWith("there are some of the kind topic: give --kind topic\n", Run("config", "keys", "max.message.bytes").Error);
        Run("topics", "create", "t");
        Assert.Equal((0, "", "t-0 ends at 0, before --offset 500\n"), Run("consume", "t", "-o", "500", "-e"));
    }

    [Fact]
    public async Task Who_produces_to_a_full_disk_is_told_so()
    {
        var disk = new MemoryDisk();
        await using var full = RunningBroker.Start(BrokerConfig.Create(new Dictionary<string, string> { ["log.dirs"] = "/d", ["listeners"] = "PLAINTEXT://127.0.0.1:0" }), disk);
        var file = Path.Combine(folder, "in");
        File.WriteAllText(file, "line\n");
        string[] bootstrap = ["-b", $"127.0.0.1:{full.Port}"];
        Assert.Equal(0, VerbProgram.Run(["topics", "create", "t", .. bootstrap], TextWriter.Null, TextWriter.Null));
        Assert.Equal(0, VerbProgram.Run(["produce", "t", "-l", file, .. bootstrap], TextWriter.Null, TextWriter.Null));
        disk.Capacity = 0;
        using var error = new StringWriter { NewLine = "\n" };
        Assert.Equal(1, VerbProgram.Run(["produce", "t", "-l", file, "--delivery-timeout", "1", .. bootstrap], TextWriter.Null, error));
        var lines = error.ToString().TrimEnd('\n').Split('\n');
        Assert.StartsWith("t-0: KAFKA_STORAGE_ERROR, ", lines[0]);
        Assert.EndsWith("; tried again for 1 s at most", lines[0]);
        Assert.StartsWith("sending to t-0: delivery.timeout.ms is over; what hindered it: KAFKA_STORAGE_ERROR", lines[^1]);
        // More than the producer's buffer holds: whoever waits for room there must hear of what was given up.
        File.WriteAllLines(file, Enumerable.Repeat(new string('x', 900_000), 40));
        Assert.Equal(1, VerbProgram.Run(["produce", "t", "-l", file, "-q", "--delivery-timeout", "1", .. bootstrap], TextWriter.Null, TextWriter.Null));
        File.WriteAllText(file, "line\n");
        disk.Capacity = long.MaxValue;
        Assert.Equal(0, VerbProgram.Run(["produce", "t", "-l", file, .. bootstrap], TextWriter.Null, TextWriter.Null));
    }

    [Fact]
    public void Changes_of_topics_are_told_as_json_too()
    {
        Assert.Equal("[{\"name\":\"t\",\"result\":\"created\"}]\n", Run("topics", "create", "t", "--json").Output);
        var (code, output, error) = Run("topics", "create", "t", "--json");
        using var json = JsonDocument.Parse(output);
        Assert.Equal((1, "TOPIC_ALREADY_EXISTS", ""), (code, json.RootElement[0].GetProperty("error").GetString(), error));
        Assert.Equal("[{\"name\":\"t\",\"result\":\"altered\"}]\n", Run("topics", "alter", "t", "-p", "2", "--json").Output);
        Assert.Equal("[{\"name\":\"t\",\"result\":\"deleted\"}]\n", Run("topics", "delete", "t", "--json").Output);
    }

    [Fact]
    public void Lines_in_transactions_show_to_readers_of_committed_records()
    {
        var file = Path.Combine(folder, "in");
        File.WriteAllText(file, "1\n2\n3\n4\n5\n");
        Run("topics", "create", "t");
        var produced = Run("produce", "t", "-l", file, "--transactional-id", "x", "--transaction-records", "2");
        Assert.True(produced == (0, "", ""), produced.ToString());
        Assert.Equal("1\n2\n3\n4\n5\n", Run("consume", "t", "-o", "earliest", "-n", "5", "--committed").Output);
        var list = Run("transactions", "list", "--state", "CompleteCommit", "--state", "PrepareCommit").Output.Split('\n');
        Assert.Equal("TransactionalId\tCoordinator\tProducerId\tTransactionState\t", string.Join('\t', list[0].Split('\t').Select(c => c.TrimEnd())));
        Assert.StartsWith("x              \t1          \t", list[1]);
        Assert.Equal(0, Run("transactions", "terminate", "x").Code);
        using var described = JsonDocument.Parse(Run("transactions", "describe", "x", "--json").Output);
        Assert.Equal("Empty", described.RootElement[0].GetProperty("transactionState").GetString());
        Assert.Equal(1, Run("transactions", "describe", "nobody").Code);
        Assert.Single(JsonDocument.Parse(Run("transactions", "describe-producers", "--topic", "t", "--partition", "0", "--json").Output).RootElement.EnumerateArray());
        Assert.Single(Run("transactions", "find-hanging", "--topic", "t").Output.TrimEnd('\n').Split('\n'));
        var (code, _, error) = Run("transactions", "abort", "--topic", "t", "--partition", "0", "--start-offset", "1");
        Assert.Equal((1, "Could not find any open transactions starting at offset 1 on partition t-0\n"), (code, error));
    }

    [Fact]
    public void A_broker_that_is_not_there_is_told_with_what_to_do()
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        Assert.Equal(1, VerbProgram.Run(["topics", "list", "-b", "127.0.0.1:1"], output, error));
        Assert.Contains("cannot reach 127.0.0.1:1", error.ToString());
        Assert.Contains("is the broker running?", error.ToString());
    }

    [Fact]
    public void Keys_are_listed_with_their_meaning()
    {
        var lines = Run("config", "keys").Output.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("log.segment.bytes\tint\t1073741824\t1048576..\twhile running\t", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("num.io.threads\t", StringComparison.Ordinal) && line.EndsWith("(accepted, no effect yet)", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(Run("config", "keys", "retention", "--kind", "topic", "--json").Output);
        Assert.Contains(json.RootElement.EnumerateArray(), key => key.GetProperty("name").GetString() == "retention.ms");
        Assert.DoesNotContain("num.io.threads", Run("config", "keys", "--effective").Output);
    }

    [Fact]
    public void A_simulation_without_a_schedule_that_can_be_read_is_not_begun()
    {
        var garbage = Path.Combine(folder, "garbage");
        File.WriteAllText(garbage, "4s Slow n1 n2 for 10s by 0.2s\ngarbage line\n");
        foreach (var (file, why) in ((string, string)[])[(Path.Combine(folder, "nowhere"), "Could not find file"), (garbage, "no fault: 'garbage line'")])
        {
            var error = new StringWriter();
            Assert.Equal(2, VerbProgram.Run(["simulate", "--faults", file], TextWriter.Null, error));
            Assert.StartsWith($"--faults: {why}", error.ToString());
            Assert.EndsWith("such as: 4s Slow n1 n2 for 10s by 0.2s" + Environment.NewLine, error.ToString());
        }

        Assert.Equal(2, VerbProgram.Run(["simulate", "--log-level", "loud"], TextWriter.Null, TextWriter.Null));
    }

    [Fact]
    public void Every_verb_has_help()
    {
        Assert.Equal(Run("topics", "create", "--help"), Run("help", "topics", "create"));
        Assert.DoesNotContain("-1]", Run("help", "topics", "create").Output);
        foreach (var verb in new[] { "topics", "topics create", "produce", "consume", "dump", "config keys", "transactions", "transactions abort" })
        {
            var (code, output, _) = Run([.. verb.Split(' '), "--help"]);
            Assert.Equal(0, code);
            Assert.Contains("Usage:", output);
        }
    }

    private (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var talks = args[0] is "topics" or "produce" or "consume" or "transactions" && args.Length > 1 && !args.Contains("-b") && !args.Contains("--help");
        var code = VerbProgram.Run(talks ? [.. args, "-b", $"127.0.0.1:{broker.Port}"] : args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}

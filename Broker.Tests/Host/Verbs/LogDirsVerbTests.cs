using System.Text.Json;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Host;
using AkkaStream.Host.Verbs;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Host.Verbs;

/// <summary>The verb <c>log-dirs</c> against a broker with two log directories.</summary>
public sealed class LogDirsVerbTests
{
    [Fact]
    public async Task Directories_are_shown_and_a_partition_moves()
    {
        var config = BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = "/a,/b", ["listeners"] = "PLAINTEXT://127.0.0.1:0" });
        await using var broker = RunningBroker.Start(config, new MemoryDisk());
        Assert.Equal(0, Run(broker, "topics", "create", "t").Code);
        var (code, text, _) = Run(broker, "log-dirs", "describe");
        Assert.Equal(0, code);
        Assert.Contains("LogDir: /a\tState: online\tPartitions: 1\tFree: ", text);
        Assert.Contains("\n\tt-0\tSize: 0\tOffsetLag: 0\n", text);

        Assert.Equal((0, "t-0: on its way to /b\n", ""), Run(broker, "log-dirs", "move", "t", "0", "/b"));
        await Eventually.Holds(() => HomeOf(broker) == "/b", "it lies in /b");
        var (failed, _, error) = Run(broker, "log-dirs", "move", "t", "0", "/c");
        Assert.Equal(1, failed);
        Assert.Contains("LOG_DIR_NOT_FOUND", error);
    }

    private static string? HomeOf(RunningBroker broker)
    {
        using var json = JsonDocument.Parse(Run(broker, "log-dirs", "describe", "t", "--json").Output);
        return json.RootElement.EnumerateArray().FirstOrDefault(d => d.GetProperty("partitions").EnumerateArray().Any(p => !p.GetProperty("isFuture").GetBoolean())) is { ValueKind: JsonValueKind.Object } home
            ? home.GetProperty("logDir").GetString()
            : null;
    }

    private static (int Code, string Output, string Error) Run(RunningBroker broker, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = VerbProgram.Run([.. args, "-b", $"127.0.0.1:{broker.Port}"], output, error);
        return (code, output.ToString(), error.ToString());
    }
}

using System.Text.Json;
using AkkaStream.Host.Dump;
using AkkaStream.Host.Verbs;

namespace AkkaStream.Tests.Host.Dump;

/// <summary>Calls of Kafka's dump tool as they were recorded, with the verb's own name: the same text. Where Kafka's tool dies of a Java exception the verb says a sentence.</summary>
public sealed class DumpToolTests : IDisposable
{
    private const string Cut = "[... cut by the recorder]";

    private static readonly Dictionary<string, DumpDecoder> Decoders = new()
    {
        ["__consumer_offsets"] = DumpDecoder.Offsets,
        ["__transaction_state"] = DumpDecoder.Transactions,
        ["__share_group_state"] = DumpDecoder.ShareGroupState,
        ["__cluster_metadata"] = DumpDecoder.ClusterMetadata,
    };

    private readonly string folder = Directory.CreateTempSubdirectory("dump-tool").FullName;
    private readonly List<JsonElement> rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", "dump-tool.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToList();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_recorded_call_prints_the_same()
    {
        foreach (var row in rows) MakeFiles(row);
        Assert.Equal(20, rows.Count);
        foreach (var row in rows) Check(row);
    }

    private void Check(JsonElement row)
    {
        var args = row.GetProperty("cmd").GetString()!.Replace("$W", folder, StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
        var (code, output, error) = Run(["dump", .. args]);
        var expected = row.GetProperty("stdout").GetString()!.Replace("$W", folder, StringComparison.Ordinal);
        if (expected.Contains(Cut, StringComparison.Ordinal)) expected = WholeBatches(expected);
        Assert.Equal(expected, output);
        var told = row.GetProperty("stderr").GetString()!;
        if (row.GetProperty("exit").GetInt32() == 0) Assert.Equal((0, told.Replace("$W", folder, StringComparison.Ordinal)), (code, error));
        else Assert.True(code != 0 && error.Length > 0 && !error.Contains("Exception", StringComparison.Ordinal), $"{row}: {code} {error}");
    }

    // Those whose records the recorder kept all.
    private static string WholeBatches(string text)
    {
        text = text[..text.IndexOf(Cut, StringComparison.Ordinal)];
        while (true)
        {
            var start = text.LastIndexOf("baseOffset: ", StringComparison.Ordinal);
            var lines = text[start..].Split('\n', StringSplitOptions.RemoveEmptyEntries);
            if (lines.Length - 1 == int.Parse(lines[0].Split("count: ")[1].Split(' ')[0])) return text;
            text = text[..start];
        }
    }

    private void MakeFiles(JsonElement row)
    {
        var text = row.GetProperty("stdout").GetString()!;
        foreach (var section in text.Split("Dumping $W/")[1..])
        {
            var path = Path.Combine(folder, section[..section.IndexOf('\n')]);
            if (Path.GetFileName(path) == "none.log") continue;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var decoder = Decoders.FirstOrDefault(pair => path.Contains(pair.Key, StringComparison.Ordinal)).Value;
            var bytes = Path.GetExtension(path) switch
            {
                ".log" when section.Contains("payload: ", StringComparison.Ordinal) && section.Contains("| offset", StringComparison.Ordinal) => DumpToolFiles.Log(section, decoder),
                ".index" when section.Contains("position: ", StringComparison.Ordinal) => DumpToolFiles.Index(section),
                ".timeindex" => DumpToolFiles.TimeIndex(section),
                ".snapshot" => DumpToolFiles.Snapshot(section),
                ".log" or ".index" => null,
                _ => [],
            };
            if (bytes is not null) File.WriteAllBytes(path, bytes);
        }
    }

    private static (int Code, string Output, string Error) Run(string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        return (VerbProgram.Run(args, output, error), output.ToString(), error.ToString());
    }
}

using System.IO.Compression;
using System.Text.RegularExpressions;
using AkkaStream.Host.Dump;
using AkkaStream.Host.Verbs;

namespace AkkaStream.Tests.Host.Dump;

/// <summary>
/// Records of internal topics that Kafka's own classes wrote, all their states and much that is no such record: shown as Kafka's tool shows them. Where it says a Java exception's own
/// words, the verb says its own.
/// </summary>
public sealed partial class DumpDecoderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dump-decoders").FullName;

    public DumpDecoderTests() => ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Vectors", "dump-decoders.zip"), folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("--remote-log-metadata-decoder", "__remote_log_metadata-3")]
    [InlineData("--cluster-metadata-decoder", "__cluster_metadata-0")]
    [InlineData("--offsets-decoder", "__consumer_offsets-1")]
    [InlineData("--transaction-log-decoder", "__transaction_state-2")]
    public void Every_record_is_shown_as_Kafkas_tool_shows_it(string option, string partition)
    {
        var file = $"{folder}/{partition}/00000000000000000000.log";
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        Assert.Equal(VerbProgram.Done, VerbProgram.Run(["dump", "--files", file, option], output, error));
        Assert.Equal("", error.ToString());
        Assert.Equal(Plain(File.ReadAllText($"{file}.txt")), Plain(output.ToString().Replace($"{folder}/", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_has_no_value_is_told()
    {
        using var output = new StringWriter { NewLine = "\n" };
        var file = $"{folder}/__remote_log_metadata-3/00000000000000000000.log";
        Assert.True(FileDump.Write(file, new DumpOptions { Decoder = DumpDecoder.RemoteLogMetadata, Json = true }, output, TextWriter.Null));
        Assert.Contains("skipping. the record has no value", output.ToString(), StringComparison.Ordinal);
    }

    private static string Plain(string text) => JavasWords().Replace(text, "$1$2...");

    [GeneratedRegex("(due to: ).*$|(skipping\\. )(null|Cannot invoke .*|the record has no value|state can not be null)$", RegexOptions.Multiline)]
    private static partial Regex JavasWords();
}

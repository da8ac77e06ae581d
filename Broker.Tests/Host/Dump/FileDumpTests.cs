using System.IO.Compression;
using System.Text.Json;
using AkkaStream.Host.Dump;

namespace AkkaStream.Tests.Host.Dump;

/// <summary>Files that Kafka wrote, shown as Kafka's own tool shows them.</summary>
public sealed class FileDumpTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dump").FullName;

    public FileDumpTests() => ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Vectors", "dump.zip"), folder);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Every_file_looks_as_Kafkas_tool_shows_it()
    {
        var shown = 0;
        foreach (var expected in Directory.EnumerateFiles(folder, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var path = expected[..^4];
            var (text, fault) = Show(path, new DumpOptions { Data = true });
            Assert.Null(fault);
            Assert.Equal(File.ReadAllText(expected), text.Replace(Path.GetDirectoryName(path) + "/", "", StringComparison.Ordinal));
            shown++;
        }

        Assert.Equal(170, shown);
    }

    [Fact]
    public void Without_data_and_without_metadata_less_is_shown()
    {
        var path = Path.Combine(folder, "small-plain", "00000000000000000000.log");
        Assert.DoesNotContain("payload", Show(path, new DumpOptions { Records = true }).Text);
        Assert.Contains("\n| key: ", Show(path, new DumpOptions { Data = true, WithoutMetadata = true }).Text);
        Assert.DoesNotContain("\n|", Show(path, new DumpOptions()).Text);
        Assert.Equal(3, Show(path, new DumpOptions { MaxBytes = RecordEnd(path) }).Text.Split('\n').Count(line => line.Length > 0));
    }

    [Fact]
    public void Json_has_an_object_a_line()
    {
        foreach (var file in FileDump.FilesOf(Path.Combine(folder, "transactions")))
        {
            foreach (var line in Show(file, new DumpOptions { Data = true, Json = true }).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                Assert.True(JsonDocument.Parse(line).RootElement.TryGetProperty("kind", out _));
            }
        }
    }

    [Fact]
    public void A_torn_tail_is_told()
    {
        var path = Path.Combine(folder, "small-plain", "00000000000000000000.log");
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^5]);
        Assert.EndsWith("Found 178 invalid bytes at the end of 00000000000000000000.log\n", Show(path, new DumpOptions()).Text);
        Assert.Contains("are no batch", Show(path, new DumpOptions { Json = true }).Fault);
    }

    [Fact]
    public void A_batch_that_claims_too_much_is_no_batch()
    {
        var path = Path.Combine(folder, "small-plain", "00000000000000000000.log");
        var bytes = File.ReadAllBytes(path);
        bytes[8] = 0x7F;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("Found 735 invalid bytes", Show(path, new DumpOptions { Data = true }).Fault);
    }

    [Fact]
    public void A_flipped_bit_shows_as_an_invalid_checksum()
    {
        var path = Path.Combine(folder, "small-plain", "00000000000000000000.log");
        var bytes = File.ReadAllBytes(path);
        bytes[30] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("isvalid: false", Show(path, new DumpOptions()).Text);
    }

    [Fact]
    public void What_is_wrong_with_indexes_is_told_as_Kafkas_tool_tells_it()
    {
        var path = Path.Combine(folder, "transactions", "00000000000000000000");
        Flip(path + ".index", 3);
        Flip(path + ".timeindex", 7);
        Assert.EndsWith($"position: 3682\nMismatches in :{path}.index\n  Index offset: 6, log offset: 7\n", Show(path + ".index", new DumpOptions()).Fault, StringComparison.Ordinal);
        Assert.EndsWith($"offset: 31\nFound timestamp mismatch in :{path}.timeindex\n  Index timestamp: 1795245374502, log timestamp: 1795245374503\n", Show(path + ".timeindex", new DumpOptions()).Fault, StringComparison.Ordinal);
        Assert.Equal($"Dumping {path}.index\nMismatches in :{path}.index\n  Index offset: 6, log offset: 7\n", Show(path + ".index", new DumpOptions { VerifiesOnly = true }).Fault);
        Assert.Equal($"Dumping {path}.timeindex\n{path}.timeindex passed sanity check.\n", Show(path + ".timeindex", new DumpOptions { ChecksOnly = true }).Text);
        Assert.Contains("more than --max-message-size", Show(path + ".index", new DumpOptions { MaxMessageSize = 10 }).Fault);
        Flip(path + ".index", 7);
        Assert.Contains("points to 649, where no batch begins", Show(path + ".index", new DumpOptions()).Fault);
        Flip(path + ".timeindex", 7);
        Flip(path + ".timeindex", 11);
        Assert.Contains("The following indexed offsets are not found in the log.\nIndexed offset: 5, found log offset: 6\n", Show(path + ".timeindex", new DumpOptions()).Fault);
    }

    [Fact]
    public void A_flipped_bit_in_a_snapshot_is_told()
    {
        var path = Directory.GetFiles(Path.Combine(folder, "idempotent"), "*.snapshot").First(file => new FileInfo(file).Length > 20);
        Flip(path, 12);
        Assert.Contains("\nSnapshot is corrupt (CRC is no longer valid). Stored crc: ", Show(path, new DumpOptions()).Fault);
    }

    [Fact]
    public void Gaps_that_compaction_left_are_told_and_are_nothing_wrong()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var path = Path.Combine(folder, "compact-txn-t1", "00000000000000000000.log");
        Assert.True(FileDump.Write(path, new DumpOptions { Records = true }, TextWriter.Null, error));
        Assert.StartsWith($"Non-consecutive offsets in {path}\n  -1 is followed by 7\n  8 is followed by 12\n", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("isvalid: true\n\nbaseOffset: 8", Show(path, new DumpOptions { Records = true, WithoutMetadata = true }).Text);
    }

    [Theory]
    [InlineData("partition.metadata", "there is no such file")]
    [InlineData("missing", "there is no such file")]
    [InlineData("none.log", "there is no such file")]
    [InlineData("x.log", "is no offset")]
    [InlineData("sub", "a folder")]
    public void Other_files_are_refused(string name, string sentence)
    {
        File.WriteAllText(Path.Combine(folder, "x.log"), "");
        Directory.CreateDirectory(Path.Combine(folder, "sub"));
        Assert.Contains(sentence, Show(Path.Combine(folder, name), new DumpOptions()).Fault);
    }

    private static void Flip(string path, int at)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[at] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private static long RecordEnd(string path) => 12 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(File.ReadAllBytes(path).AsSpan(8));

    private static (string Text, string? Fault) Show(string path, DumpOptions options)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var isSound = FileDump.Write(path, options, output, error);
        return (output.ToString(), isSound ? null : output.ToString() + error);
    }
}

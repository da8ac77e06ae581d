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
        Assert.Contains("are no batch", Show(path, new DumpOptions()).Fault);
    }

    [Fact]
    public void A_batch_that_claims_too_much_is_no_batch()
    {
        var path = Path.Combine(folder, "small-plain", "00000000000000000000.log");
        var bytes = File.ReadAllBytes(path);
        bytes[8] = 0x7F;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("from 0, are no batch", Show(path, new DumpOptions { Data = true }).Fault);
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
    public void An_index_that_points_elsewhere_is_told()
    {
        var path = Path.Combine(folder, "transactions", "00000000000000000000.index");
        var bytes = File.ReadAllBytes(path);
        bytes[7] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.Contains("the entry for offset", Show(path, new DumpOptions()).Fault);
    }

    [Theory]
    [InlineData("partition.metadata", "not a .log")]
    [InlineData("none.log", "is no offset")]
    public void Other_files_are_refused(string name, string sentence) => Assert.Contains(sentence, Show(Path.Combine(folder, name), new DumpOptions()).Fault);

    private static long RecordEnd(string path) => 12 + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(File.ReadAllBytes(path).AsSpan(8));

    private static (string Text, string? Fault) Show(string path, DumpOptions options)
    {
        using var output = new StringWriter { NewLine = "\n" };
        var fault = FileDump.Write(path, options, output);
        return (output.ToString(), fault);
    }
}

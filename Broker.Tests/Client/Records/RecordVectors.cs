using System.IO.Compression;
using System.Text.Json;

namespace AkkaStream.Tests.Client.Records;

/// <summary>Batches that Kafka wrote, and its answers to damaged ones: Vectors/records.zip, one JSON object a line.</summary>
internal static class RecordVectors
{
    public static IEnumerable<JsonElement> Read(string name)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "records.zip"));
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.Clone();
        }
    }

    public static string Case(this JsonElement vector) => vector.GetProperty("case").GetString()!;

    public static byte[] Hex(this JsonElement vector) => vector.GetProperty("hex").Bytes() ?? [];

    public static byte[]? Bytes(this JsonElement hex) => hex.ValueKind == JsonValueKind.Null ? null : Convert.FromHexString(hex.GetString()!);

    public static string? Text(this JsonElement element, string name)
        => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

using System.IO.Compression;
using System.Text.Json;

namespace AkkaStream.Tests.Actors.Configuration;

/// <summary>Kafka's own tables of configuration keys, and values tried on them.</summary>
internal static class ConfigVectors
{
    public static List<JsonElement> Read(string name)
    {
        using var zip = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "configs.zip"));
        using var reader = new StreamReader(zip.GetEntry(name)!.Open());
        var lines = new List<JsonElement>();
        while (reader.ReadLine() is { } line) lines.Add(JsonDocument.Parse(line).RootElement);
        return lines;
    }

    public static string? Text(this JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;

    public static bool Flag(this JsonElement line, string name) => line.TryGetProperty(name, out var value) && value.GetBoolean();
}

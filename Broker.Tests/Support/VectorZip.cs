using System.IO.Compression;
using System.Text.Json;

namespace AkkaStream.Tests.Support;

/// <summary>The compressed vectors beside the tests.</summary>
internal static class VectorZip
{
    /// <summary>The JSON objects of one entry, one for each line.</summary>
    public static List<JsonElement> Lines(string zip, string entry) => TextLines(zip, entry).Where(line => line.Length > 0).Select(line => JsonElement.Parse(line)).ToList();

    /// <summary>The lines of one entry.</summary>
    public static List<string> TextLines(string zip, string entry)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", zip));
        using var reader = new StreamReader(archive.GetEntry(entry)!.Open());
        var lines = new List<string>();
        while (reader.ReadLine() is { } line) lines.Add(line);
        return lines;
    }
}

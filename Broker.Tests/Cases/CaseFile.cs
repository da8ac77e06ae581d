using System.IO.Compression;

namespace AkkaStream.Tests.Cases;

/// <summary>One case, with the variables of one of its variants.</summary>
internal sealed record CaseFile(string Title, CaseObject Root, Dictionary<string, object?> Given)
{
    public bool Alone => Root.Flag("alone");

    public IEnumerable<string> Needs => Root.List("needs").Cast<string>();

    /// <summary>Every variant of every case of an area, from Vectors/cases.zip.</summary>
    public static List<CaseFile> Of(string area)
    {
        using var archive = ZipFile.OpenRead(Path.Combine(AppContext.BaseDirectory, "Vectors", "cases.zip"));
        return archive.Entries.Where(e => e.FullName.StartsWith(area + "/", StringComparison.Ordinal)).SelectMany(Variants).ToList();
    }

    private static List<CaseFile> Variants(ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        var root = CaseValue.ParseObject(stream);
        var name = entry.FullName[..^".json".Length];
        var each = root.List("each").Cast<CaseObject>().ToList();
        return each.Count == 0 ? [new(name, root, [])] : each.Select(given => new CaseFile($"{name}@{given.First().Key}={CaseValue.Show(given.First().Value)}", root, new(given))).ToList();
    }
}

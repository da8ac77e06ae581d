using System.Globalization;

namespace AkkaStream.Host.Dump;

/// <summary>Shows the files of a partition's folder as Kafka's own dump tool does: .log, .index, .timeindex, .txnindex, .snapshot, a Kafka controller's .checkpoint and ours, .image.</summary>
public static class FileDump
{
    /// <summary>Shows a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What of it.</param>
    /// <param name="output">Where to.</param>
    /// <param name="error">Where what is wrong with it is told.</param>
    /// <returns>Whether nothing is wrong; a file of another kind is told and passed over.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static bool Write(string path, DumpOptions options, TextWriter output, TextWriter error)
    {
        var line = new DumpLine(output, options.Json);
        line.Remark($"Dumping {path}");
        var extension = Path.GetExtension(path);
        if (!File.Exists(path)) return Refuse(error, $"{path}: {(Directory.Exists(path) ? "a folder" : "there is no such file")}");
        if (!IsKnown(extension))
        {
            error.WriteLine($"Ignoring unknown file {path}");
            return true;
        }

        var name = Path.GetFileNameWithoutExtension(path);
        var baseOffset = -1L;
        if (extension is not (".checkpoint" or ".image") && !long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out baseOffset)) return Refuse(error, $"{path}: the file's name is no offset, such as 00000000000000000000{extension}");
        using var handle = File.OpenHandle(path);
        return extension switch
        {
            ".log" => LogDump.Write(path, handle, $"Log starting offset: {baseOffset}", options, line, error),
            ".checkpoint" or ".image" => LogDump.Write(path, handle, TitleOf(name), options, line, error),
            ".index" => IndexDump.WriteOffsets(path, handle, baseOffset, options, line, error),
            ".timeindex" => TimeIndexDump.Write(path, handle, baseOffset, options, line, error),
            ".txnindex" => IndexDump.WriteAborted(path, handle, line, error),
            _ => SnapshotDump.Write(path, handle, line, error),
        };
    }

    /// <summary>The files that a path means: itself, or those of a folder that can be shown, by name.</summary>
    public static IEnumerable<string> FilesOf(string path)
        => !Directory.Exists(path) ? [path] : Directory.EnumerateFiles(path).Where(file => IsKnown(Path.GetExtension(file))).Order(StringComparer.Ordinal);

    internal static bool Refuse(TextWriter error, string sentence)
    {
        error.WriteLine(sentence);
        return false;
    }

    private static bool IsKnown(string extension) => extension is ".log" or ".index" or ".timeindex" or ".txnindex" or ".snapshot" or ".checkpoint" or ".image";

    // Snapshots of a controller are named by their end offset and epoch.
    private static string TitleOf(string name)
    {
        var parts = name.Split('-');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)
            ? $"Snapshot end offset: {offset}, epoch: {epoch}"
            : "KRaft bootstrap snapshot";
    }
}

using System.Globalization;

namespace AkkaStream.Host.Dump;

/// <summary>Shows the files of a partition's folder as Kafka's own dump tool does: .log, .index, .timeindex, .txnindex, .snapshot.</summary>
public static class FileDump
{
    /// <summary>Shows a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What of it.</param>
    /// <param name="output">Where to.</param>
    /// <returns>Null, or a sentence that tells what is wrong with the file.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string? Write(string path, DumpOptions options, TextWriter output)
    {
        var extension = Path.GetExtension(path);
        if (extension is not (".log" or ".index" or ".timeindex" or ".txnindex" or ".snapshot")) return $"{path}: not a .log, .index, .timeindex, .txnindex or .snapshot file";
        if (!long.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out var baseOffset))
        {
            return $"{path}: the file's name is no offset, such as 00000000000000000000{extension}";
        }

        using var handle = File.OpenHandle(path);
        var line = new DumpLine(output, options.Json);
        line.Remark($"Dumping {path}");
        return extension switch
        {
            ".log" => LogDump.Write(path, handle, baseOffset, options, line),
            ".index" => IndexDump.WriteOffsets(path, handle, baseOffset, line),
            ".timeindex" => IndexDump.WriteTimes(path, handle, baseOffset, line),
            ".txnindex" => IndexDump.WriteAborted(path, handle, line),
            _ => SnapshotDump.Write(path, handle, line),
        };
    }

    /// <summary>The files that a path means: itself, or those of a folder that can be shown, by name.</summary>
    public static IEnumerable<string> FilesOf(string path)
        => !Directory.Exists(path) ? [path]
            : Directory.EnumerateFiles(path).Where(file => Path.GetExtension(file) is ".log" or ".index" or ".timeindex" or ".txnindex" or ".snapshot").Order(StringComparer.Ordinal);
}

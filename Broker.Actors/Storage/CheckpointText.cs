using System.Globalization;
using System.Text;

namespace AkkaStream.Actors.Storage;

/// <summary>The form of Kafka's checkpoint files: version 0, the number of lines, then lines of fields with a space between.</summary>
internal static class CheckpointText
{
    /// <summary>Reads a file whose lines have <paramref name="fields"/> fields. False where anything does not fit; an empty file has no lines.</summary>
    public static bool TryReadLines(ReadOnlySpan<byte> bytes, int fields, out List<string[]> lines)
    {
        lines = [];
        if (bytes.IsEmpty) return true;
        foreach (var value in bytes)
        {
            if (value is not ((byte)'\n' or >= 0x20 and < 0x7f)) return false;
        }

        var rows = Encoding.ASCII.GetString(bytes).Split('\n');
        if (rows.Length < 3 || rows[^1].Length != 0 || rows[0] != "0") return false;
        if (!int.TryParse(rows[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count != rows.Length - 3) return false;
        for (var i = 0; i < count; i++)
        {
            var parts = rows[i + 2].Split(' ');
            if (parts.Length != fields) return false;
            lines.Add(parts);
        }

        return true;
    }
}

namespace AkkaStream.Host.Verbs;

/// <summary>A table as Kafka's transaction tools print it: every cell as wide as its column, a tab behind each.</summary>
internal static class TextTable
{
    /// <summary>Writes headers and rows.</summary>
    internal static void Write(TextWriter output, string[] headers, IReadOnlyList<string[]> rows)
    {
        var widths = headers.Select(h => h.Length).ToArray();
        foreach (var row in rows)
        {
            for (var i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], row[i].Length);
        }

        WriteRow(output, headers, widths);
        foreach (var row in rows) WriteRow(output, row, widths);
    }

    private static void WriteRow(TextWriter output, string[] cells, int[] widths)
    {
        for (var i = 0; i < cells.Length; i++) output.Write(cells[i].PadRight(widths[i]) + "\t");
        output.WriteLine();
    }
}

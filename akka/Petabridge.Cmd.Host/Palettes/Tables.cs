using System.Text;
using System.Text.Json;

namespace Petabridge.Cmd.Host.Palettes;

/// <summary>What the palettes of the engine have in common: tables for people, JSON for scripts.</summary>
internal static class Tables
{
    /// <summary>The argument that asks for JSON.</summary>
    public static ArgumentDefinitionBuilder Json(ArgumentDefinitionBuilder argument)
        => argument.WithName("json").WithDescription("JSON for scripts; pbm --output json asks for it.").WithSwitch(Internal.CommandLine.JsonSwitch);

    /// <summary>Whether it was asked for.</summary>
    public static bool WantsJson(CommandArguments arguments) => arguments.ArgumentValues("json").Any(value => value != "false");

    /// <summary>A table: headers and rows, each column as wide as its widest cell.</summary>
    public static string Text(string[] headers, IReadOnlyList<string[]> rows)
    {
        var widths = headers.Select((h, i) => rows.Select(r => r[i].Length).Append(h.Length).Max()).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(headers))
        {
            if (text.Length > 0) text.Append('\n');
            for (var i = 0; i < row.Length; i++) text.Append(i == row.Length - 1 ? row[i] : row[i].PadRight(widths[i] + 2));
        }

        return text.ToString();
    }

    /// <summary>JSON that <paramref name="write"/> writes.</summary>
    public static string WriteJson(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        return Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}

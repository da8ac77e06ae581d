using System.Globalization;
using System.Text.Json;

namespace AkkaStream.Host.Verbs;

/// <summary>Rows under headers, as text in columns and as JSON. A cell is a text, a number, a truth, a list of numbers, a <see cref="ByteCount"/>, or null for what is not known.</summary>
/// <param name="headers">In capitals; in JSON they are the properties' names, in camel case.</param>
internal sealed class RowTable(params string[] headers)
{
    private readonly List<object?[]> rows = [];

    /// <summary>How many rows there are.</summary>
    internal int Count => rows.Count;

    internal void Add(params object?[] cells) => rows.Add(cells);

    /// <summary>Columns that are as wide as their widest cell; the last one has no spaces behind it.</summary>
    internal void WriteText(TextWriter output)
    {
        var texts = rows.ConvertAll(row => Array.ConvertAll(row, TextOf));
        var widths = Array.ConvertAll(headers, header => header.Length);
        foreach (var row in texts)
        {
            for (var i = 0; i < row.Length; i++) widths[i] = Math.Max(widths[i], row[i].Length);
        }

        foreach (var row in texts.Prepend(headers)) output.WriteLine(string.Join("  ", row.Select((cell, i) => i == row.Length - 1 ? cell : cell.PadRight(widths[i]))).TrimEnd());
    }

    /// <summary>An array of objects.</summary>
    internal void WriteJson(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var row in rows)
        {
            json.WriteStartObject();
            for (var i = 0; i < row.Length; i++)
            {
                json.WritePropertyName(Camel(headers[i]));
                Write(json, row[i]);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string TextOf(object? cell) => cell switch
    {
        null or "" => "-",
        bool truth => truth ? "yes" : "no",
        IEnumerable<int> numbers => numbers.Any() ? string.Join(',', numbers) : "-",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString()!,
    };

    private static void Write(Utf8JsonWriter json, object? cell)
    {
        switch (cell)
        {
            case null: json.WriteNullValue(); break;
            case bool truth: json.WriteBooleanValue(truth); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case ByteCount bytes: json.WriteNumberValue(bytes.Bytes); break;
            case IEnumerable<int> numbers:
                json.WriteStartArray();
                foreach (var number in numbers) json.WriteNumberValue(number);
                json.WriteEndArray();
                break;
            default: json.WriteStringValue(cell.ToString()); break;
        }
    }

    private static string Camel(string header)
    {
        var words = header.Split('-', ' ');
        return string.Concat(words.Select((word, i) => i == 0 ? word.ToLowerInvariant() : char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant()));
    }
}

/// <summary>Bytes, with a unit as text and exact in JSON.</summary>
/// <param name="Bytes">How many.</param>
internal readonly record struct ByteCount(long Bytes)
{
    private static readonly string[] Units = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];

    /// <inheritdoc/>
    public override string ToString()
    {
        var (value, unit) = ((double)Bytes, 0);
        while (Math.Abs(value) >= 999.5 && unit < Units.Length - 1) (value, unit) = (value / 1000, unit + 1);
        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 || value >= 99.5 ? Math.Round(value) : Math.Round(value, 1))} {Units[unit]}");
    }
}

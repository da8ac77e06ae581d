using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AkkaStream.Host.Dump;

/// <summary>One line of a dump, as <c>name: value name: value</c> or as a JSON object. Made once and used again for every line.</summary>
internal sealed class DumpLine(TextWriter output, bool json)
{
    private readonly StringBuilder text = new();
    private int begun;

    /// <summary>Writes a line for people; programs get none.</summary>
    public void Remark(string sentence)
    {
        if (!json) output.WriteLine(sentence);
    }

    /// <summary>Begins a line.</summary>
    /// <param name="prefix">What stands before the text.</param>
    /// <param name="kind">What the JSON object calls itself.</param>
    public DumpLine Begin(string prefix, string kind)
    {
        text.Clear();
        if (!json) text.Append(prefix);
        else text.Append("{\"kind\":").Append(Quoted(kind));
        begun = text.Length;
        return this;
    }

    public DumpLine Add(string name, long value) => Raw(name, value.ToString(CultureInfo.InvariantCulture));

    public DumpLine Add(string name, bool value) => Raw(name, value ? "true" : "false");

    public DumpLine Add(string name, string value) => Raw(name, json ? Quoted(value) : value);

    /// <summary>A value that is JSON.</summary>
    public DumpLine AddJson(string name, string value) => Raw(name, value);

    /// <summary>A number that may be missing.</summary>
    public DumpLine AddOptional(string name, long? value)
    {
        var shown = value?.ToString(CultureInfo.InvariantCulture);
        return Raw(name, json ? shown ?? "null" : shown is null ? "OptionalLong.empty" : $"OptionalLong[{shown}]");
    }

    /// <summary>Names in brackets.</summary>
    public DumpLine AddList(string name, List<string> values)
        => Raw(name, json ? $"[{string.Join(',', values.ConvertAll(Quoted))}]" : $"[{string.Join(',', values)}]");

    /// <summary>Writes the line.</summary>
    public void End()
    {
        if (json) text.Append('}');
        // A record of which nothing is shown is an empty line.
        else if (text.Length == begun) text.Clear();
        output.WriteLine(text);
    }

    private static string Quoted(string value) => $"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    private DumpLine Raw(string name, string value)
    {
        if (json) text.Append(',').Append(Quoted(name)).Append(':').Append(value);
        else
        {
            if (text.Length > 0 && text[^1] != ' ') text.Append(' ');
            text.Append(name).Append(": ").Append(value);
        }

        return this;
    }
}

using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>Paths such as <c>akka.actor."/a.b".timeout</c>: elements divided by dots, quoted where an element holds one.</summary>
internal static class HoconPath
{
    /// <summary>The elements of a path; throws <see cref="ConfigurationException"/> where a quote is not closed.</summary>
    public static string[] Split(string path)
    {
        if (!path.Contains('"')) return path.Split('.', StringSplitOptions.TrimEntries);
        var elements = new List<string>();
        var element = new StringBuilder();
        var quoted = false;
        foreach (var c in path)
        {
            if (c == '"') quoted = !quoted;
            else if (c == '.' && !quoted) { elements.Add(element.ToString()); element.Clear(); }
            else element.Append(c);
        }

        if (quoted) throw new ConfigurationException($"the path '{path}' has a quote that is not closed");
        elements.Add(element.ToString());
        return [.. elements];
    }

    /// <summary>A key as it may stand in a text: quoted where it has to be.</summary>
    public static string Quote(string key)
    {
        foreach (var c in key)
        {
            if (!char.IsLetterOrDigit(c) && c is not ('-' or '_')) return QuoteText(key);
        }

        return key.Length == 0 ? "\"\"" : key;
    }

    /// <summary>A string in quotes, with the escapes that HOCON takes from JSON.</summary>
    public static string QuoteText(string value)
    {
        var text = new StringBuilder(value.Length + 2).Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", System.Globalization.CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }

        return text.Append('"').ToString();
    }
}

using System.Globalization;
using System.Text;

namespace AkkaStream.Host.Configuration;

/// <summary>One line of a properties file that says something.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value; may be empty.</param>
/// <param name="Line">The 1-based line at which it begins.</param>
public readonly record struct Property(string Key, string Value, int Line);

/// <summary>Files in the form of Java properties, as Kafka's configuration is: <c>key=value</c>, comments with # or !, continuation and escapes with a backslash.</summary>
public static class PropertiesFile
{
    /// <summary>All properties in the order of the file. A key that stands twice is there twice.</summary>
    /// <exception cref="FormatException">A \u escape is not four hexadecimal digits; the message names the line.</exception>
    public static List<Property> Parse(string text)
    {
        var properties = new List<Property>();
        using var reader = new StringReader(text);
        var number = 0;
        while (reader.ReadLine() is { } line)
        {
            var first = ++number;
            var logical = line.TrimStart(' ', '\t', '\f');
            if (logical.Length == 0 || logical[0] is '#' or '!') continue;
            while (IsContinued(logical))
            {
                logical = logical[..^1];
                if (reader.ReadLine() is not { } next) break;
                number++;
                logical += next.TrimStart(' ', '\t', '\f');
            }

            properties.Add(Split(logical, first));
        }

        return properties;
    }

    // An odd number of backslashes at the end escapes the line's end.
    private static bool IsContinued(string line)
    {
        var slashes = 0;
        for (var i = line.Length - 1; i >= 0 && line[i] == '\\'; i--) slashes++;
        return slashes % 2 == 1;
    }

    private static Property Split(string line, int number)
    {
        var end = 0;
        while (end < line.Length && line[end] is not ('=' or ':' or ' ' or '\t' or '\f')) end += line[end] == '\\' ? 2 : 1;
        end = Math.Min(end, line.Length);
        var start = end;
        while (start < line.Length && line[start] is ' ' or '\t' or '\f') start++;
        if (start < line.Length && line[start] is '=' or ':') start++;
        while (start < line.Length && line[start] is ' ' or '\t' or '\f') start++;
        return new Property(Unescape(line[..end], number), Unescape(line[start..], number), number);
    }

    private static string Unescape(string text, int number)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                if (text[i] != '\\') plain.Append(text[i]);
                continue;
            }

            i++;
            if (text[i] == 'u')
            {
                plain.Append(Unicode(text, i + 1, number));
                i += 4;
                continue;
            }

            plain.Append(text[i] switch { 't' => '\t', 'n' => '\n', 'r' => '\r', 'f' => '\f', var other => other });
        }

        return plain.ToString();
    }

    private static char Unicode(string text, int at, int number)
    {
        if (at + 4 <= text.Length && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)) return (char)code;
        throw new FormatException($"line {number}: \\u must be followed by four hexadecimal digits");
    }
}

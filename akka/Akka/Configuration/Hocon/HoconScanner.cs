using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>A HOCON text and a place in it: white space, comments, strings, and errors with line and column.</summary>
internal ref struct HoconScanner(string text)
{
    private int _position;

    /// <summary>Characters before the next one.</summary>
    public readonly int Position => _position;

    /// <summary>The next character, or 0 at the end.</summary>
    public readonly char Next => _position < text.Length ? text[_position] : '\0';

    /// <summary>Whether the text is used up.</summary>
    public readonly bool AtEnd => _position >= text.Length;

    /// <summary>Whether <paramref name="token"/> comes next.</summary>
    public readonly bool Sees(string token) => text.AsSpan(_position).StartsWith(token);

    /// <summary>Whether a comment comes next.</summary>
    public readonly bool SeesComment() => Next == '#' || Sees("//");

    /// <summary>Steps over <paramref name="token"/> if it comes next.</summary>
    public bool Take(string token)
    {
        if (!Sees(token)) return false;
        _position += token.Length;
        return true;
    }

    /// <summary>Takes one character.</summary>
    public char Take() => text[_position++];

    /// <summary>Steps over spaces, tabs and what else is white but ends no line; gives what was there.</summary>
    public ReadOnlySpan<char> Blanks()
    {
        var start = _position;
        while (!AtEnd && Next != '\n' && (char.IsWhiteSpace(Next) || Next == '\uFEFF')) _position++;
        return text.AsSpan(start, _position - start);
    }

    /// <summary>Steps over white space, ends of lines and comments, and over commas too where they only divide.</summary>
    public void Gaps(bool commas)
    {
        while (!AtEnd)
        {
            if (Next == '\n' || char.IsWhiteSpace(Next) || Next == '\uFEFF' || (commas && Next == ',')) _position++;
            else if (SeesComment()) RestOfLine();
            else return;
        }
    }

    /// <summary>A string in one or three pairs of quotes.</summary>
    public string Quoted()
    {
        if (Sees("\"\"\"")) return TripleQuoted();
        var start = _position++;
        var end = text.AsSpan(_position).IndexOfAny('"', '\\', '\n');
        if (end >= 0 && text[_position + end] == '"')
        {
            var plain = text.Substring(_position, end);
            _position += end + 1;
            return plain;
        }

        var value = new StringBuilder();
        while (!AtEnd && Next != '\n')
        {
            var c = Take();
            if (c == '"') return value.ToString();
            value.Append(c == '\\' ? Escape() : c);
        }

        throw Error(start, "the string that begins here is not closed");
    }

    /// <summary>What stands up to <paramref name="end"/>, which is stepped over.</summary>
    public string Until(char end, int start, string what)
    {
        var length = text.AsSpan(_position).IndexOfAny(end, '\n');
        if (length < 0 || text[_position + length] != end) throw Error(start, $"the {what} that begins here is not closed");
        var value = text.Substring(_position, length);
        _position += length + 1;
        return value;
    }

    /// <summary>What stands between two places.</summary>
    public readonly string Slice(int start, int end) => text[start..end];

    /// <summary>An error that names a place as line and column, both from 1.</summary>
    public readonly ConfigurationException Error(int position, string message) => Error(text, position, message);

    /// <summary>An error that names a place of <paramref name="text"/> as line and column, both from 1.</summary>
    public static ConfigurationException Error(string text, int position, string message)
    {
        var before = text.AsSpan(0, Math.Min(position, text.Length));
        var line = before.Count('\n') + 1;
        var column = before.Length - (before.LastIndexOf('\n') + 1) + 1;
        return new ConfigurationException($"line {line}, column {column}: {message}");
    }

    private void RestOfLine()
    {
        var length = text.AsSpan(_position).IndexOf('\n');
        _position = length < 0 ? text.Length : _position + length;
    }

    // Quotes beyond three at the end belong to the string.
    private string TripleQuoted()
    {
        var start = _position;
        _position += 3;
        var end = text.IndexOf("\"\"\"", _position, StringComparison.Ordinal);
        if (end < 0) throw Error(start, "the string in three quotes that begins here is not closed");
        while (end + 3 < text.Length && text[end + 3] == '"') end++;
        var value = text[_position..end];
        _position = end + 3;
        return value;
    }

    private char Escape()
    {
        var start = _position - 1;
        var c = AtEnd ? '\0' : Take();
        return c switch
        {
            '"' or '\\' or '/' => c,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => Unicode(start),
            _ => throw Error(start, "a backslash in a quoted string must be followed by one of \" \\ / b f n r t u"),
        };
    }

    private char Unicode(int start)
    {
        var digits = text.AsSpan(_position, Math.Min(4, text.Length - _position));
        if (digits.Length < 4 || !ushort.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code))
        {
            throw Error(start, "\\u must be followed by four hexadecimal digits");
        }

        _position += 4;
        return (char)code;
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace AkkaStream.Actors.Groups;

/// <summary>
/// A subscription's pattern, in RE2's language: it is matched in time linear in a topic's name, whatever the pattern, and what cannot be matched so
/// (looking around, referring back) is no pattern.
/// </summary>
internal sealed class TopicPattern
{
    private readonly Regex regex;

    private TopicPattern(Regex regex) => this.regex = regex;

    /// <summary>The pattern in a text; null where the text is none.</summary>
    public static TopicPattern? TryParse(string text)
    {
        try
        {
            var translated = Translate(text);
            if (translated is null) return null;
            // By itself first: put in brackets, two halves that do not belong together would fit.
            _ = new Regex(translated, RegexOptions.CultureInvariant);
            return new TopicPattern(new Regex($@"\A(?:{translated})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Whether the whole name fits.</summary>
    public bool Fits(string topic) => regex.IsMatch(topic);

    // What RE2 writes otherwise: (?P<name>..), \Q..\E, [[:alpha:]], \z at the end is the same. Null where repetitions would unfold beyond the limit.
    private static string? Translate(string text)
    {
        if (text.Length > Limits.TopicPatternLength || Unfolded(text) > Limits.TopicPatternUnfolded) return null;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text.AsSpan(i).StartsWith(@"\Q"))
            {
                var end = text.IndexOf(@"\E", i, StringComparison.Ordinal);
                plain.Append(Regex.Escape(end < 0 ? text[(i + 2)..] : text[(i + 2)..end]));
                i = end < 0 ? text.Length : end + 1;
            }
            else if (text.AsSpan(i).StartsWith("(?P<"))
            {
                plain.Append("(?<");
                i += 3;
            }
            else if (text[i] == '\\' && i + 1 < text.Length)
            {
                plain.Append(text, i++, 2);
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return PosixClass.Replace(plain.ToString());
    }

    // About how many steps the pattern has when its counted repetitions are written out, which is what matching costs for each character.
    private static long Unfolded(string text)
    {
        var sizes = new Stack<(long Size, long Last)>();
        (long Size, long Last) now = (0, 0);
        for (var i = 0; i < text.Length && now.Size <= Limits.TopicPatternUnfolded; i++)
        {
            switch (text[i])
            {
                case '(':
                    sizes.Push(now);
                    now = (0, 0);
                    break;
                case ')' when sizes.Count > 0:
                    var inner = now.Size + now.Last;
                    now = sizes.Pop();
                    now = (now.Size + now.Last, inner);
                    break;
                case '{':
                    now.Last *= Math.Max(1, Repetitions(text, i));
                    break;
                default:
                    if (text[i] == '\\') i++;
                    now = (now.Size + now.Last, 1);
                    break;
            }
        }

        while (sizes.TryPop(out var outer)) now.Size += outer.Size + outer.Last;
        return now.Size + now.Last;
    }

    private static long Repetitions(string text, int brace)
    {
        var most = 0L;
        var number = 0L;
        for (var i = brace + 1; i < text.Length && text[i] != '}'; i++)
        {
            if (text[i] == ',') number = 0;
            else if (char.IsAsciiDigit(text[i])) number = Math.Min(int.MaxValue, (number * 10) + text[i] - '0');
            else return 1;
            most = Math.Max(most, number);
        }

        return most;
    }

    private static class PosixClass
    {
        private static readonly (string Name, string Range)[] Classes =
        [
            ("[:alnum:]", "0-9A-Za-z"), ("[:alpha:]", "A-Za-z"), ("[:digit:]", "0-9"), ("[:lower:]", "a-z"), ("[:upper:]", "A-Z"), ("[:word:]", "0-9A-Za-z_"),
            ("[:xdigit:]", "0-9A-Fa-f"), ("[:space:]", @"\s"), ("[:punct:]", @"!-/:-@\[-`{-~"),
        ];

        public static string Replace(string text)
        {
            foreach (var (name, range) in Classes) text = text.Replace(name, range, StringComparison.Ordinal);
            return text;
        }
    }
}

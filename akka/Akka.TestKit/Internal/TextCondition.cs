using System.Text.RegularExpressions;
using Akka.Event;

namespace Akka.TestKit.Internal;

/// <summary>What the text and the source of a log event have to be; null for anything.</summary>
internal sealed record TextCondition(string? Whole, string? Start, string? Contained, Regex? Pattern, string? Source)
{
    public bool Text(string? text)
    {
        text ??= "";
        return (Whole is null || text == Whole)
            && (Start is null || text.StartsWith(Start, StringComparison.Ordinal))
            && (Contained is null || text.Contains(Contained, StringComparison.Ordinal))
            && (Pattern is null || Pattern.IsMatch(text));
    }

    /// <summary>Whether the event comes from the source: a name, a path with or without address, with or without the actor's uid.</summary>
    public bool From(LogEvent log)
    {
        if (Source is null) return true;
        var actual = Bare(log.LogSource);
        var wanted = Bare(Source);
        return actual == wanted || (wanted.StartsWith('/') && actual.StartsWith("akka", StringComparison.Ordinal) && actual.EndsWith(wanted, StringComparison.Ordinal));
    }

    public override string ToString()
    {
        var text = Whole is not null ? $" '{Whole}'" : Start is not null ? $" that begin with '{Start}'" : Contained is not null ? $" with '{Contained}'" : Pattern is not null ? $" like '{Pattern}'" : "";
        return Source is null ? text : $"{text} from {Source}";
    }

    // Log sources are written as [akka://name/user/actor#uid].
    private static string Bare(string source)
    {
        var bare = source.Trim('[', ']');
        var uid = bare.LastIndexOf('#');
        return uid > 0 ? bare[..uid] : bare;
    }
}

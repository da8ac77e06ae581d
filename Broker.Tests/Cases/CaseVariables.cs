using System.Globalization;
using System.Text.RegularExpressions;

namespace AkkaStream.Tests.Cases;

/// <summary>The variables of one run of a case: unique names, captures, and what the replayer sets.</summary>
internal sealed partial class CaseVariables(Dictionary<string, object?> bound, string suffix)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, object?> bound = new(bound);

    [GeneratedRegex(@"^\$([A-Za-z][A-Za-z0-9_]*)([+-]\d+)?$")]
    public static partial Regex Whole();

    [GeneratedRegex(@"\$\{([A-Za-z][A-Za-z0-9_]*)}")]
    private static partial Regex Inside();

    public CaseVariables Copy()
    {
        lock (gate) return new CaseVariables(bound, suffix);
    }

    public void Take(CaseVariables other)
    {
        lock (gate)
        {
            foreach (var (name, value) in other.bound) bound[name] = value;
        }
    }

    public bool TryGet(string name, out object? value)
    {
        lock (gate) return bound.TryGetValue(name, out value);
    }

    public void Set(string name, object? value)
    {
        lock (gate) bound[name] = value;
    }

    public string Name(string name)
    {
        lock (gate)
        {
            if (!bound.TryGetValue(name, out var value)) bound[name] = value = $"{name}-{suffix}";
            return Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }
    }

    public string Text(string template) => Inside().Replace(template, m => Name(m.Groups[1].Value));

    /// <summary>The value of "$name" or "$name+1"; false where the text is no variable or nothing has bound it.</summary>
    public bool TryValue(string text, out object? value)
    {
        value = null;
        var m = Whole().Match(text);
        if (!m.Success || !TryGet(m.Groups[1].Value, out value)) return false;
        if (!m.Groups[2].Success) return true;
        value = value is long n ? n + long.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture) : throw new CaseException($"{text} is not a number");
        return true;
    }

    /// <summary>Puts values in place of variables, {"pad", "to"} and {"random"}, throughout.</summary>
    public object? Resolve(object? v)
    {
        switch (v)
        {
            case string text: return ResolveText(text);
            case List<object?> list: return list.Select(Resolve).ToList();
            case CaseObject o when o.ContainsKey("pad"): return Text(o.Text("pad")).PadRight((int)o.Number("to", 0), 'x');
            case CaseObject o when o.ContainsKey("random"): return Noise((int)o.Number("random", 0));
            case CaseObject o:
                var resolved = new CaseObject();
                foreach (var (name, value) in o) resolved[name] = Resolve(value);
                return resolved;
            default: return v;
        }
    }

    private object? ResolveText(string text)
    {
        if (text.StartsWith("$$", StringComparison.Ordinal)) return text[1..];
        if (!Whole().IsMatch(text)) return Text(text);
        return TryValue(text, out var value) ? value : throw new CaseException($"nothing has bound {text}");
    }

    private static string Noise(int size)
    {
        var random = new Random(7);
        return string.Create(size, random, static (span, dice) =>
        {
            foreach (ref var c in span) c = (char)('0' + dice.Next(75));
        });
    }
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace AkkaStream.Tests.Cases;

/// <summary>Compares what came with what was expected, and collects the differences.</summary>
internal sealed partial class CaseMatch(CaseVariables variables, int version)
{
    private static readonly string[] BetterThanUnknown = ["UNKNOWN_SERVER_ERROR"];

    public CaseVariables Variables { get; } = variables;

    public List<string> Differences { get; } = [];

    public void Check(object? want, bool present, object? got, CaseStruct? shape, string path)
    {
        switch (want)
        {
            case string text: Text(text, present, got, path); break;
            case CaseObject form when form.Count > 0 && form.Keys.First().StartsWith('$'): Form(form, present, got, shape, path); break;
            case var _ when !present: Differ(path, want, "nothing"); break;
            case CaseObject o: Object(o, got, shape, path); break;
            case List<object?> list: List(list, got, shape, path); break;
            default:
                if (!CaseValue.Same(want, got)) Differ(path, want, got);
                break;
        }
    }

    private void Differ(string path, object? want, object? got)
        => Differences.Add($"{(path.Length == 0 ? "the answer" : path)}: expected {CaseValue.Show(want)}, got {CaseValue.Show(got)}");

    private void Object(CaseObject want, object? got, CaseStruct? shape, string path)
    {
        if (want.ContainsKey("message") && got is string)
        {
            var bytes = CaseDecoder.Render(CaseEncoder.Bytes(Variables.Resolve(want), path));
            if (!CaseValue.Same(bytes, got)) Differ(path, bytes, got);
            return;
        }

        if (got is not CaseObject actual)
        {
            Differ(path, want, got);
            return;
        }

        foreach (var (name, value) in want)
        {
            CaseField? field = null;
            shape?.ByName.TryGetValue(name, out field);
            if (name == "errorMessage" || (field is not null && !field.Versions.Has(version))) continue;
            var present = actual.TryGetValue(name, out var v);
            Check(value, present, v, field?.Struct, path.Length == 0 ? name : $"{path}.{name}");
        }
    }

    private void List(List<object?> want, object? got, CaseStruct? shape, string path)
    {
        if (Elements(got) is not { } actual)
        {
            Differ(path, want, got);
        }
        else if (want.Count != actual.Count)
        {
            Differ(path, $"{want.Count} elements {CaseValue.Show(want)}", actual);
        }
        else
        {
            for (var i = 0; i < want.Count; i++) Check(want[i], true, actual[i], shape, $"{path}[{i}]");
        }
    }

    private static List<object?>? Elements(object? got)
        => got is CaseObject o && o.ContainsKey("batches") ? CaseRecords.Flat(o) : got as List<object?>;

    private void Text(string want, bool present, object? got, string path)
    {
        if (want == "$absent")
        {
            if (present) Differ(path, "nothing", got);
            return;
        }

        if (!present)
        {
            Differ(path, want, "nothing");
            return;
        }

        if (want.StartsWith('$') && !want.StartsWith("$$", StringComparison.Ordinal) && !want.StartsWith("${", StringComparison.Ordinal))
        {
            if (!Word(want, got, path)) Differ(path, want, got);
            return;
        }

        var expected = want.StartsWith("$$", StringComparison.Ordinal) ? want[1..] : Variables.Text(want);
        // Where Kafka only says UNKNOWN_SERVER_ERROR, a more telling code is right too.
        if (BetterThanUnknown.Contains(expected) && got is string code && code != "NONE") return;
        if (!Equals(got, expected)) Differ(path, expected, got);
    }

    private bool Word(string want, object? got, string path)
    {
        switch (want)
        {
            case "$any": return true;
            case "$int": return got is long;
            case "$string": return got is string;
            case "$nonempty": return got is string { Length: > 0 } || Elements(got) is { Count: > 0 } || got is CaseObject { Count: > 0 };
            case "$uuid": return got is string { Length: 22 } id && id.Any(c => c != 'A');
            case "$now": return got is long at && Math.Abs(at - DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()) < 60_000;
        }

        var m = Comparison().Match(want);
        return m.Success ? got is long n && Compares(m.Groups[1].Value, n, long.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture)) : Capture(want, got, path);
    }

    private static bool Compares(string sign, long a, long b) => sign switch
    {
        ">" => a > b,
        ">=" => a >= b,
        "<" => a < b,
        "<=" => a <= b,
        _ => a != b,
    };

    private bool Capture(string want, object? got, string path)
    {
        var m = CaseVariables.Whole().Match(want);
        if (!m.Success) throw new CaseException($"{path}: no matcher is called {want}");
        if (Variables.TryValue(want, out var value)) return CaseValue.Same(value, got);
        if (m.Groups[2].Success) throw new CaseException($"{path}: nothing has bound {want}");
        Variables.Set(m.Groups[1].Value, got);
        return true;
    }

    private void Form(CaseObject want, bool present, object? got, CaseStruct? shape, string path)
    {
        var form = want.Keys.First();
        var arg = want[form];
        if (!present)
        {
            Differ(path, want, "nothing");
            return;
        }

        var actual = form != "$bind" && Elements(got) is { } list ? list : got;
        switch (form)
        {
            case "$unordered": Unordered((List<object?>)arg!, actual, shape, path, true); break;
            case "$contains": Unordered((List<object?>)arg!, actual, shape, path, false); break;
            case "$excludes": Excludes((List<object?>)arg!, actual, shape, path); break;
            case "$all":
                var items = Elements(actual) ?? [];
                for (var i = 0; i < items.Count; i++) Check(arg, true, items[i], shape, $"{path}[{i}]");
                break;
            case "$len": Check(arg, true, actual is string text ? text.Length : (long)(Elements(actual)?.Count ?? -1), null, path + " length"); break;
            case "$bind":
                Check(want.TryGetValue("is", out var inner) ? inner : "$any", true, actual, shape, path);
                Variables.Set((string)arg!, actual);
                break;
            default:
                if (!Fits(form, arg, actual, shape, path)) Differ(path, want, actual);
                break;
        }
    }

    private bool Fits(string form, object? arg, object? actual, CaseStruct? shape, string path)
    {
        switch (form)
        {
            case "$oneOf":
                var then = ((List<object?>)arg!).Select(w => Matches(w, actual, shape)).FirstOrDefault(v => v is not null);
                if (then is not null) Variables.Take(then);
                return then is not null;
            case "$not": return Matches(arg, actual, shape) is null;
            case "$regex": return actual is string text && Regex.IsMatch(text, $"^(?:{Variables.Text((string)arg!)})$");
            case "$between":
                var bounds = (List<object?>)Variables.Resolve(arg)!;
                return actual is long n && n >= (long)bounds[0]! && n <= (long)bounds[1]!;
            default: throw new CaseException($"{path}: no matcher is called {form}");
        }
    }

    private void Excludes(List<object?> unwanted, object? actual, CaseStruct? shape, string path)
    {
        foreach (var found in (Elements(actual) ?? []).Where(a => unwanted.Any(w => Matches(w, a, shape) is not null))) Differ(path, "no such element", found);
    }

    private CaseVariables? Matches(object? want, object? got, CaseStruct? shape)
    {
        var trial = new CaseMatch(Variables.Copy(), version);
        trial.Check(want, true, got, shape, "");
        return trial.Differences.Count == 0 ? trial.Variables : null;
    }

    private void Unordered(List<object?> want, object? got, CaseStruct? shape, string path, bool exact)
    {
        if (Elements(got) is not { } actual)
        {
            Differ(path, want, got);
            return;
        }

        if (exact && want.Count != actual.Count) Differ(path, $"{want.Count} elements in any order {CaseValue.Show(want)}", actual);
        var left = Enumerable.Range(0, actual.Count).ToList();
        foreach (var w in want)
        {
            var found = left.Select(i => (i, then: Matches(w, actual[i], shape))).FirstOrDefault(f => f.then is not null);
            if (found.then is null)
            {
                Differ(path, $"an element like {CaseValue.Show(w)}", actual);
                continue;
            }

            left.Remove(found.i);
            Variables.Take(found.then);
        }
    }

    [GeneratedRegex(@"^\$int(>=|<=|!=|>|<)(-?\d+)$")]
    private static partial Regex Comparison();
}

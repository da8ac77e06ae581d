using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AkkaStream.Tests.Cases;

/// <summary>The case itself is wrong.</summary>
internal sealed class CaseException(string message) : Exception(message);

/// <summary>The broker's bytes or behaviour are wrong.</summary>
internal sealed class WrongException(string message) : Exception(message);

/// <summary>An object of a case or of an answer. Values are null, bool, long, double, string, <see cref="CaseObject"/> or a list of those.</summary>
internal sealed class CaseObject : Dictionary<string, object?>
{
    public string Text(string key, string fallback = "") => TryGetValue(key, out var v) && v is string s ? s : fallback;

    public long Number(string key, long fallback) => TryGetValue(key, out var v) && v is long n ? n : fallback;

    public bool Flag(string key) => TryGetValue(key, out var v) && v is true;

    public CaseObject Object(string key) => TryGetValue(key, out var v) && v is CaseObject o ? o : [];

    public List<object?> List(string key) => TryGetValue(key, out var v) && v is List<object?> l ? l : [];
}

/// <summary>JSON to plain values and back to text.</summary>
internal static class CaseValue
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static CaseObject ParseObject(Stream json)
    {
        using var document = JsonDocument.Parse(json, Lenient);
        return (CaseObject)Of(document.RootElement)!;
    }

    public static object? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => ObjectOf(element),
        JsonValueKind.Array => element.EnumerateArray().Select(Of).ToList(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? (object)whole : element.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    public static string Show(object? value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.Length <= 300 ? text.ToString() : $"{text.ToString(0, 280)}… ({text.Length} characters)";
    }

    public static bool Same(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (long x, double y) => x == y,
        (double x, long y) => x == y,
        (List<object?> x, List<object?> y) => x.Count == y.Count && x.Zip(y).All(pair => Same(pair.First, pair.Second)),
        (CaseObject x, CaseObject y) => x.Count == y.Count && x.All(e => y.TryGetValue(e.Key, out var other) && Same(e.Value, other)),
        _ => a?.Equals(b) == true,
    };

    private static CaseObject ObjectOf(JsonElement element)
    {
        var result = new CaseObject();
        foreach (var property in element.EnumerateObject()) result[property.Name] = Of(property.Value);
        return result;
    }

    private static void Write(StringBuilder to, object? value)
    {
        switch (value)
        {
            case string s: to.Append('"').Append(s).Append('"'); break;
            case CaseObject o: WriteAll(to, '{', '}', o, e => { to.Append(e.Key).Append(':'); Write(to, e.Value); }); break;
            case List<object?> l: WriteAll(to, '[', ']', l, e => Write(to, e)); break;
            default: to.Append(Convert.ToString(value ?? "null", CultureInfo.InvariantCulture)); break;
        }
    }

    private static void WriteAll<T>(StringBuilder to, char open, char close, IEnumerable<T> items, Action<T> write)
    {
        to.Append(open);
        var first = true;
        foreach (var item in items)
        {
            if (!first) to.Append(", ");
            first = false;
            write(item);
        }

        to.Append(close);
    }
}

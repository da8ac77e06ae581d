using System.Text;

namespace Akka.Configuration.Hocon;

/// <summary>An object of a HOCON document: keys in the order of their first appearance.</summary>
public class HoconObject
{
    /// <summary>An object without keys.</summary>
    public HoconObject() => Items = new Dictionary<string, HoconValue>(StringComparer.Ordinal);

    /// <summary>The object's own keys (one element of a path each) and their values.</summary>
    public Dictionary<string, HoconValue> Items { get; }

    /// <summary>The value of one key, or null.</summary>
    public HoconValue? GetKey(string key) => Items.GetValueOrDefault(key);

    /// <summary>Renders the object on as many lines as it has keys, indented by two spaces a level.</summary>
    public override string ToString() => ToString(0);

    /// <summary>Renders the object, its lines indented by <paramref name="indent"/> levels of two spaces.</summary>
    public string ToString(int indent)
    {
        var text = new StringBuilder();
        Render(text, indent);
        return text.ToString();
    }

    // Both sides stay as they are, since a substitution may show either of them at another place too.
    internal static HoconObject Merge(HoconObject under, HoconObject over, Action<HoconValue>? beforeMerge = null)
    {
        var merged = new HoconObject();
        foreach (var (key, value) in under.Items) merged.Items[key] = value;
        foreach (var (key, value) in over.Items)
        {
            merged.Items[key] = merged.Items.TryGetValue(key, out var below) ? MergeValue(below, value, beforeMerge) : value;
        }

        return merged;
    }

    internal static HoconValue MergeValue(HoconValue under, HoconValue over, Action<HoconValue>? beforeMerge = null)
    {
        beforeMerge?.Invoke(over);
        if (over.Kind == HoconKind.Undefined) return under;
        if (over.Kind != HoconKind.Object) return over;
        beforeMerge?.Invoke(under);
        return under.Kind == HoconKind.Object ? HoconValue.Of(Merge(under.Object!, over.Object!, beforeMerge)) : over;
    }

    internal void Render(StringBuilder text, int indent)
    {
        foreach (var (key, value) in Items)
        {
            text.Append(' ', indent * 2).Append(HoconPath.Quote(key));
            if (value.Kind == HoconKind.Object)
            {
                text.Append(" {\n");
                value.Object!.Render(text, indent + 1);
                text.Append(' ', indent * 2).Append("}\n");
                continue;
            }

            text.Append(" = ");
            value.Render(text, indent);
            text.Append('\n');
        }
    }
}

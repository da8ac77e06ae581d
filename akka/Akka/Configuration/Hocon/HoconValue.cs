using System.Globalization;
using System.Text;

namespace Akka.Configuration.Hocon;

internal enum HoconKind : byte
{
    /// <summary>Not there: an optional substitution of nothing.</summary>
    Undefined,
    Null,
    String,
    Object,
    Array,

    /// <summary>Holds substitutions that are not looked up yet; only while a document is parsed.</summary>
    Deferred,
}

/// <summary>A value of a HOCON document: a string, an object, an array, or nothing. Getters throw <see cref="ConfigurationException"/> where the text does not fit.</summary>
public class HoconValue
{
    private string? _text;

    /// <summary>A value that is not there.</summary>
    public HoconValue()
    {
    }

    /// <summary>Whether there is no value.</summary>
    public bool IsEmpty => Kind is HoconKind.Undefined or HoconKind.Null || (Kind == HoconKind.Object && Object!.Items.Count == 0);

    internal HoconKind Kind { get; private set; }

    internal HoconObject? Object { get; private set; }

    internal List<HoconValue>? Array { get; private set; }

    internal HoconConcatenation? Concatenation { get; private set; }

    /// <summary>Whether the resolver has been here and below.</summary>
    internal bool Settled { get; set; }

    /// <summary>Whether it is a string (or number, boolean, duration, size).</summary>
    public bool IsString() => Kind == HoconKind.String;

    /// <summary>Whether it is an object.</summary>
    public bool IsObject() => Kind == HoconKind.Object;

    /// <summary>Whether it is an array.</summary>
    public bool IsArray() => Kind == HoconKind.Array;

    /// <summary>The object, or null where the value is none.</summary>
    public HoconObject? GetObject() => Object;

    /// <summary>The value of a key of this object, or null.</summary>
    public HoconValue? GetChildObject(string key) => Object?.GetKey(key);

    /// <summary>The elements of an array; throws where the value is none.</summary>
    public IList<HoconValue> GetArray() => Array ?? throw Misfit("an array");

    /// <summary>The string, or null where there is no value; throws for objects and arrays.</summary>
    public string? GetString() => Kind switch
    {
        HoconKind.String => _text,
        HoconKind.Null or HoconKind.Undefined => null,
        _ => throw Misfit("a string"),
    };

    /// <summary>true/on/yes or false/off/no.</summary>
    public bool GetBoolean() => HoconUnits.TryBoolean(Text("a boolean"), out var value) ? value : throw Misfit("true/on/yes or false/off/no");

    /// <summary>A 32-bit integer.</summary>
    public int GetInt() => int.TryParse(Text("an integer"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : throw Misfit("a 32-bit integer");

    /// <summary>A 64-bit integer.</summary>
    public long GetLong() => long.TryParse(Text("an integer"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : throw Misfit("a 64-bit integer");

    /// <summary>A number of 0 to 255.</summary>
    public byte GetByte() => byte.TryParse(Text("an integer"), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : throw Misfit("0 to 255");

    /// <summary>A floating-point number.</summary>
    public double GetDouble() => double.TryParse(Text("a number"), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Misfit("a number");

    /// <summary>A floating-point number.</summary>
    public float GetFloat() => float.TryParse(Text("a number"), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Misfit("a number");

    /// <summary>A decimal number.</summary>
    public decimal GetDecimal() => decimal.TryParse(Text("a number"), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : throw Misfit("a number");

    /// <summary>A duration such as <c>10s</c> or <c>infinite</c>; without a unit in milliseconds.</summary>
    public TimeSpan GetTimeSpan(bool allowInfinite = true)
        => HoconUnits.TryDuration(Text("a duration"), allowInfinite, out var value) ? value : throw Misfit("a duration such as 10s");

    /// <summary>A size in bytes such as <c>64k</c> or <c>1 MiB</c>; null where there is no value.</summary>
    public long? GetByteSize()
        => Kind is HoconKind.Null or HoconKind.Undefined ? null : HoconUnits.TryBytes(Text("a size"), out var value) ? value : throw Misfit("a size in bytes such as 64k");

    /// <summary>The strings of an array.</summary>
    public IList<string> GetStringList() => List(value => value.GetString() ?? "");

    /// <summary>The integers of an array.</summary>
    public IList<int> GetIntList() => List(value => value.GetInt());

    /// <summary>The integers of an array.</summary>
    public IList<long> GetLongList() => List(value => value.GetLong());

    /// <summary>The booleans of an array.</summary>
    public IList<bool> GetBooleanList() => List(value => value.GetBoolean());

    /// <summary>The numbers of an array.</summary>
    public IList<double> GetDoubleList() => List(value => value.GetDouble());

    /// <summary>The value as it may stand in a document.</summary>
    public override string ToString() => ToString(0);

    /// <summary>The value as it may stand in a document, inner lines indented by <paramref name="indent"/> levels of two spaces.</summary>
    public virtual string ToString(int indent)
    {
        var text = new StringBuilder();
        Render(text, indent);
        return text.ToString();
    }

    /// <summary>A configuration with this value below the path <paramref name="key"/>.</summary>
    public Config AtKey(string key)
    {
        var root = new HoconObject();
        root.Items[key] = this;
        return new Config(Of(root));
    }

    /// <summary>A configuration whose root is this object; empty where it is none.</summary>
    public Config ToConfig() => Kind == HoconKind.Object ? new Config(this) : Config.Empty;

    internal static HoconValue Of(HoconObject value) => new() { Kind = HoconKind.Object, Object = value };

    internal static HoconValue Of(List<HoconValue> value) => new() { Kind = HoconKind.Array, Array = value };

    internal static HoconValue Of(string? value) => new() { Kind = value is null ? HoconKind.Null : HoconKind.String, _text = value };

    internal static HoconValue Of(HoconConcatenation value) => new() { Kind = HoconKind.Deferred, Concatenation = value };

    internal void Become(HoconValue? other)
    {
        Kind = other?.Kind ?? HoconKind.Undefined;
        _text = other?._text;
        Object = other?.Object;
        Array = other?.Array;
        Concatenation = null;
    }

    internal void Render(StringBuilder text, int indent)
    {
        if (Kind == HoconKind.String)
        {
            text.Append(NeedsNoQuotes(_text!) ? _text : HoconPath.QuoteText(_text!));
        }
        else if (Kind == HoconKind.Object)
        {
            text.Append("{\n");
            Object!.Render(text, indent + 1);
            text.Append(' ', indent * 2).Append('}');
        }
        else if (Kind == HoconKind.Array)
        {
            text.Append('[');
            for (var i = 0; i < Array!.Count; i++)
            {
                if (i > 0) text.Append(", ");
                Array[i].Render(text, indent + 1);
            }

            text.Append(']');
        }
        else
        {
            text.Append("null");
        }
    }

    private static bool NeedsNoQuotes(string text)
    {
        if (text.Length == 0 || text == "null") return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')) return false;
        }

        return true;
    }

    private string Text(string expected) => Kind == HoconKind.String ? _text! : throw Misfit(expected);

    private ConfigurationException Misfit(string expected) => new($"expected {expected}, not {ToString()}");

    private List<T> List<T>(Func<HoconValue, T> read)
    {
        var list = new List<T>();
        foreach (var element in GetArray()) list.Add(read(element));
        return list;
    }
}

using System.Text;
using AkkaStream.Actors.Configuration.Keys;

namespace AkkaStream.Actors.Configuration;

/// <summary>One configuration key: name, type, default, bounds, meaning. Built from its line in <see cref="KeyTables"/>; what is rarely asked is read there when asked.</summary>
public sealed class ConfigKey
{
    private readonly KeyTables.Table table;
    private readonly Range rule;
    private readonly Range flags;
    private readonly Range synonyms;
    private readonly Range documentation;

    private ConfigKey(KeyTables.Table table, string name, ConfigType type, string? defaultValue, Range rule, Range flags, Range synonyms, Range documentation)
    {
        this.table = table;
        Name = name;
        Type = type;
        Default = defaultValue;
        this.rule = rule;
        this.flags = flags;
        this.synonyms = synonyms;
        this.documentation = documentation;
    }

    /// <summary>The name, Kafka's where Kafka has the key.</summary>
    public string Name { get; }

    /// <summary>The type of its value.</summary>
    public ConfigType Type { get; }

    /// <summary>The value where none is set, in its canonical form; null where there is none.</summary>
    public string? Default { get; }

    /// <summary>What a value must be beyond its type, as in "1..", "in a, b"; empty where there is no bound.</summary>
    public string Bounds => Text(rule);

    /// <summary>One sentence that tells what it does, with its unit.</summary>
    public string Documentation => Text(documentation);

    /// <summary>How much it matters.</summary>
    public ConfigImportance Importance => Source[flags][0] switch { (byte)'H' => ConfigImportance.High, (byte)'M' => ConfigImportance.Medium, _ => ConfigImportance.Low };

    /// <summary>Whether a running broker takes a new value.</summary>
    public ConfigUpdateMode UpdateMode => Source[flags][1] switch { (byte)'C' => ConfigUpdateMode.ClusterWide, (byte)'B' => ConfigUpdateMode.PerBroker, _ => ConfigUpdateMode.ReadOnly };

    /// <summary>Whether this version of AkkaStream acts on it; a key without effect is accepted so that a Kafka configuration can be used as it is.</summary>
    public bool HasEffect => Source[flags].Contains((byte)'+');

    /// <summary>Whether it will go one day.</summary>
    public bool IsDeprecated => Source[flags].Contains((byte)'d');

    /// <summary>Whether it is for tests and insiders; not shown by DescribeConfigs.</summary>
    public bool IsInternal => Source[flags].Contains((byte)'i');

    /// <summary>Whether its value is never shown.</summary>
    public bool IsSensitive => Type == ConfigType.Password;

    /// <summary>The broker keys that are the default of this topic or group key, in the order in which they are tried.</summary>
    public IReadOnlyList<ConfigSynonym> BrokerSynonyms => Parse(Text(synonyms));

    private ReadOnlySpan<byte> Source => KeyTables.Of(table);

    /// <summary>Null where <paramref name="value"/> may stand for this key, else a sentence that tells why not.</summary>
    public string? Check(string? value) => ConfigRules.Check(this, value);

    /// <summary>The value as DescribeConfigs shows it: without blanks, numbers and booleans in their plain form. Must have been checked.</summary>
    public string Canonical(string value) => ConfigText.Canonical(Type, value);

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Reads a line of a table: name | type | default | rule | flags | (synonyms |) sentence.</summary>
    internal static ConfigKey Parse(KeyTables.Table table, ReadOnlySpan<byte> source, int start, int end, bool hasSynonyms)
    {
        Span<Range> parts = stackalloc Range[7];
        var count = hasSynonyms ? 7 : 6;
        for (var i = 0; i < count; i++)
        {
            var stop = i == count - 1 ? end : start + source[start..end].IndexOf((byte)'|');
            parts[i] = Trimmed(source, start, stop);
            start = stop + 1;
        }

        var name = Encoding.UTF8.GetString(source[parts[0]]);
        var type = ConfigText.TypeOf(source[parts[1]]);
        return new ConfigKey(table, name, type, DefaultOf(source[parts[2]]), parts[3], parts[4], hasSynonyms ? parts[5] : default, parts[count - 1]);
    }

    private static string? DefaultOf(ReadOnlySpan<byte> text)
        => text.SequenceEqual("-"u8) ? null : text.SequenceEqual("''"u8) ? "" : Encoding.UTF8.GetString(text);

    private static Range Trimmed(ReadOnlySpan<byte> source, int start, int end)
    {
        while (start < end && source[start] == ' ') start++;
        while (end > start && source[end - 1] == ' ') end--;
        return start..end;
    }

    private static ConfigSynonym[] Parse(string text)
    {
        if (text.Length == 0) return [];
        var names = text.Split(", ");
        var parsed = new ConfigSynonym[names.Length];
        for (var i = 0; i < names.Length; i++)
        {
            var star = names[i].IndexOf('*', StringComparison.Ordinal);
            parsed[i] = star < 0 ? new ConfigSynonym(names[i], 1) : new ConfigSynonym(names[i][..star], ConfigText.Long(names[i].AsSpan(star + 1)));
        }

        return parsed;
    }

    private string Text(Range range) => Encoding.UTF8.GetString(Source[range]);
}

/// <summary>A broker key that is the default of another key.</summary>
/// <param name="Name">The broker key.</param>
/// <param name="Factor">What a value of the broker key is multiplied by: hours become milliseconds. 1 where the units agree.</param>
public readonly record struct ConfigSynonym(string Name, long Factor);

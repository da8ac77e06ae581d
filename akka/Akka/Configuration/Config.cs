using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// A HOCON document over its fallbacks: a path that it does not hold is looked up in the next one. Immutable. Getters give the default
/// where no document holds the path, and throw <see cref="ConfigurationException"/> naming the path where the value does not fit.
/// </summary>
public class Config
{
    /// <summary>A configuration without keys.</summary>
    public static readonly Config Empty = new();

    private readonly string? _unread;
    private HoconValue? _own;
    private HoconValue? _merged;

    /// <summary>A configuration without keys.</summary>
    public Config()
        : this(HoconValue.Of(new HoconObject()))
    {
    }

    /// <summary><paramref name="source"/> over <paramref name="fallback"/>.</summary>
    public Config(Config source, Config? fallback)
    {
        _unread = source._unread;
        _own = source._own;
        Fallback = source.Fallback is null ? fallback : fallback is null ? source.Fallback : source.Fallback.WithFallback(fallback);
    }

    internal Config(HoconValue root) => _own = root;

    private Config(string unread) => _unread = unread;

    /// <summary>Where the paths are looked up that this one does not hold; null at the end of the chain.</summary>
    public virtual Config? Fallback { get; }

    /// <summary>Whether neither this nor a fallback holds a key.</summary>
    public virtual bool IsEmpty => Own.IsEmpty && (Fallback is null || Fallback.IsEmpty);

    /// <summary>The whole as one object, fallbacks merged in.</summary>
    public virtual HoconValue Root => Fallback is null ? Own : _merged ??= HoconObject.MergeValue(Fallback.Root, Own);

    private HoconValue Own => _own ??= HoconParser.Parse(_unread!);

    /// <summary>The configuration that <paramref name="str"/> holds; see <see cref="ConfigurationFactory.ParseString"/>.</summary>
    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    /// <summary><paramref name="config"/> over what <paramref name="fallback"/> holds.</summary>
    public static Config operator +(Config config, string fallback) => config.WithFallback(ConfigurationFactory.ParseString(fallback));

    /// <summary>What <paramref name="configHocon"/> holds over <paramref name="fallbackConfig"/>.</summary>
    public static Config operator +(string configHocon, Config fallbackConfig) => ConfigurationFactory.ParseString(configHocon).WithFallback(fallbackConfig);

    /// <summary>This over <paramref name="fallback"/>; throws <see cref="ArgumentException"/> where both are the same.</summary>
    public virtual Config WithFallback(Config fallback)
    {
        if (ReferenceEquals(fallback, this)) throw new ArgumentException("a configuration cannot be its own fallback", nameof(fallback));
        if (fallback is null || ReferenceEquals(fallback, Empty)) return this;
        return ReferenceEquals(this, Empty) ? fallback : new Config(this, fallback);
    }

    /// <summary>Whether the path holds a value that is not null.</summary>
    public virtual bool HasPath(string path) => Find(path) is not null;

    /// <summary>The value at a path, objects merged with those of the fallbacks; null where there is none.</summary>
    public virtual HoconValue? GetValue(string path)
    {
        var elements = HoconPath.Split(path);
        HoconValue? merged = null;
        for (var layer = this; layer is not null; layer = layer.Fallback)
        {
            if (Find(layer.Own, elements) is not { } value) continue;
            merged = merged is null ? value : HoconObject.MergeValue(value, merged);
            if (value.Kind != HoconKind.Object) break;
        }

        return merged is null || merged.Kind == HoconKind.Null ? null : merged;
    }

    /// <summary>What stands below a path, as a configuration of its own; empty where there is nothing.</summary>
    public virtual Config GetConfig(string path) => GetValue(path) is { Kind: HoconKind.Object } value ? new Config(value) : Empty;

    /// <summary>A string.</summary>
    public virtual string? GetString(string path, string? @default = null) => Find(path) is { } value ? Read(path, value, v => v.GetString()!) : @default;

    /// <summary>true/on/yes or false/off/no.</summary>
    public virtual bool GetBoolean(string path, bool @default = false) => Find(path) is { } value ? Read(path, value, v => v.GetBoolean()) : @default;

    /// <summary>A 32-bit integer.</summary>
    public virtual int GetInt(string path, int @default = 0) => Find(path) is { } value ? Read(path, value, v => v.GetInt()) : @default;

    /// <summary>A 64-bit integer.</summary>
    public virtual long GetLong(string path, long @default = 0) => Find(path) is { } value ? Read(path, value, v => v.GetLong()) : @default;

    /// <summary>A floating-point number.</summary>
    public virtual float GetFloat(string path, float @default = 0) => Find(path) is { } value ? Read(path, value, v => v.GetFloat()) : @default;

    /// <summary>A floating-point number.</summary>
    public virtual double GetDouble(string path, double @default = 0) => Find(path) is { } value ? Read(path, value, v => v.GetDouble()) : @default;

    /// <summary>A decimal number.</summary>
    public virtual decimal GetDecimal(string path, decimal @default = 0) => Find(path) is { } value ? Read(path, value, v => v.GetDecimal()) : @default;

    /// <summary>A duration such as <c>10s</c>; a number without a unit is in milliseconds; <c>infinite</c> is <see cref="Timeout.InfiniteTimeSpan"/> where allowed.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true)
        => Find(path) is { } value ? new TimeSpan(Read(path, value, v => v.GetTimeSpan(allowInfinite).Ticks)) : @default.GetValueOrDefault();

    /// <summary>A size in bytes such as <c>64k</c>; null where there is none.</summary>
    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    /// <summary>A size in bytes such as <c>64k</c>.</summary>
    public virtual long? GetByteSize(string path, long? def) => Find(path) is { } value ? Read(path, value, v => v.GetByteSize()) : def;

    /// <summary>The strings of an array; empty where there is none.</summary>
    public virtual IList<string> GetStringList(string path) => GetStringList(path, []);

    /// <summary>The strings of an array.</summary>
    public virtual IList<string> GetStringList(string path, string[] strings) => Find(path) is { } value ? Read(path, value, v => v.GetStringList()) : strings;

    /// <summary>The integers of an array; empty where there is none.</summary>
    public virtual IList<int> GetIntList(string path) => Find(path) is { } value ? Read(path, value, v => v.GetIntList()) : [];

    /// <summary>The integers of an array; empty where there is none.</summary>
    public virtual IList<long> GetLongList(string path) => Find(path) is { } value ? Read(path, value, v => v.GetLongList()) : [];

    /// <summary>The booleans of an array; empty where there is none.</summary>
    public virtual IList<bool> GetBooleanList(string path) => Find(path) is { } value ? Read(path, value, v => v.GetBooleanList()) : [];

    /// <summary>The numbers of an array; empty where there is none.</summary>
    public virtual IList<double> GetDoubleList(string path) => Find(path) is { } value ? Read(path, value, v => v.GetDoubleList()) : [];

    /// <summary>The keys of the root and their values, fallbacks merged in.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() => Root.Object?.Items ?? [];

    /// <summary>The document without its fallbacks.</summary>
    public override string ToString() => ToString(includeFallback: false);

    /// <summary>The document, with its fallbacks merged in where asked.</summary>
    public virtual string ToString(bool includeFallback) => (includeFallback ? Root : Own).Object?.ToString() ?? "";

    /// <summary>A configuration that is parsed at its first use, for texts that are known to be right.</summary>
    internal static Config Deferred(string hocon) => new(hocon);

    private static HoconValue? Find(HoconValue root, string[] elements)
    {
        var value = root;
        foreach (var element in elements)
        {
            if (value.Object is null || !value.Object.Items.TryGetValue(element, out value!)) return null;
        }

        return value;
    }

    private HoconValue? Find(string path)
    {
        var elements = HoconPath.Split(path);
        for (var layer = this; layer is not null; layer = layer.Fallback)
        {
            if (Find(layer.Own, elements) is { } value) return value.Kind == HoconKind.Null ? null : value;
        }

        return null;
    }

    private static T Read<T>(string path, HoconValue value, Func<HoconValue, T> read)
    {
        try
        {
            return read(value);
        }
        catch (ConfigurationException e)
        {
            throw new ConfigurationException($"{path}: {e.Message}", e);
        }
    }
}

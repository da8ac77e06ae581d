using System.Collections.Frozen;

namespace AkkaStream.Actors.Configuration;

/// <summary>
/// Everything a broker is configured with, at one moment: what it was started with, over it what was set for the cluster and for this broker
/// while it ran. Immutable; a change makes a new one (<see cref="WithDynamic"/>). Values are parsed when the object is made.
/// </summary>
public sealed partial class BrokerConfig
{
    private static readonly IReadOnlyDictionary<string, string> Nothing = FrozenDictionary<string, string>.Empty;

    private TopicConfig? topicDefaults;

    private BrokerConfig(IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> cluster, IReadOnlyDictionary<string, string> broker)
    {
        Static = given;
        DynamicCluster = cluster;
        DynamicBroker = broker;
        NodeId = Int("node.id");
        LogDirs = LogFolders();
        Listeners = Listener.ParseAll("listeners", String("listeners")!, this, portsMayRepeat: false);
        AdvertisedListeners = Advertised();
        ReadNetwork();
        ReadTopics();
        ReadCleaner();
    }

    /// <summary>What the broker was started with, checked.</summary>
    public IReadOnlyDictionary<string, string> Static { get; }

    /// <summary>What was set for all brokers of the cluster while they ran.</summary>
    public IReadOnlyDictionary<string, string> DynamicCluster { get; }

    /// <summary>What was set for this broker while it ran.</summary>
    public IReadOnlyDictionary<string, string> DynamicBroker { get; }

    /// <summary>Number of this broker in its cluster.</summary>
    public int NodeId { get; }

    /// <summary>Folders of the logs, at least one.</summary>
    public IReadOnlyList<string> LogDirs { get; }

    /// <summary>Where the broker listens for clients, at least one: <c>listeners</c> less <c>controller.listener.names</c>.</summary>
    public IReadOnlyList<Listener> Listeners { get; }

    /// <summary>What clients of each listener are told to connect to; an empty host stands for the address that the client itself used.</summary>
    public IReadOnlyList<Listener> AdvertisedListeners { get; }

    /// <summary>The configuration of a topic that sets nothing itself.</summary>
    public TopicConfig TopicDefaults => topicDefaults ??= TopicConfig.DefaultsOf(this);

    /// <summary>Checks what a broker is started with, and parses it.</summary>
    /// <param name="given">Keys and values from files, environment and options.</param>
    /// <exception cref="ConfigException">A key is unknown, a value does not fit, or two contradict each other.</exception>
    public static BrokerConfig Create(IReadOnlyDictionary<string, string> given)
    {
        var values = new Dictionary<string, string>(given, StringComparer.Ordinal);
        foreach (var (name, value) in given)
        {
            if (Check(name, value) is { } fault) throw new ConfigException(name, fault);
        }

        var id = values.TryGetValue("node.id", out var node) ? node : values.GetValueOrDefault("broker.id", "1");
        if (values.TryGetValue("broker.id", out var older) && ConfigText.Long(older) != ConfigText.Long(id))
        {
            throw new ConfigException("broker.id", $"broker.id is {older} but node.id is {id}: they mean the same, give one of them");
        }

        values["node.id"] = id;
        values["broker.id"] = id;
        var config = new BrokerConfig(values, Nothing, Nothing);
        config.CheckTogether();
        return config;
    }

    /// <summary>The same start with other values set while it runs. Values must have been checked.</summary>
    public BrokerConfig WithDynamic(IReadOnlyDictionary<string, string> cluster, IReadOnlyDictionary<string, string> broker) => new(Static, cluster, broker);

    /// <summary>The value of a key: this broker's, else the cluster's, else the start's, else the default; null where there is none.</summary>
    public string? String(string key)
        => Explicit(key) ?? (ConfigTable.Broker.TryGet(key, out var declared) ? declared.Default : null);

    /// <summary>The value that somebody set; null where the default holds.</summary>
    public string? Explicit(string key)
        => DynamicBroker.TryGetValue(key, out var value) || DynamicCluster.TryGetValue(key, out value) || Static.TryGetValue(key, out value) ? value.Trim() : null;

    /// <summary>The value of a key for one listener: <c>listener.name.&lt;name&gt;.&lt;key&gt;</c>, else the key's own.</summary>
    public string? String(Listener listener, string key) => Explicit($"listener.name.{listener.Name.ToLowerInvariant()}.{key}") ?? String(key);

    /// <summary>A value of type int or short.</summary>
    public int Int(string key) => (int)Long(key);

    /// <summary>A value of type long.</summary>
    public long Long(string key) => ConfigText.Long(Required(key));

    /// <summary>A value of type boolean.</summary>
    public bool Boolean(string key) => ConfigText.Boolean(Required(key));

    /// <summary>A value of type double.</summary>
    public double Double(string key) => ConfigText.Double(Required(key));

    /// <summary>A value of type list; empty where there is none.</summary>
    public IReadOnlyList<string> List(string key) => ConfigText.List(String(key) ?? "");

    /// <summary>The key that a name stands for, also behind <c>listener.name.&lt;name&gt;.</c>; null where the name is not known.</summary>
    public static ConfigKey? KeyOf(string name)
    {
        if (ConfigTable.Broker.TryGet(name, out var key)) return key;
        if (!name.StartsWith("listener.name.", StringComparison.Ordinal)) return null;
        var rest = name.AsSpan("listener.name.".Length);
        for (var dot = rest.IndexOf('.'); dot >= 0; dot = rest.IndexOf('.'))
        {
            rest = rest[(dot + 1)..];
            if (ConfigTable.Broker.TryGet(rest.ToString(), out key)) return key;
        }

        return null;
    }

    /// <summary>The names that stand for one setting in different units, best first; the name itself where it has no others.</summary>
    internal static ReadOnlySpan<string> NamesOf(string name) => name switch
    {
        "log.retention.ms" or "log.retention.minutes" or "log.retention.hours" => (string[])["log.retention.ms", "log.retention.minutes", "log.retention.hours"],
        "log.roll.ms" or "log.roll.hours" => (string[])["log.roll.ms", "log.roll.hours"],
        "log.roll.jitter.ms" or "log.roll.jitter.hours" => (string[])["log.roll.jitter.ms", "log.roll.jitter.hours"],
        "log.flush.interval.ms" => (string[])["log.flush.interval.ms", "log.flush.scheduler.interval.ms"],
        _ => (string[])[name],
    };

    /// <summary>Null where a broker may be started with this key and value, else a sentence that names the key and what was expected.</summary>
    public static string? Check(string name, string value)
    {
        var key = KeyOf(name);
        if (key is null) return Unknown(name);
        var fault = key.Check(value);
        return fault is null ? null : $"{fault} ({Expected(key)})";
    }

    private static string Unknown(string name)
    {
        if (name.StartsWith("zookeeper.", StringComparison.Ordinal)) return $"{name} is not known: there is no ZooKeeper here, leave the line out";
        var nearest = ConfigTable.Broker.Nearest(name);
        if (nearest is not null) return $"{name} is not known; did you mean {nearest.Name}?";
        return ConfigTable.Topic.TryGet(name, out var topic) && topic.BrokerSynonyms.Count > 0
            ? $"{name} is the key of a topic; its default for all topics is {topic.BrokerSynonyms[0].Name}"
            : $"{name} is not known; `config keys` lists all keys";
    }

    // Where the fault is that it is none of a list, the list was just named.
    private static string Expected(ConfigKey key)
    {
        var isNamed = key.Bounds.StartsWith("in ", StringComparison.Ordinal) || key.Bounds.StartsWith("anycase ", StringComparison.Ordinal);
        return $"expected {key.Type.ToString().ToLowerInvariant()}{(key.Bounds.Length > 0 && !isNamed ? " " + key.Bounds : "")}, default {(key.Default is null ? "none" : $"'{key.Default}'")}";
    }

    private string Required(string key) => String(key) ?? throw new ConfigException(key, $"{key} has no value");

    private List<string> LogFolders()
    {
        var dirs = ConfigText.List(String("log.dirs") ?? String("log.dir")!);
        return dirs.Count > 0 ? dirs : throw new ConfigException("log.dirs", "log.dirs names no folder");
    }

    private IReadOnlyList<Listener> Advertised()
    {
        var text = String("advertised.listeners");
        if (string.IsNullOrEmpty(text))
        {
            var same = new Listener[Listeners.Count];
            for (var i = 0; i < same.Length; i++) same[i] = IsWildcard(Listeners[i].Host) ? Listeners[i] with { Host = "" } : Listeners[i];
            return same;
        }

        var advertised = Listener.ParseAll("advertised.listeners", text, this, portsMayRepeat: true);
        foreach (var listener in advertised)
        {
            if (IsWildcard(listener.Host)) throw new ConfigException("advertised.listeners", $"advertised.listeners: clients cannot connect to '{listener}', name a host");
            if (!HasListener(listener.Name)) throw new ConfigException("advertised.listeners", $"advertised.listeners: {listener.Name} is not among the listeners '{String("listeners")}'");
        }

        return advertised;
    }

    private bool HasListener(string name)
    {
        foreach (var listener in Listeners)
        {
            if (listener.Name == name) return true;
        }

        return false;
    }

    private static bool IsWildcard(string host) => host is "" or "0.0.0.0" or "::";
}

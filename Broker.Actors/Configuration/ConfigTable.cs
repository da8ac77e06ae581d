using System.Diagnostics.CodeAnalysis;
using AkkaStream.Actors.Configuration.Keys;

namespace AkkaStream.Actors.Configuration;

/// <summary>All keys of one kind of resource. A table is read when it is first asked.</summary>
public sealed class ConfigTable
{
    private readonly Dictionary<string, ConfigKey> byName;
    private ConfigKey[]? sorted;

    private ConfigTable(bool hasSynonyms, params ReadOnlySpan<KeyTables.Table> tables)
    {
        byName = new Dictionary<string, ConfigKey>(tables.Length * 64, StringComparer.Ordinal);
        foreach (var table in tables) Read(table, hasSynonyms);
    }

    /// <summary>Keys of a broker.</summary>
    public static ConfigTable Broker => BrokerHolder.Table;

    /// <summary>Keys of a topic.</summary>
    public static ConfigTable Topic => TopicHolder.Table;

    /// <summary>Keys of a group (KIP-848, KIP-932, KIP-1071).</summary>
    public static ConfigTable Group => GroupHolder.Table;

    /// <summary>Keys of a client metrics subscription (KIP-714).</summary>
    public static ConfigTable ClientMetrics => ClientMetricsHolder.Table;

    /// <summary>All keys, by name.</summary>
    public IReadOnlyList<ConfigKey> All
    {
        get
        {
            if (sorted is null)
            {
                var keys = byName.Values.ToArray();
                Array.Sort(keys, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
                sorted = keys;
            }

            return sorted;
        }
    }

    /// <summary>The key of this name. Throws where there is none: for keys that the code itself names.</summary>
    public ConfigKey this[string name] => byName[name];

    /// <summary>Finds a key by its exact name.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out ConfigKey? key) => byName.TryGetValue(name, out key);

    /// <summary>The key whose name looks most like <paramref name="name"/>; null where none comes near.</summary>
    public ConfigKey? Nearest(string name)
    {
        ConfigKey? nearest = null;
        var least = (name.Length / 3) + 2;
        foreach (var key in All)
        {
            var distance = ConfigText.Distance(name, key.Name, least);
            if (distance < least) (least, nearest) = (distance, key);
        }

        return nearest;
    }

    private void Read(KeyTables.Table table, bool hasSynonyms)
    {
        var source = KeyTables.Of(table);
        var start = 0;
        while (start < source.Length)
        {
            var length = source[start..].IndexOf((byte)'\n');
            var end = length < 0 ? source.Length : start + length;
            var key = ConfigKey.Parse(table, source, start, end, hasSynonyms);
            byName.Add(key.Name, key);
            start = end + 1;
        }
    }

    private static class BrokerHolder
    {
        internal static readonly ConfigTable Table = new(false, KeyTables.Table.Network, KeyTables.Table.Log, KeyTables.Table.Cluster,
            KeyTables.Table.Groups, KeyTables.Table.Security, KeyTables.Table.Tiered);
    }

    private static class TopicHolder
    {
        internal static readonly ConfigTable Table = new(true, KeyTables.Table.Topics);
    }

    private static class GroupHolder
    {
        internal static readonly ConfigTable Table = new(true, KeyTables.Table.GroupResources);
    }

    private static class ClientMetricsHolder
    {
        internal static readonly ConfigTable Table = new(true, KeyTables.Table.ClientMetrics);
    }
}

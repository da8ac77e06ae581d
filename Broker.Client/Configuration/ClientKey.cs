using System.Globalization;

namespace AkkaStream.Client.Configuration;

/// <summary>Who has a key.</summary>
[Flags]
public enum ClientKeyScope
{
    /// <summary>Connections and requests.</summary>
    Client = 1,

    /// <summary>A producer.</summary>
    Producer = 2,

    /// <summary>A consumer.</summary>
    Consumer = 4,

    /// <summary>Everybody.</summary>
    All = Client | Producer | Consumer,
}

/// <summary>One key of a client's configuration: its name (Kafka's), what it means, and what it does.</summary>
public sealed class ClientKey
{
    private readonly Func<ClientSettings, string, ClientSettings> apply;

    internal ClientKey(ClientKeyScope scope, string name, string expected, Func<ClientSettings, string, ClientSettings> apply)
    {
        Scope = scope;
        Name = name;
        Expected = expected;
        this.apply = apply;
    }

    /// <summary>Every key, in the order of the table.</summary>
    public static IReadOnlyList<ClientKey> All => ClientKeys.All;

    /// <summary>Who has it.</summary>
    public ClientKeyScope Scope { get; }

    /// <summary>Its name, such as <c>linger.ms</c>.</summary>
    public string Name { get; }

    /// <summary>What values it takes, in words.</summary>
    public string Expected { get; }

    /// <summary>The key of that name.</summary>
    /// <exception cref="FormatException">There is none; the message names the nearest one.</exception>
    internal static ClientKey Find(string name, ClientKeyScope scope)
    {
        if (ClientKeys.ByName.TryGetValue(name, out var key))
        {
            return (key.Scope & scope) != 0 ? key : throw new FormatException($"{name} is a key of {Whose(key.Scope)}, not of {Whose(scope)}");
        }

        var nearest = ClientKeys.ByName.Values.Where(k => (k.Scope & scope) != 0).MinBy(k => Distance(k.Name, name));
        throw new FormatException($"{name} is no key of {Whose(scope)}" + (nearest is not null && Distance(nearest.Name, name) <= 4 ? $"; did you mean {nearest.Name}?" : ""));
    }

    /// <summary>The settings with this key's value.</summary>
    /// <exception cref="FormatException">The value is not possible; the message says what was expected.</exception>
    internal ClientSettings Apply(ClientSettings settings, string value)
    {
        try
        {
            return apply(settings, value);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            throw new FormatException($"{Name}={value}: expected {Expected}", e);
        }
    }

    private static string Whose(ClientKeyScope scope) => scope switch
    {
        ClientKeyScope.Client => "a client's connections",
        ClientKeyScope.Producer => "a producer",
        ClientKeyScope.Consumer => "a consumer",
        _ => "a client",
    };

    // How many letters have to be changed, added or left out.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}

/// <summary>Reads values; what is not possible throws.</summary>
internal static class ClientValue
{
    public static long Long(string text, long from, long to)
    {
        var value = long.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return value >= from && value <= to ? value : throw new FormatException(text);
    }

    public static int Int(string text, int from, int to) => (int)Long(text, from, to);

    public static bool Bool(string text) => bool.Parse(text);

    public static TimeSpan Time(string text, long from = 0, long to = int.MaxValue) => TimeSpan.FromMilliseconds(Long(text, from, to));

    public static string? Text(string text) => text.Length == 0 ? null : text;
}

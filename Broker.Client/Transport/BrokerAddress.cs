using System.Globalization;

namespace AkkaStream.Client.Transport;

/// <summary>Where a broker listens.</summary>
/// <param name="Host">Name or address, without brackets.</param>
/// <param name="Port">1 to 65535.</param>
public readonly record struct BrokerAddress(string Host, int Port)
{
    /// <summary>Reads <c>host</c>, <c>host:port</c> or <c>[::1]:port</c>; the port is 9092 where it is left out.</summary>
    /// <exception cref="FormatException">The text is none of these; the message says what was expected.</exception>
    public static BrokerAddress Parse(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.StartsWith(ActorAddresses.Scheme, StringComparison.Ordinal)) throw new FormatException($"'{trimmed}' is an actor's address: an actor system reaches it (ConnectAkkaStream, AddAkkaStreamActors), and here host:port is expected");
        var close = trimmed.StartsWith('[') ? trimmed.IndexOf(']') : -1;
        var colon = close >= 0 ? trimmed.IndexOf(':', close) : trimmed.IndexOf(':') == trimmed.LastIndexOf(':') ? trimmed.IndexOf(':') : -1;
        var host = colon < 0 ? trimmed : trimmed[..colon];
        if (host.StartsWith('[') && host.EndsWith(']')) host = host[1..^1];
        var port = 9092;
        var good = host.Length > 0 && (colon < 0 || int.TryParse(trimmed.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port));
        return good && port is > 0 and <= 65535 ? new(host, port) : throw new FormatException($"'{text}' is no broker address: expected host:port, for example 127.0.0.1:9092");
    }

    /// <summary>Reads a comma-separated list of addresses.</summary>
    /// <exception cref="FormatException">One of them is none, or the list is empty.</exception>
    public static IReadOnlyList<BrokerAddress> ParseList(string text)
    {
        var all = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Parse).ToList();
        return all.Count > 0 ? all : throw new FormatException("no broker address: expected host:port, for example 127.0.0.1:9092");
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

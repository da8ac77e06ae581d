using System.Globalization;

namespace AkkaStream.Actors.Configuration;

/// <summary>What a listener speaks.</summary>
public enum SecurityProtocol : byte
{
    /// <summary>Neither TLS nor login.</summary>
    Plaintext = 0,

    /// <summary>TLS.</summary>
    Ssl = 1,

    /// <summary>Login without TLS.</summary>
    SaslPlaintext = 2,

    /// <summary>Login over TLS.</summary>
    SaslSsl = 3,
}

/// <summary>One address of a broker: where it listens, or what it tells clients to connect to.</summary>
/// <param name="Name">Name of the listener.</param>
/// <param name="Protocol">What it speaks.</param>
/// <param name="Host">Host name or address; empty for all interfaces.</param>
/// <param name="Port">0 to 65535; 0 lets the system choose.</param>
public sealed record Listener(string Name, SecurityProtocol Protocol, string Host, int Port)
{
    /// <summary>Whether it encrypts.</summary>
    public bool IsTls => Protocol is SecurityProtocol.Ssl or SecurityProtocol.SaslSsl;

    /// <summary>Whether clients must log in.</summary>
    public bool IsSasl => Protocol is SecurityProtocol.SaslPlaintext or SecurityProtocol.SaslSsl;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Reads the value of <c>listeners</c> or <c>advertised.listeners</c>.</summary>
    /// <exception cref="ConfigException">An element is no address, names no known protocol, or a name or port stands twice.</exception>
    internal static List<Listener> ParseAll(string key, string value, BrokerConfig config, bool portsMayRepeat)
    {
        var protocolMap = config.String("listener.security.protocol.map")!;
        var controllers = config.List("controller.listener.names");
        var listeners = new List<Listener>();
        foreach (var element in ConfigText.List(value))
        {
            // Kafka's controllers talk to each other there; here they have no listener of their own.
            var name = element.AsSpan(0, Math.Max(0, element.IndexOf("://", StringComparison.Ordinal)));
            if (IsAmong(controllers, name)) continue;
            var listener = ParseOne(key, element, protocolMap);
            foreach (var other in listeners)
            {
                if (other.Name == listener.Name) throw new ConfigException(key, $"{key}: each listener needs a name of its own, but {listener.Name} stands twice in '{value}'");
                var clash = other.Port == listener.Port && listener.Port != 0 && other.Host == listener.Host && !portsMayRepeat;
                if (clash) throw new ConfigException(key, $"{key}: each listener needs a port of its own, but {listener.Port} stands twice in '{value}'");
            }

            listeners.Add(listener);
        }

        return listeners.Count > 0 ? listeners : throw new ConfigException(key, $"{key}: '{value}' leaves no listener for clients");
    }

    private static bool IsAmong(IReadOnlyList<string> names, ReadOnlySpan<char> name)
    {
        foreach (var each in names)
        {
            if (name.Equals(each, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static Listener ParseOne(string key, string text, string protocolMap)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var colon = text.LastIndexOf(':');
        if (scheme <= 0 || colon < scheme + 3 || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            throw new ConfigException(key, $"{key}: '{text}' is no address of a listener, expected NAME://host:port such as PLAINTEXT://:9092");
        }

        var name = text[..scheme].ToUpperInvariant();
        var host = text[(scheme + 3)..colon].Trim('[', ']');
        return new Listener(name, ProtocolOf(key, name, protocolMap), host, port);
    }

    private static SecurityProtocol ProtocolOf(string key, string name, string protocolMap)
    {
        foreach (var pair in ConfigText.List(protocolMap))
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) throw new ConfigException("listener.security.protocol.map", $"listener.security.protocol.map: '{pair}' is not NAME:PROTOCOL");
            if (pair.AsSpan(0, colon).Trim().Equals(name, StringComparison.OrdinalIgnoreCase)) return Parse(pair[(colon + 1)..].Trim());
        }

        throw new ConfigException(key, $"{key}: listener.security.protocol.map does not say which protocol the listener {name} speaks");
    }

    private static SecurityProtocol Parse(string text) => text.ToUpperInvariant() switch
    {
        "PLAINTEXT" => SecurityProtocol.Plaintext,
        "SSL" => SecurityProtocol.Ssl,
        "SASL_PLAINTEXT" => SecurityProtocol.SaslPlaintext,
        "SASL_SSL" => SecurityProtocol.SaslSsl,
        _ => throw new ConfigException("listener.security.protocol.map", $"listener.security.protocol.map: '{text}' is no protocol, expected PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL"),
    };
}

using System.Net;
using System.Net.Security;
using AkkaStream.Actors.Configuration;

namespace AkkaStream.Host.Kafka;

/// <summary>How a door behaves; the defaults are Kafka's.</summary>
public sealed record DoorOptions
{
    /// <summary>Where it listens (<c>listeners</c>).</summary>
    public required IReadOnlyList<ListenerOptions> Listeners { get; init; }

    /// <summary>Bytes of the largest request (<c>socket.request.max.bytes</c>); a larger one closes its connection.</summary>
    public int MostRequestBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>Bytes that all requests together may hold (<c>queued.max.request.bytes</c>, where it is set).</summary>
    public long RequestMemoryBytes { get; init; } = Limits.RequestMemoryBytes;

    /// <summary>Connections in all (<c>max.connections</c>); one more is closed at once.</summary>
    public int MostConnections { get; init; } = int.MaxValue;

    /// <summary>Connections from one address (<c>max.connections.per.ip</c> and its overrides).</summary>
    public Func<IPAddress, int> MostConnectionsFrom { get; init; } = static _ => int.MaxValue;

    /// <summary>Connections that wait to be accepted (<c>socket.listen.backlog.size</c>).</summary>
    public int Backlog { get; init; } = Limits.AcceptBacklog;

    /// <summary>A connection without traffic for this long is closed (<c>connections.max.idle.ms</c>); never where it is negative.</summary>
    public TimeSpan MostIdle { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Bytes of the socket's send buffer (<c>socket.send.buffer.bytes</c>); the system's own choice where it is -1.</summary>
    public int SendBufferBytes { get; init; } = -1;

    /// <summary>Bytes of the socket's receive buffer (<c>socket.receive.buffer.bytes</c>); the system's own choice where it is -1.</summary>
    public int ReceiveBufferBytes { get; init; } = -1;

    /// <summary>Threads that serve sockets (<c>num.network.threads</c>); as many as cores, but at most 4, where it is 0.</summary>
    public int Threads { get; init; }

    /// <summary>Whether plaintext connections use Linux's own calls (readiness events, sendfile); false elsewhere.</summary>
    public bool UseSystemCalls { get; init; } = OperatingSystem.IsLinux();

    /// <summary>Takes lines for the log: whether it is a warning, and a sentence. From any thread.</summary>
    public Action<bool, string>? Log { get; init; }

    /// <summary>The options that a broker's configuration means.</summary>
    /// <exception cref="ConfigException">A listener cannot be served as it is configured; the message names the key.</exception>
    public static DoorOptions Of(BrokerConfig config, Action<bool, string>? log) => new()
    {
        Listeners = [.. config.Listeners.Select(listener => Of(config, listener))],
        MostRequestBytes = config.SocketRequestMaxBytes,
        RequestMemoryBytes = config.RequestMemoryMaxBytes,
        MostConnections = config.MaxConnections,
        MostConnectionsFrom = config.MaxConnectionsFrom,
        MostIdle = TimeSpan.FromMilliseconds(config.ConnectionsMaxIdleMs),
        SendBufferBytes = Buffer(config, "socket.send.buffer.bytes"),
        ReceiveBufferBytes = Buffer(config, "socket.receive.buffer.bytes"),
        Backlog = Math.Max(config.SocketListenBacklogSize, Limits.AcceptBacklog),
        Log = log,
    };

    // Kafka's default of 100 KiB is for its own reading habits; a fixed size also stops the system from growing a buffer that needs it.
    private static int Buffer(BrokerConfig config, string key) => config.Explicit(key) is null ? -1 : config.Int(key);

    private static ListenerOptions Of(BrokerConfig config, Actors.Configuration.Listener listener)
    {
        if (listener.IsSasl) throw new ConfigException("listeners", $"listener {listener.Name} speaks {listener.Protocol}: logins are not served yet, use PLAINTEXT or SSL");
        return new ListenerOptions(listener.Name, listener.Host, listener.Port, listener.IsTls ? TlsSettings.Of(config, listener) : null);
    }
}

/// <summary>One listener.</summary>
/// <param name="Name">Its name, such as <c>PLAINTEXT</c>.</param>
/// <param name="Host">A name or an address; empty for all addresses, <c>0.0.0.0</c> for all of IPv4.</param>
/// <param name="Port">0 to 65535; 0 for any free port.</param>
/// <param name="Tls">How it encrypts; null for plaintext.</param>
public sealed record ListenerOptions(string Name, string Host, int Port, SslServerAuthenticationOptions? Tls = null);

using System.Net;
using System.Security.Cryptography.X509Certificates;

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

    /// <summary>Connections from one address (<c>max.connections.per.ip</c>).</summary>
    public int MostConnectionsPerAddress { get; init; } = int.MaxValue;

    /// <summary>Exceptions to it (<c>max.connections.per.ip.overrides</c>).</summary>
    public IReadOnlyDictionary<IPAddress, int> MostConnectionsOfAddress { get; init; } = new Dictionary<IPAddress, int>();

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
}

/// <summary>One listener.</summary>
/// <param name="Name">Its name, such as <c>PLAINTEXT</c>.</param>
/// <param name="Host">A name or an address; empty for all addresses, <c>0.0.0.0</c> for all of IPv4.</param>
/// <param name="Port">0 to 65535; 0 for any free port.</param>
/// <param name="Certificate">The certificate with its private key for TLS; null for plaintext.</param>
public sealed record ListenerOptions(string Name, string Host, int Port, X509Certificate2? Certificate = null);

using System.Net;
using System.Net.Sockets;

namespace AkkaStream.Host.Kafka;

/// <summary>A listening socket.</summary>
internal sealed class Listener : IDisposable
{
    private readonly Socket socket;

    private Listener(ListenerOptions options, Socket socket)
    {
        Options = options;
        this.socket = socket;
        Bound = (IPEndPoint)socket.LocalEndPoint!;
    }

    public ListenerOptions Options { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Bound { get; }

    /// <summary>The socket's handle.</summary>
    public int Handle => (int)socket.Handle;

    /// <summary>Begins to listen.</summary>
    /// <exception cref="IOException">It cannot; the message says why.</exception>
    public static Listener Open(ListenerOptions options, DoorOptions door)
    {
        var address = Resolve(options);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            if (door.ReceiveBufferBytes > 0) socket.ReceiveBufferSize = door.ReceiveBufferBytes;
            socket.Bind(new IPEndPoint(address, options.Port));
            socket.Listen(door.Backlog);
            return new Listener(options, socket);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw new IOException(Explain(options, failure), failure);
        }
    }

    /// <summary>Whether a connection waits to be accepted.</summary>
    public bool HasWaiting() => socket.Poll(0, SelectMode.SelectRead);

    /// <summary>Accepts the connection that waits.</summary>
    public Socket Accept() => socket.Accept();

    /// <summary>Accepts the next connection.</summary>
    public ValueTask<Socket> AcceptAsync(CancellationToken stop) => socket.AcceptAsync(stop);

    public void Dispose() => socket.Dispose();

    private static IPAddress Resolve(ListenerOptions options)
    {
        if (options.Host.Length == 0) return Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any;
        if (IPAddress.TryParse(options.Host.Trim('[', ']'), out var address)) return address;
        try
        {
            return Dns.GetHostAddresses(options.Host) is [var first, ..] ? first : throw new IOException($"listener {options.Name}: {options.Host} has no address");
        }
        catch (SocketException failure)
        {
            throw new IOException($"listener {options.Name}: the name {options.Host} cannot be resolved: {failure.Message}", failure);
        }
    }

    private static string Explain(ListenerOptions options, SocketException failure) => failure.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"listener {options.Name}: port {options.Port} is in use by another process; stop it, or choose another port with --port or listeners",
        SocketError.AccessDenied => $"listener {options.Name}: this user may not listen on port {options.Port}; ports below 1024 need a privilege",
        SocketError.AddressNotAvailable => $"listener {options.Name}: {options.Host} is no address of this machine",
        _ => $"listener {options.Name}: cannot listen on {options.Host}:{options.Port}: {failure.Message}",
    };
}

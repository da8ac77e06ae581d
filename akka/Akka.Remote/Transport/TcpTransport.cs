#pragma warning disable RS0030 // The one place where remoting's sockets are made.

using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Akka.Remote.Transport;

/// <summary>The machine's network.</summary>
internal sealed class TcpTransport(TransportOptions options) : INetworkTransport
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<TcpConnection, Task> _connections = new();
    private Socket? _listener;
    private volatile bool _shutDown;

    public async Task<int> Listen(string host, int port, Func<IConnectionHandler?> accept)
    {
        var address = await Resolve(host).ConfigureAwait(false);
        var listener = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // No address is reused by force: that of a former process is free at once as it is, and .NET's ReuseAddress would let two processes listen at one port.
            listener.Bind(new IPEndPoint(address, port));
            listener.Listen(512);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _listener = listener;
        _ = Accept(listener, accept);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }

    public void Connect(string host, int port, Lane lane, IConnectionHandler handler) => _ = ConnectAndRun(host, port, lane, handler);

    public async Task Shutdown(TimeSpan linger)
    {
        _shutDown = true;
        _listener?.Dispose();
        foreach (var connection in _connections.Keys) connection.Close();
        using var time = new CancellationTokenSource(linger);
        try
        {
            await Task.WhenAll(_connections.Values).WaitAsync(time.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            foreach (var connection in _connections.Keys) connection.Abort(CloseReason.Closed, "the system ends");
        }
    }

    private static async Task<IPAddress> Resolve(string host)
    {
        if (IPAddress.TryParse(host, out var address)) return address;
        var found = await Dns.GetHostAddressesAsync(host).ConfigureAwait(false);
        return Array.Find(found, a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
    }

    private async Task Accept(Socket listener, Func<IConnectionHandler?> accept)
    {
        while (!_shutDown)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A stranger that is gone before it is taken is no reason to take no more; a closed listener is.
                if (_shutDown || listener.SafeHandle.IsClosed) return;

                // Out of descriptors, say: at once again would fail again.
                await Task.Delay(AcceptPause).ConfigureAwait(false);
                continue;
            }

            if (accept() is { } handler) _ = Serve(socket, handler);
            else socket.Dispose();
        }
    }

    private async Task Serve(Socket socket, IConnectionHandler handler)
    {
        SslStream? tls = null;
        var peer = "";
        try
        {
            socket.NoDelay = true;
            peer = socket.RemoteEndPoint?.ToString() ?? "";
            if (options.Tls is { } how) tls = await Authenticate(socket, stream => stream.AuthenticateAsServerAsync(how.Server(), default)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            socket.Dispose();
            handler.Closed(TcpConnection.ReasonOf(e), $"{peer}: {e.Message}");
            return;
        }

        Run(new TcpConnection(socket, tls, peer, handler));
    }

    private async Task ConnectAndRun(string host, int port, Lane lane, IConnectionHandler handler)
    {
        Socket? socket = null;
        SslStream? tls = null;
        try
        {
            var address = await Resolve(host).ConfigureAwait(false);
            socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            if (lane == Lane.Bulk && options.SendBufferBytes > 0) socket.SendBufferSize = options.SendBufferBytes;
            if (lane == Lane.Bulk && options.ReceiveBufferBytes > 0) socket.ReceiveBufferSize = options.ReceiveBufferBytes;
            using var time = new CancellationTokenSource(options.ConnectTimeout);
            await socket.ConnectAsync(new IPEndPoint(address, port), time.Token).ConfigureAwait(false);
            var connected = socket;
            if (options.Tls is { } how) tls = await Authenticate(connected, stream => stream.AuthenticateAsClientAsync(how.Client(host), default)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            socket?.Dispose();
            handler.Closed(e is OperationCanceledException ? CloseReason.Unreachable : TcpConnection.ReasonOf(e), $"{host}:{port}: {e.Message}");
            return;
        }

        Run(new TcpConnection(socket, tls, $"{host}:{port}", handler));
    }

    private static async Task<SslStream> Authenticate(Socket socket, Func<SslStream, Task> authenticate)
    {
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false);
        try
        {
            await authenticate(tls).WaitAsync(Limits.HandshakeTime).ConfigureAwait(false);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void Run(TcpConnection connection)
    {
        var run = connection.Run();
        _connections[connection] = run;
        _ = RemoveAtEnd(connection, run);
        if (_shutDown) connection.Close();
    }

    private async Task RemoveAtEnd(TcpConnection connection, Task run)
    {
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _connections.TryRemove(connection, out _);
    }
}

/// <summary>How connections are made.</summary>
internal sealed record TransportOptions(TimeSpan ConnectTimeout, int SendBufferBytes, int ReceiveBufferBytes, TlsOptions? Tls);

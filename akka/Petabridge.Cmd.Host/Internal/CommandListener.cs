#pragma warning disable RS0030 // The host owns its port.

using System.Net;
using System.Net.Sockets;

namespace Petabridge.Cmd.Host.Internal;

/// <summary>The port at which consoles arrive.</summary>
internal sealed class CommandListener : IDisposable
{
    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(50);

    private readonly Socket _socket;
    private volatile bool _closed;

    private CommandListener(Socket socket) => _socket = socket;

    /// <summary>The port, as it was bound.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Listens. Throws <see cref="SocketException"/> where it cannot.</summary>
    public static async Task<CommandListener> Bind(string host, int port)
    {
        if (!IPAddress.TryParse(host, out var address))
        {
            var found = await Dns.GetHostAddressesAsync(host).ConfigureAwait(false);
            address = Array.Find(found, a => a.AddressFamily == AddressFamily.InterNetwork) ?? found[0];
        }

        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(HostLimits.Consoles);
            return new CommandListener(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Hands over each connection until it is disposed.</summary>
    public async Task Accept(Action<CommandConnection> came)
    {
        while (!_closed)
        {
            try
            {
                came(new CommandConnection(await _socket.AcceptAsync().ConfigureAwait(false)));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException) when (!_closed)
            {
                // A console that is gone already, or no descriptor left: at once again would fail again.
                await Task.Delay(AcceptPause).ConfigureAwait(false);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }

    public void Dispose()
    {
        _closed = true;
        _socket.Dispose();
    }
}

using System.Net;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Embedded;

/// <summary>
/// The client's way to a broker in this process: requests are handed to it as they are, nothing is encoded and no socket is used.
/// Order, answers and errors are those of a connection over the wire.
/// </summary>
/// <param name="handler">The broker's handler.</param>
/// <param name="versions">What it serves.</param>
/// <param name="listener">The listener whose advertised addresses it tells.</param>
/// <param name="time">Where time-outs come from.</param>
/// <param name="stopping">Ends every connection when the broker has stopped.</param>
public sealed class EmbeddedTransport(IRequestHandler handler, AdvertisedVersions versions, string listener = "EMBEDDED", TimeProvider? time = null, CancellationToken stopping = default) : IBrokerTransport
{
    private static readonly BrokerAddress Here = new("embedded", 1);
    private static long lastId;

    /// <inheritdoc/>
    public IReadOnlyList<BrokerAddress> Bootstrap { get; } = [Here];

    /// <inheritdoc/>
    public ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default)
    {
        var info = new ClientConnection
        {
            Id = Interlocked.Decrement(ref lastId),
            Listener = listener,
            ClientAddress = IPAddress.None,
            LocalAddress = new IPEndPoint(IPAddress.Loopback, Here.Port),
        };
        var connection = new EmbeddedConnection(handler, versions, info, address, time ?? TimeProvider.System);
        if (stopping.CanBeCanceled)
        {
            var registered = stopping.Register(() => connection.Close(new TransportException("the broker in this process has stopped")));
            info.WhenClosed(registered.Dispose);
        }

        return new ValueTask<IBrokerConnection>(connection);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

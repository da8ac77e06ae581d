using AkkaStream.Client.Transport;
using AkkaStream.Host.Embedded;

namespace AkkaStream.Host.Pbm;

/// <summary>The way to the brokers of a cluster from inside of one of them: to this one without a socket, to every one that the metadata names as any client goes.</summary>
/// <param name="own">The way to this broker; this transport's from now on.</param>
internal sealed class MemberTransport(EmbeddedTransport own) : IBrokerTransport
{
    private readonly WireTransport wire = new(own.Bootstrap, new WireOptions { ClientId = "akkastream-console" });

    /// <inheritdoc/>
    public IReadOnlyList<BrokerAddress> Bootstrap => own.Bootstrap;

    /// <inheritdoc/>
    public ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default)
        => own.Bootstrap.Contains(address) ? own.ConnectAsync(address, cancellation) : wire.ConnectAsync(address, cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await wire.DisposeAsync();
        await own.DisposeAsync();
    }
}

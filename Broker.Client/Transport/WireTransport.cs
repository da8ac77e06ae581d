using System.Net.Security;
using System.Net.Sockets;

namespace AkkaStream.Client.Transport;

/// <summary>How the wire transport connects.</summary>
public sealed record WireOptions
{
    /// <summary>The client's name, as brokers log it and count its quota.</summary>
    public string ClientId { get; init; } = "akkastream";

    /// <summary>How long a connection may take to be made, versions agreed.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest answer that is accepted, in bytes; a longer one closes the connection before anything is allocated.</summary>
    public int LargestAnswer { get; init; } = 256 << 20;

    /// <summary>Requests under way on one connection; more wait.</summary>
    public int RequestsInFlight { get; init; } = 1024;

    /// <summary>How long a broker may leave a piece of a request untaken; the connection is closed then.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>TLS with these options; null for plain connections.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>Where time comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>Kafka's protocol over TCP, to AkkaStream or any Kafka cluster.</summary>
/// <param name="bootstrap">The brokers to ask first.</param>
/// <param name="options">How to connect; defaults where left out.</param>
public sealed class WireTransport(IReadOnlyList<BrokerAddress> bootstrap, WireOptions? options = null) : IBrokerTransport
{
    private readonly WireOptions options = options ?? new WireOptions();

    /// <inheritdoc/>
    public IReadOnlyList<BrokerAddress> Bootstrap { get; } = bootstrap;

    /// <inheritdoc/>
    public async ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default)
    {
        using var late = new CancellationTokenSource(options.ConnectTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        WireConnection? connection = null;
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, either.Token).ConfigureAwait(false);
            connection = new WireConnection(address, await StreamOf(socket, address, either.Token).ConfigureAwait(false), options);
            await connection.AgreeOnVersions(either.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or System.Security.Authentication.AuthenticationException)
        {
            socket.Dispose();
            if (connection is not null) await connection.DisposeAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            var why = e is OperationCanceledException ? $"no answer within {options.ConnectTimeout.TotalSeconds:0.#} s" : e.Message;
            throw new TransportException($"cannot reach {address}: {why}", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async ValueTask<Stream> StreamOf(Socket socket, BrokerAddress address, CancellationToken cancellation)
    {
        var plain = new NetworkStream(socket, ownsSocket: true);
        if (options.Tls is not { } tls) return plain;
        tls.TargetHost ??= address.Host;
        var secure = new SslStream(plain, leaveInnerStreamOpen: false);
        await secure.AuthenticateAsClientAsync(tls, cancellation).ConfigureAwait(false);
        return secure;
    }
}

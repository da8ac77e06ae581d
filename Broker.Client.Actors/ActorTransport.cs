using System.Globalization;
using Akka.Actor;
using AkkaStream.Client.Actors.Sessions;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Actors;

/// <summary>How the actor transport connects.</summary>
public sealed record ActorTransportOptions
{
    /// <summary>The client's name, as brokers log it and count its quota (client.id).</summary>
    public string ClientId { get; init; } = "akkastream";

    /// <summary>How long a session may take to be there, versions agreed; 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest answer that is accepted, in bytes; a longer one closes the connection before anything is allocated. 256 MiB.</summary>
    public int LargestAnswer { get; init; } = 256 << 20;

    /// <summary>Where time comes from.</summary>
    public TimeProvider Time { get; init; } = new ClusterOptions().Time;
}

/// <summary>
/// The way to AkkaStream's brokers over Akka.Remote: requests go to the actor <c>/user/broker</c> of any broker, in Kafka's encoding. The actor system needs remoting
/// (<c>akka.actor.provider = remote</c>), is no member of the brokers' cluster, and has to be reachable from the brokers, which connect back to it.
/// </summary>
public sealed class ActorTransport : IBrokerTransport
{
    private readonly ActorSystem system;
    private readonly ActorTransportOptions options;
    private readonly string brokers;
    private readonly int largestPiece;

    /// <summary>A transport of an actor system, which stays the caller's.</summary>
    /// <param name="system">The client's actor system.</param>
    /// <param name="bootstrapServers">Some of the brokers, <c>akka.tcp://system@host:port</c> separated by commas, all of one system's name (brokers' is <c>akkastream</c>).</param>
    /// <param name="options">How to connect; defaults where left out.</param>
    /// <exception cref="FormatException">The text is no list of such addresses; the message says what was expected.</exception>
    /// <exception cref="ArgumentException">The system has no remoting.</exception>
    public ActorTransport(ActorSystem system, string bootstrapServers, ActorTransportOptions? options = null)
        : this(system, ActorAddresses.Parse(bootstrapServers), options)
    {
    }

    internal ActorTransport(ActorSystem system, (string System, IReadOnlyList<BrokerAddress> Brokers) bootstrap, ActorTransportOptions? options)
    {
        (brokers, Bootstrap) = bootstrap;
        if (((ExtendedActorSystem)system).Provider.DefaultAddress.Host is null) throw new ArgumentException($"the actor system '{system.Name}' has no remoting: set akka.actor.provider = remote", nameof(system));
        this.system = system;
        this.options = options ?? new ActorTransportOptions();
        var frame = system.Settings.Config.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size") ?? Limits.PieceBytes;
        largestPiece = (int)Math.Clamp(frame - Limits.RemoteHeadBytes, Limits.SmallestPieceBytes, Limits.PieceBytes);
        SessionSerializer.AddTo(system);
    }

    /// <inheritdoc/>
    public IReadOnlyList<BrokerAddress> Bootstrap { get; }

    /// <inheritdoc/>
    public async ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default)
    {
        var connection = Open(address);
        using var late = new CancellationTokenSource(options.ConnectTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            await connection.Ready(either.Token).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e) when (e is OperationCanceledException or TransportException)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            if (e is TransportException) throw;
            var own = ((ExtendedActorSystem)system).Provider.DefaultAddress;
            throw new TransportException($"cannot reach {address}: no answer within {options.ConnectTimeout.TotalSeconds:0.#} s (the broker has to reach this actor system, at {own}, too)", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ActorConnection Open(BrokerAddress address)
    {
        if (system.WhenTerminated.IsCompleted) throw new TransportException($"cannot reach {address}: the actor system '{system.Name}' has ended");
        try
        {
            return new ActorConnection(system, address, string.Create(CultureInfo.InvariantCulture, $"akka.tcp://{brokers}@{address}/user/broker"), largestPiece, options);
        }
        catch (InvalidOperationException ended)
        {
            throw new TransportException($"cannot reach {address}: the actor system '{system.Name}' ends", ended);
        }
    }
}

using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Transport;

/// <summary>
/// How the client reaches brokers: Kafka's protocol over a socket, or a broker in this process. Producer, consumer and
/// admin speak request and response messages through it and do not know what is under it.
/// </summary>
public interface IBrokerTransport : IAsyncDisposable
{
    /// <summary>The brokers to ask first; any of them knows the others.</summary>
    IReadOnlyList<BrokerAddress> Bootstrap { get; }

    /// <summary>Opens a connection and agrees on versions.</summary>
    /// <exception cref="TransportException">The broker cannot be reached, or speaks no version that this client knows.</exception>
    ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default);
}

/// <summary>A connection to one broker. Requests may be sent without waiting for earlier answers; answers come in order.</summary>
public interface IBrokerConnection : IAsyncDisposable
{
    /// <summary>The broker's address.</summary>
    BrokerAddress Address { get; }

    /// <summary>Whether requests can still be sent.</summary>
    bool IsOpen { get; }

    /// <summary>The newest version of an API that both sides know, or -1 where the broker does not serve it.</summary>
    short VersionOf(ApiKey api);

    /// <summary>The version of transactions that the cluster has settled on (the feature <c>transaction.version</c>); 0 where the broker does not say.</summary>
    short TransactionVersion { get; }

    /// <summary>Sends a request in the newest common version (or an older one) and completes with its answer.</summary>
    /// <param name="request">The request. Its memory must stay as it is until this call has returned its task.</param>
    /// <param name="timeout">How long the answer may take; the connection is closed when it is late, since answers come in order.</param>
    /// <param name="highest">The highest version to use; the newest common one where it is left out.</param>
    /// <param name="cancellation">Gives up waiting; the answer is dropped when it comes.</param>
    /// <exception cref="TransportException">The connection was lost, the answer was late or could not be read, or the broker does not serve the API.</exception>
    ValueTask<BrokerAnswer> SendAsync(IApiMessage request, TimeSpan timeout, short highest = short.MaxValue, CancellationToken cancellation = default);

    /// <summary>Sends a request that gets no answer (a produce with <c>acks=0</c>).</summary>
    /// <exception cref="TransportException">The connection was lost.</exception>
    ValueTask SendOneWayAsync(IApiMessage request, CancellationToken cancellation = default);
}

/// <summary>An answer, and the memory that its bytes and records lie in.</summary>
/// <param name="message">The decoded response.</param>
/// <param name="version">The version it was sent in.</param>
/// <param name="memory">Given back by <see cref="Dispose"/>; null where the answer owns nothing.</param>
public sealed class BrokerAnswer(IApiMessage message, short version, IDisposable? memory) : IDisposable
{
    private IDisposable? memory = memory;

    /// <summary>The decoded response; its byte fields point into memory that is gone after <see cref="Dispose"/>.</summary>
    public IApiMessage Message { get; } = message;

    /// <summary>The version the answer was sent in.</summary>
    public short Version { get; } = version;

    /// <summary>The response as its own type.</summary>
    public T As<T>() where T : class, IApiMessage => (T)Message;

    /// <summary>Gives the memory back. Safe to call more than once.</summary>
    public void Dispose() => Interlocked.Exchange(ref memory, null)?.Dispose();
}

/// <summary>A broker could not be reached, or a connection was lost; trying again may help.</summary>
public sealed class TransportException : IOException, Cluster.IClientError
{
    /// <summary>Makes one with a sentence for people.</summary>
    public TransportException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    /// <inheritdoc/>
    public Cluster.ErrorKind Kind => Cluster.ErrorKind.Retriable;
}

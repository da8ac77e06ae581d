using System.Collections.Concurrent;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Cluster;

/// <summary>What producer, consumer and admin share: connections to the brokers of a cluster, and what is known of its topics.</summary>
public sealed partial class ClusterClient : IAsyncDisposable
{
    private readonly IBrokerTransport transport;
    private readonly ConcurrentDictionary<BrokerAddress, Lazy<Completion<IBrokerConnection>>> connections = new();
    private readonly ConcurrentDictionary<BrokerAddress, (int Times, long At)> unreached = new();
    private readonly CancellationTokenSource closing = new();
    private long freshAt;
    private ClusterMetadata metadata = ClusterMetadata.Empty;

    /// <summary>A client over a transport, which it owns from now on.</summary>
    public ClusterClient(IBrokerTransport transport, ClusterOptions? options = null)
    {
        this.transport = transport;
        Options = options ?? new ClusterOptions();
        freshAt = Options.Time.GetTimestamp();
    }

    /// <summary>How requests are repeated.</summary>
    public ClusterOptions Options { get; }

    /// <summary>What is known at the moment.</summary>
    public ClusterMetadata Metadata => Volatile.Read(ref metadata);

    /// <summary>A connection to any broker that answers: one that is known, or one of the first ones. Those that were not reached last time come last.</summary>
    /// <exception cref="TransportException">None can be reached; the message names the last one and why.</exception>
    public async ValueTask<IBrokerConnection> AnyAsync(CancellationToken cancellation = default)
    {
        TransportException? last = null;
        foreach (var address in Metadata.Brokers.Values.Concat(transport.Bootstrap).Distinct().OrderBy(unreached.ContainsKey).ToList())
        {
            try
            {
                return await ToAsync(address, cancellation).ConfigureAwait(false);
            }
            catch (TransportException e)
            {
                last = e;
            }
        }

        throw last ?? new TransportException("no broker is known: give at least one address");
    }

    /// <summary>A connection to the broker with that id.</summary>
    /// <exception cref="TransportException">It is not known or cannot be reached.</exception>
    public ValueTask<IBrokerConnection> ToAsync(int broker, CancellationToken cancellation = default)
        => Metadata.Brokers.TryGetValue(broker, out var address) ? ToAsync(address, cancellation) : throw new TransportException($"broker {broker} is not known");

    /// <summary>A connection to that address; one that is open is used again.</summary>
    public async ValueTask<IBrokerConnection> ToAsync(BrokerAddress address, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, this);
        var entry = connections.GetOrAdd(address, Opening);
        try
        {
            var connection = await entry.Value.Task.WaitAsync(cancellation).ConfigureAwait(false);
            if (connection.IsOpen) return connection;
        }
        catch (TransportException)
        {
            connections.TryRemove(new(address, entry));
            throw;
        }

        if (connections.TryRemove(new(address, entry))) await (await entry.Value.Task.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        return await connections.GetOrAdd(address, Opening).Value.Task.WaitAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>A connection to that address for the caller alone, who disposes it: for requests whose answers may be long in coming.</summary>
    public async ValueTask<IBrokerConnection> OpenAsync(BrokerAddress address, CancellationToken cancellation = default)
    {
        if (PauseBefore(address) is { Ticks: > 0 } pause) await Task.Delay(pause, Options.Time, cancellation).ConfigureAwait(false);
        try
        {
            var connection = await transport.ConnectAsync(address, cancellation).ConfigureAwait(false);
            unreached.TryRemove(address, out _);
            return connection;
        }
        catch (TransportException)
        {
            unreached[address] = (unreached.GetValueOrDefault(address).Times + 1, Options.Time.GetTimestamp());
            throw;
        }
    }

    /// <summary>Asks for metadata of those topics (all where null) and keeps it; topics are not created by asking unless <paramref name="create"/>.</summary>
    public async ValueTask<MetadataResponse> RefreshAsync(IReadOnlyCollection<string>? topics, bool create = false, CancellationToken cancellation = default)
    {
        var connection = await AnyAsync(cancellation).ConfigureAwait(false);
        var request = new MetadataRequest { AllowAutoTopicCreation = create, Topics = topics?.Select(t => new MetadataRequest.MetadataRequestTopic { Name = t }).ToList() };
        if (connection.VersionOf(ApiKey.Metadata) == 0) request.Topics ??= [];
        using var answer = await connection.SendAsync(request, Options.RequestTimeout, cancellation: cancellation).ConfigureAwait(false);
        var response = answer.As<MetadataResponse>();
        ClusterMetadata before, after;
        do
        {
            before = Metadata;
            after = before.With(response);
        }
        while (Interlocked.CompareExchange(ref metadata, after, before) != before);
        return response;
    }

    /// <summary>Asks for the metadata of all known topics anew, in the background, where it is older than metadata.max.age.ms.</summary>
    public void KeepFresh()
    {
        var before = Volatile.Read(ref freshAt);
        var now = Options.Time.GetTimestamp();
        if (Options.Time.GetElapsedTime(before, now) < Options.MetadataMaxAge || Interlocked.CompareExchange(ref freshAt, now, before) != before) return;
        if (Metadata.Topics.Count > 0) _ = Freshen();
    }

    /// <summary>Runs an operation until it succeeds, fails for good, or the operation's time is over.</summary>
    /// <param name="what">The operation's name, for errors.</param>
    /// <param name="attempt">One attempt; a retriable <see cref="BrokerException"/> or a <see cref="TransportException"/> leads to another one.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask<T> RetryAsync<T>(string what, Func<CancellationToken, ValueTask<T>> attempt, CancellationToken cancellation = default)
    {
        var backoff = new Backoff(Options);
        while (true)
        {
            try
            {
                return await attempt(cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (IsRetriable(e))
            {
                if (backoff.IsOver) throw new TransportException($"{what} did not succeed within {Options.OperationTimeout.TotalSeconds:0.#} s: {e.Message}", e);
            }

            await backoff.Pause(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a request to any broker, and again elsewhere while connections fail.</summary>
    public ValueTask<T> SendAsync<T>(IApiMessage request, short highest = short.MaxValue, CancellationToken cancellation = default) where T : class, IApiMessage
        => RetryAsync(request.ApiKey.ToString(), async token =>
        {
            var connection = await AnyAsync(token).ConfigureAwait(false);
            using var answer = await connection.SendAsync(request, Options.RequestTimeout, highest, token).ConfigureAwait(false);
            return answer.As<T>();
        }, cancellation);

    /// <summary>Closes every connection.</summary>
    public async ValueTask DisposeAsync()
    {
        closing.Cancel();
        foreach (var entry in connections.Values.Where(e => e.IsValueCreated))
        {
            if (await Task.WhenAny(entry.Value.Task).ConfigureAwait(false) is { IsCompletedSuccessfully: true } opened) await opened.Result.DisposeAsync().ConfigureAwait(false);
        }

        connections.Clear();
        await transport.DisposeAsync().ConfigureAwait(false);
    }

    private async Task Freshen()
    {
        try
        {
            await RefreshAsync(Metadata.Topics.Keys, cancellation: closing.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TransportException or OperationCanceledException or ObjectDisposedException)
        {
            // What is known stays; whoever finds it wrong asks at once.
            return;
        }
    }

    private static bool IsRetriable(Exception e) => e is TransportException || (e is BrokerException refused && refused.Code.IsRetriable());

    private Lazy<Completion<IBrokerConnection>> Opening(BrokerAddress address) => new(() =>
    {
        var opening = new Completion<IBrokerConnection>(Options.Time);
        _ = Open(address, opening);
        return opening;
    });

    private async Task Open(BrokerAddress address, Completion<IBrokerConnection> opening)
    {
        try
        {
            opening.TrySetResult(await OpenAsync(address, closing.Token).ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            opening.TrySetException(failure);
        }
    }

    // What is left of the pause since a broker was not reached.
    private TimeSpan PauseBefore(BrokerAddress address)
    {
        if (!unreached.TryGetValue(address, out var failed)) return TimeSpan.Zero;
        var pause = Options.ReconnectBackoff * (1L << Math.Min(failed.Times - 1, 16));
        if (pause > Options.ReconnectBackoffMax) pause = Options.ReconnectBackoffMax;
        var left = pause - Options.Time.GetElapsedTime(failed.At);
        // Timers count whole milliseconds.
        return left > TimeSpan.Zero ? TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)) : TimeSpan.Zero;
    }
}

using System.Collections.Concurrent;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Cluster;

/// <summary>How requests are repeated and for how long they may take.</summary>
public sealed record ClusterOptions
{
    /// <summary>How long one request may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an operation may take in all, its repetitions included.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The first pause before a request is repeated; it doubles each time.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest such pause.</summary>
    public TimeSpan RetryBackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where time comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What producer, consumer and admin share: connections to the brokers of a cluster, and what is known of its topics.</summary>
public sealed partial class ClusterClient : IAsyncDisposable
{
    private readonly IBrokerTransport transport;
    private readonly ConcurrentDictionary<BrokerAddress, Lazy<Completion<IBrokerConnection>>> connections = new();
    private readonly CancellationTokenSource closing = new();
    private ClusterMetadata metadata = ClusterMetadata.Empty;

    /// <summary>A client over a transport, which it owns from now on.</summary>
    public ClusterClient(IBrokerTransport transport, ClusterOptions? options = null)
    {
        this.transport = transport;
        Options = options ?? new ClusterOptions();
    }

    /// <summary>How requests are repeated.</summary>
    public ClusterOptions Options { get; }

    /// <summary>What is known at the moment.</summary>
    public ClusterMetadata Metadata => Volatile.Read(ref metadata);

    /// <summary>A connection to any broker that answers: one that is known, or one of the first ones.</summary>
    /// <exception cref="TransportException">None can be reached; the message names the last one and why.</exception>
    public async ValueTask<IBrokerConnection> AnyAsync(CancellationToken cancellation = default)
    {
        TransportException? last = null;
        foreach (var address in Metadata.Brokers.Values.Concat(transport.Bootstrap).Distinct())
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
    public ValueTask<IBrokerConnection> OpenAsync(BrokerAddress address, CancellationToken cancellation = default) => transport.ConnectAsync(address, cancellation);

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
            opening.TrySetResult(await transport.ConnectAsync(address, closing.Token).ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            opening.TrySetException(failure);
        }
    }
}

/// <summary>A broker refused a request.</summary>
public sealed class BrokerException : Exception
{
    /// <summary>A refusal with what was asked and the broker's own words, if any.</summary>
    public BrokerException(ErrorCode code, string what, string? said = null) : base(said is { Length: > 0 } ? $"{what}: {said} ({code.Name()})" : $"{what}: {code.Name()}") => Code = code;

    /// <summary>The broker's error code.</summary>
    public ErrorCode Code { get; }

    /// <summary>Throws unless <paramref name="code"/> is <see cref="ErrorCode.None"/>.</summary>
    public static void ThrowIf(ErrorCode code, string what, string? said = null)
    {
        if (code != ErrorCode.None) throw new BrokerException(code, what, said);
    }
}

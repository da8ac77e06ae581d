using AkkaStream.Actors.Requests;
using AkkaStream.Actors.Requests.Cluster;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Embedded;

/// <summary>A connection to a broker in this process. Requests are handed in one at a time, as those of a socket are.</summary>
internal sealed class EmbeddedConnection(IRequestHandler handler, AdvertisedVersions versions, ClientConnection info, BrokerAddress address, TimeProvider time) : IBrokerConnection
{
    private readonly AsyncGate room = new(Limits.EmbeddedRequestsInFlight, time);
    private readonly AsyncGate turn = new(1, time);
    private readonly OpenProduces produces = new(time);
    private readonly CancellationTokenSource ending = new();
    private TransportException? closed;
    private int correlation;

    public BrokerAddress Address => address;

    public bool IsOpen => Volatile.Read(ref closed) is null;

    public short TransactionVersion => ApiVersionsHandler.TransactionVersion;

    public short VersionOf(ApiKey api)
    {
        var range = versions.Of(api);
        return range.IsEmpty ? (short)-1 : Math.Min(range.Highest, ApiMessages.Versions(api).HighestStable);
    }

    public async ValueTask<BrokerAnswer> SendAsync(IApiMessage request, TimeSpan timeout, short highest = short.MaxValue, CancellationToken cancellation = default)
    {
        // Whoever waits when the connection ends waits no more, also for a request that its broker will never answer.
        using var either = cancellation.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, ending.Token) : null;
        var token = either?.Token ?? ending.Token;
        try
        {
            var slot = await HandIn(request, Math.Min(VersionOf(request.ApiKey), highest), token).ConfigureAwait(false);
            return await Answer(slot, timeout, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && Volatile.Read(ref closed) is { } why)
        {
            throw new TransportException(why.Message, why);
        }
    }

    public async ValueTask SendOneWayAsync(IApiMessage request, CancellationToken cancellation = default)
        => Discard((await HandIn(request, VersionOf(request.ApiKey), cancellation).ConfigureAwait(false)).Answer.Task);

    public ValueTask DisposeAsync()
    {
        Close(new TransportException("the connection to the broker in this process was closed"));
        return ValueTask.CompletedTask;
    }

    internal void OrderFixed() => turn.Release();

    internal void Completed(bool isProduce)
    {
        if (isProduce) produces.End();
        room.Release();
    }

    internal void Close(TransportException why)
    {
        if (Interlocked.CompareExchange(ref closed, why, null) is not null) return;
        info.MarkClosed();
        ending.Cancel();
    }

    private async ValueTask<BrokerAnswer> Answer(EmbeddedSlot slot, TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return await slot.Answer.Task.WaitAsync(timeout, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            var late = new TransportException($"the broker in this process did not answer {slot.Header.Key} within {timeout.TotalSeconds:0.###} s", e);
            Close(late);
            throw late;
        }
        finally
        {
            if (!slot.Answer.Task.IsCompletedSuccessfully) Discard(slot.Answer.Task);
        }
    }

    // An answer that nobody waits for any more gives its memory back when it comes.
    private static void Discard(Task<BrokerAnswer> answer)
        => answer.ContinueWith(static late => { if (late.IsCompletedSuccessfully) late.Result.Dispose(); else _ = late.Exception; }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private async ValueTask<EmbeddedSlot> HandIn(IApiMessage request, short version, CancellationToken cancellation)
    {
        if (!versions.Has(request.ApiKey, version)) throw new TransportException($"the broker in this process does not serve {request.ApiKey}");
        await room.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await turn.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            room.Release();
            throw;
        }

        // Produces overtake each other's waiting, nothing else does: who fetches or asks for the end behind a produce finds what it wrote.
        var isProduce = request.ApiKey == ApiKey.Produce;
        try
        {
            if (!isProduce) await produces.Ended.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            turn.Release();
            room.Release();
            throw;
        }

        if (Volatile.Read(ref closed) is { } why)
        {
            turn.Release();
            room.Release();
            throw new TransportException(why.Message, why);
        }

        var header = new RequestHeader(request.ApiKey, version, unchecked(++correlation), "embedded");
        var owned = EmbeddedRecords.Own(request, out var memory);
        var slot = new EmbeddedSlot(this, memory, time) { Header = header, Request = owned, Connection = info };
        if (isProduce) produces.Begin();
        handler.Handle(slot);
        return slot;
    }
}

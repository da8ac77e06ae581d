using Akka.Actor;
using Akka.Event;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Actors.Sessions;

/// <summary>A request that is to go out.</summary>
/// <param name="Pieces">Its frame, in pieces with room for their heads.</param>
/// <param name="Bytes">Bytes of the frame.</param>
/// <param name="Due">Who waits for its answer; null where none comes.</param>
internal sealed record Outgoing(IReadOnlyList<byte[]> Pieces, int Bytes, DueAnswer? Due) : INoSerializationVerificationNeeded, IDeadLetterSuppression;

/// <summary>An answer that somebody waits for.</summary>
/// <param name="Header">The header of its request.</param>
/// <param name="Answer">Completed by it.</param>
/// <param name="Pieces">The request's pieces: the broker has them when it answers.</param>
internal sealed record DueAnswer(RequestHeader Header, Completion<BrokerAnswer> Answer, IReadOnlyList<byte[]> Pieces);

/// <summary>The connection is closed by this side.</summary>
internal sealed record Hangup : INoSerializationVerificationNeeded, IDeadLetterSuppression
{
    public static readonly Hangup Instance = new();
}

/// <summary>
/// A connection of <see cref="ActorTransport"/>: requests are encoded where they are sent, and an actor of its own brings them to the session and takes the answers.
/// </summary>
internal sealed class ActorConnection : IBrokerConnection
{
    private readonly ActorTransportOptions options;
    private readonly AsyncGate room;
    private readonly CancellationTokenSource ending = new();
    private readonly Completion<bool> opened;
    private readonly IActorRef? actor;
    private ServedVersions versions = ServedVersions.None;
    private TransportException? closed;
    private int largestPiece;
    private int largestRequest;
    private int correlation;

    /// <param name="system">Where its actor lives.</param>
    /// <param name="broker">The broker's address.</param>
    /// <param name="path">The broker's <c>/user/broker</c>.</param>
    /// <param name="largestPiece">Bytes of a frame that this system takes in one message.</param>
    /// <param name="options">How to connect.</param>
    public ActorConnection(ActorSystem system, BrokerAddress broker, string path, int largestPiece, ActorTransportOptions options)
    {
        Address = broker;
        this.options = options;
        room = new AsyncGate(Limits.RequestsInFlight, options.Time);
        opened = new Completion<bool>(options.Time);
        // Beside the application's actors: what these send while they stop still goes out.
        actor = ((ExtendedActorSystem)system).SystemActorOf(Props.Create(typeof(ConnectionActor), this, path, largestPiece));
    }

    public BrokerAddress Address { get; }

    public bool IsOpen => Volatile.Read(ref closed) is null;

    public short TransactionVersion => versions.TransactionVersion;

    /// <summary>Arrays of the requests' pieces.</summary>
    public PiecePool Pool { get; } = new();

    /// <summary>The longest answer that is taken.</summary>
    public int LargestAnswer => options.LargestAnswer;

    public short VersionOf(ApiKey api) => versions.Of(api);

    /// <summary>Waits until the session is there, and asks what the broker serves.</summary>
    public async ValueTask Ready(CancellationToken cancellation)
    {
        await opened.Task.WaitAsync(cancellation).ConfigureAwait(false);
        versions = await ServedVersions.AskAsync(Address, (request, version) => AskVersions(request, version, cancellation)).ConfigureAwait(false);
    }

    public async ValueTask<BrokerAnswer> SendAsync(IApiMessage request, TimeSpan timeout, short highest = short.MaxValue, CancellationToken cancellation = default)
    {
        var version = Math.Min(VersionOf(request.ApiKey), highest);
        if (version < 0) throw new TransportException($"{Address} does not serve {request.ApiKey}");
        // Whoever waits when the connection ends waits no more.
        using var either = cancellation.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, ending.Token) : null;
        var token = either?.Token ?? ending.Token;
        try
        {
            var due = await Send(request, version, true, token).ConfigureAwait(false);
            return await Answer(due!, timeout, token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && Volatile.Read(ref closed) is { } why)
        {
            throw new TransportException(why.Message, why);
        }
    }

    public async ValueTask SendOneWayAsync(IApiMessage request, CancellationToken cancellation = default)
    {
        using var either = cancellation.CanBeCanceled ? CancellationTokenSource.CreateLinkedTokenSource(cancellation, ending.Token) : null;
        try
        {
            await Send(request, Math.Max((short)0, VersionOf(request.ApiKey)), false, either?.Token ?? ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && Volatile.Read(ref closed) is { } why)
        {
            throw new TransportException(why.Message, why);
        }
    }

    public ValueTask DisposeAsync()
    {
        Close(new TransportException($"the connection to {Address} was closed"));
        return ValueTask.CompletedTask;
    }

    /// <summary>The session is there.</summary>
    internal void Opened(SessionOpened session)
    {
        (largestPiece, largestRequest) = (session.LargestPiece, session.LargestRequest);
        opened.TrySetResult(true);
    }

    /// <summary>One request is under way no more.</summary>
    internal void Completed() => room.Release();

    /// <summary>Ends the connection; only the first call counts.</summary>
    internal void Close(TransportException why)
    {
        if (Interlocked.CompareExchange(ref closed, why, null) is not null) return;
        opened.TrySetException(why);
        // Not there yet where it is the actor itself that found nobody at the other end.
        actor?.Tell(Hangup.Instance, ActorRefs.NoSender);
        ending.Cancel();
    }

    private async ValueTask<ApiVersionsResponse> AskVersions(ApiVersionsRequest request, short version, CancellationToken cancellation)
    {
        var due = await Send(request, version, true, cancellation).ConfigureAwait(false);
        using var got = await due!.Answer.Task.WaitAsync(cancellation).ConfigureAwait(false);
        return got.As<ApiVersionsResponse>();
    }

    private async ValueTask<BrokerAnswer> Answer(DueAnswer due, TimeSpan timeout, CancellationToken cancellation)
    {
        var answer = due.Answer.Task;
        try
        {
            return await answer.WaitAsync(timeout, options.Time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            var late = new TransportException($"{Address} did not answer {due.Header.Key} within {timeout.TotalSeconds:0.###} s", e);
            Close(late);
            throw late;
        }
        finally
        {
            if (!answer.IsCompletedSuccessfully) Discard(answer);
        }
    }

    // An answer that nobody waits for any more gives its memory back when it comes.
    private static void Discard(Task<BrokerAnswer> answer)
        => answer.ContinueWith(static late => { if (late.IsCompletedSuccessfully) late.Result.Dispose(); else _ = late.Exception; }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private async ValueTask<DueAnswer?> Send(IApiMessage request, short version, bool answered, CancellationToken cancellation)
    {
        await room.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Volatile.Read(ref closed) is { } why) throw new TransportException(why.Message, why);
            var header = new RequestHeader(request.ApiKey, version, Interlocked.Increment(ref correlation), options.ClientId);
            using var writer = new MessageWriter();
            header.Write(writer);
            request.Write(writer, version);
            if (writer.TotalLength > largestRequest) throw new TransportException($"a request {request.ApiKey} of {writer.TotalLength} bytes; {Address} takes {largestRequest} (socket.request.max.bytes)");
            var pieces = new FrameCursor(writer, Pool).Cut(largestPiece);
            var due = answered ? new DueAnswer(header, new Completion<BrokerAnswer>(options.Time), pieces) : null;
            actor!.Tell(new Outgoing(pieces, (int)writer.TotalLength, due), ActorRefs.NoSender);
            return due;
        }
        catch
        {
            room.Release();
            throw;
        }
    }
}

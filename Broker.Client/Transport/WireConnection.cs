using System.Buffers.Binary;
using System.Collections.Concurrent;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Transport;

/// <summary>One connection of <see cref="WireTransport"/>: requests go out as they come, a loop reads the answers in the same order.</summary>
internal sealed class WireConnection : IBrokerConnection
{
    private const int SmallestAnswer = 4;
    private readonly Stream stream;
    private readonly WireOptions options;
    private readonly ConcurrentQueue<Pending> pending = new();
    private readonly SemaphoreSlim turn = new(1);
    private readonly SemaphoreSlim room;
    private readonly MessageWriter writer = new(4096);
    private readonly CancellationTokenSource closing = new();
    private readonly Task reading;
    private ServedVersions versions = ServedVersions.None;
    private TransportException? closed;
    private int correlation;
    private bool isDisposed;

    public WireConnection(BrokerAddress address, Stream stream, WireOptions options)
    {
        Address = address;
        this.stream = stream;
        this.options = options;
        room = new SemaphoreSlim(options.RequestsInFlight);
        reading = ReadAnswers();
    }

    public BrokerAddress Address { get; }

    public bool IsOpen => Volatile.Read(ref closed) is null;

    public short TransactionVersion => versions.TransactionVersion;

    public short VersionOf(ApiKey api) => versions.Of(api);

    /// <summary>Asks what the broker serves.</summary>
    public async ValueTask AgreeOnVersions(CancellationToken cancellation)
        => versions = await ServedVersions.AskAsync(Address, (request, version) => AskVersions(request, version, cancellation)).ConfigureAwait(false);

    public async ValueTask<BrokerAnswer> SendAsync(IApiMessage request, TimeSpan timeout, short highest = short.MaxValue, CancellationToken cancellation = default)
    {
        var version = Math.Min(VersionOf(request.ApiKey), highest);
        if (version < 0) throw new TransportException($"{Address} does not serve {request.ApiKey}");
        var answer = await Send(request, version, true, cancellation).ConfigureAwait(false);
        try
        {
            return await answer!.Task.WaitAsync(timeout, options.Time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            var late = new TransportException($"{Address} did not answer {request.ApiKey} within {timeout.TotalSeconds:0.###} s", e);
            Close(late);
            throw late;
        }
        finally
        {
            if (!answer!.Task.IsCompletedSuccessfully) Discard(answer.Task);
        }
    }

    public async ValueTask SendOneWayAsync(IApiMessage request, CancellationToken cancellation = default)
        => await Send(request, Math.Max((short)0, VersionOf(request.ApiKey)), false, cancellation).ConfigureAwait(false);

    // More than once in the life of a caller who cannot open another one in its place; whoever waits for a turn finds it closed.
    public async ValueTask DisposeAsync()
    {
        Close(new TransportException($"the connection to {Address} was closed"));
        await reading.ConfigureAwait(false);
        await turn.WaitAsync().ConfigureAwait(false);
        if (!isDisposed) writer.Dispose();
        isDisposed = true;
        turn.Release();
    }

    // An answer that nobody waits for any more gives its memory back when it comes.
    private static void Discard(Task<BrokerAnswer> answer)
        => answer.ContinueWith(static late => { if (late.IsCompletedSuccessfully) late.Result.Dispose(); else _ = late.Exception; }, TaskScheduler.Default);

    private async ValueTask<ApiVersionsResponse> AskVersions(ApiVersionsRequest request, short version, CancellationToken cancellation)
    {
        var answer = await Send(request, version, true, cancellation).ConfigureAwait(false);
        using var got = await answer!.Task.WaitAsync(cancellation).ConfigureAwait(false);
        return got.As<ApiVersionsResponse>();
    }

    private async ValueTask<TaskCompletionSource<BrokerAnswer>?> Send(IApiMessage request, short version, bool answered, CancellationToken cancellation)
    {
        if (answered) await room.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await turn.WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (answered)
        {
            room.Release();
            throw;
        }

        try
        {
            if (Volatile.Read(ref closed) is { } why) throw new TransportException(why.Message, why);
            var header = new RequestHeader(request.ApiKey, version, unchecked(++correlation), options.ClientId);
            Encode(request, header);
            var entry = answered ? new Pending(header) : null;
            if (entry is not null) pending.Enqueue(entry);
            await WriteFrame().ConfigureAwait(false);
            return entry?.Answer;
        }
        catch (Exception e) when (e is IOException and not TransportException or ObjectDisposedException or OperationCanceledException)
        {
            var lost = new TransportException($"the connection to {Address} was lost: {e.Message}", e);
            Close(lost);
            throw lost;
        }
        finally
        {
            turn.Release();
        }
    }

    private void Encode(IApiMessage request, in RequestHeader header)
    {
        writer.Clear();
        writer.Int32(0);
        header.Write(writer);
        request.Write(writer, header.Version);
        writer.PatchInt32(0, checked((int)(writer.TotalLength - 4)));
    }

    // Once begun, a frame is written whole: half of one would spoil the connection, so no cancellation here.
    private async ValueTask WriteFrame()
    {
        var from = 0;
        for (var i = 0; i < writer.SpliceCount; i++)
        {
            var splice = writer.SpliceAt(i);
            await Write(writer.Buffer[from..splice.Position]).ConfigureAwait(false);
            await Write(splice.Payload.Memory).ConfigureAwait(false);
            from = splice.Position;
        }

        if (from < writer.Length) await Write(writer.Buffer[from..]).ConfigureAwait(false);
    }

    // A broker that is stopped takes what its socket holds and no more, and nothing else would ever end such a wait.
    private ValueTask Write(ReadOnlyMemory<byte> bytes)
    {
        var writing = stream.WriteAsync(bytes, closing.Token);
        return writing.IsCompletedSuccessfully ? default : Finish(writing.AsTask());
    }

    private async ValueTask Finish(Task writing)
    {
        try
        {
            await writing.WaitAsync(options.WriteTimeout, options.Time).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            var late = new TransportException($"{Address} took nothing of a request for {options.WriteTimeout.TotalSeconds:0.###} s", e);
            Close(late);

            // Its bytes are in use until then.
            await writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw late;
        }
    }

    private async Task ReadAnswers()
    {
        var lengthBytes = new byte[4];
        try
        {
            while (true)
            {
                await stream.ReadExactlyAsync(lengthBytes, closing.Token).ConfigureAwait(false);
                var length = BinaryPrimitives.ReadInt32BigEndian(lengthBytes);
                if (length < SmallestAnswer || length > options.LargestAnswer) throw new IOException($"an answer of {length} bytes; the limit is {options.LargestAnswer}");
                var buffer = new ResponseBuffer(length);
                await stream.ReadExactlyAsync(buffer.Memory, closing.Token).ConfigureAwait(false);
                if (!pending.TryPeek(out var due)) throw new IOException("an answer that nothing asked for");
                // Where it cannot be read, whoever waits for it is told with the others.
                var answer = ServedVersions.Decode(due.Header, buffer.Memory, buffer);
                pending.TryDequeue(out _);
                room.Release();
                due.Answer.TrySetResult(answer);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or MalformedMessageException or UnsupportedVersionException)
        {
            var ended = e is EndOfStreamException ? "the broker closed it" : e.Message;
            Close(new TransportException($"the connection to {Address} was lost: {ended}", e));
            FailPending();
        }
    }

    private void Close(TransportException why)
    {
        if (Interlocked.CompareExchange(ref closed, why, null) is not null) return;
        closing.Cancel();
        stream.Dispose();

        // Those that wait for a place find it closed.
        room.Release(Limits.RequestsWaiting);
    }

    private void FailPending()
    {
        while (pending.TryDequeue(out var due))
        {
            room.Release();
            due.Answer.TrySetException(new TransportException(closed!.Message, closed));
        }
    }

    private sealed class Pending(RequestHeader header)
    {
        public RequestHeader Header { get; } = header;

        public TaskCompletionSource<BrokerAnswer> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

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
    private readonly short[] versions;
    private readonly Task reading;
    private TransportException? closed;
    private int correlation;

    public WireConnection(BrokerAddress address, Stream stream, WireOptions options)
    {
        Address = address;
        this.stream = stream;
        this.options = options;
        room = new SemaphoreSlim(options.RequestsInFlight);
        versions = new short[(int)ApiMessages.All.Max() + 1];
        Array.Fill(versions, (short)-1);
        reading = ReadAnswers();
    }

    public BrokerAddress Address { get; }

    public bool IsOpen => Volatile.Read(ref closed) is null;

    public short TransactionVersion { get; private set; }

    public short VersionOf(ApiKey api) => (ushort)api < versions.Length ? versions[(int)api] : (short)-1;

    /// <summary>The question what a broker serves, with the client's name.</summary>
    public static ApiVersionsRequest Introduction() => new() { ClientSoftwareName = "akkastream-dotnet", ClientSoftwareVersion = "0.1.0" };

    /// <summary>Asks what the broker serves; an old broker that refuses the question is asked again in its oldest form.</summary>
    public async ValueTask AgreeOnVersions(CancellationToken cancellation)
    {
        var served = await AskVersions(Introduction(), 3, cancellation).ConfigureAwait(false);
        if (served.ErrorCode == ErrorCode.UnsupportedVersion) served = await AskVersions(new ApiVersionsRequest(), 0, cancellation).ConfigureAwait(false);
        if (served.ErrorCode != ErrorCode.None) throw new TransportException($"{Address} does not say what it serves: {served.ErrorCode.Name()}");
        TransactionVersion = served.FinalizedFeatures.Find(f => f.Name == "transaction.version")?.MaxVersionLevel ?? 0;
        foreach (var api in served.ApiKeys)
        {
            var known = ApiMessages.Versions((ApiKey)api.ApiKey);
            var highest = Math.Min(known.HighestStable, api.MaxVersion);
            if ((ushort)api.ApiKey < versions.Length && highest >= Math.Max(known.Lowest, api.MinVersion)) versions[api.ApiKey] = highest;
        }
    }

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

    public async ValueTask DisposeAsync()
    {
        Close(new TransportException($"the connection to {Address} was closed"));
        await reading.ConfigureAwait(false);
        await turn.WaitAsync().ConfigureAwait(false);
        writer.Dispose();
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
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
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
        catch (Exception e) when (e is IOException and not TransportException or ObjectDisposedException)
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
            await stream.WriteAsync(writer.Buffer[from..splice.Position], closing.Token).ConfigureAwait(false);
            await stream.WriteAsync(splice.Payload.Memory, closing.Token).ConfigureAwait(false);
            from = splice.Position;
        }

        if (from < writer.Length) await stream.WriteAsync(writer.Buffer[from..], closing.Token).ConfigureAwait(false);
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
                if (!pending.TryDequeue(out var due)) throw new IOException("an answer that nothing asked for");
                room.Release();
                due.Answer.TrySetResult(Decode(due.Header, buffer));
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or MalformedMessageException or UnsupportedVersionException)
        {
            var ended = e is EndOfStreamException ? "the broker closed it" : e.Message;
            Close(new TransportException($"the connection to {Address} was lost: {ended}", e));
            FailPending();
        }
    }

    private static BrokerAnswer Decode(in RequestHeader header, ResponseBuffer buffer)
    {
        var reader = new MessageReader(buffer.Memory);
        var correlation = ResponseHeader.Read(ref reader, header);
        if (correlation != header.CorrelationId) throw new MalformedMessageException($"an answer to request {correlation} where {header.CorrelationId} was due");
        var message = ApiMessages.CreateResponse(header.Key)!;
        var version = header.Version;
        if (header.Key == ApiKey.ApiVersions && version > 0 && BinaryPrimitives.ReadInt16BigEndian(buffer.Memory.Span[reader.Position..]) == (short)ErrorCode.UnsupportedVersion) version = 0;
        message.Read(ref reader, version);
        return new BrokerAnswer(message, version, buffer);
    }

    private void Close(TransportException why)
    {
        if (Interlocked.CompareExchange(ref closed, why, null) is not null) return;
        closing.Cancel();
        stream.Dispose();
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

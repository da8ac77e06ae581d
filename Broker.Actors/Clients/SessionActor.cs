using System.Net;
using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Requests;
using AkkaStream.Client.Actors.Sessions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Clients;

/// <summary>What the sessions of a broker share.</summary>
/// <param name="Handler">Who handles requests.</param>
/// <param name="Versions">What is served.</param>
/// <param name="LargestRequest">The longest request that is taken, in bytes.</param>
/// <param name="LargestPiece">Bytes of a frame that this system takes in one message.</param>
/// <param name="Memory">The memory of their requests.</param>
internal sealed record SessionParts(IRequestHandler Handler, AdvertisedVersions Versions, int LargestRequest, int LargestPiece, SessionMemory Memory);

/// <summary>The client cannot be reached any more.</summary>
/// <param name="Reason">A sentence.</param>
internal sealed record ClientLost(string Reason) : INoSerializationVerificationNeeded;

/// <summary>No more requests: a session ends once its answers are sent.</summary>
internal sealed record Drain : INoSerializationVerificationNeeded
{
    public static readonly Drain Instance = new();
}

/// <summary>
/// The broker's end of an actor client's connection: takes requests as far as they were granted, hands them to the same handlers as every other door, and sends the answers in order, in pieces,
/// as far as the client grants. It does not watch its client, for the same reason as the client does not watch it: whoever was silent for a while comes back.
/// </summary>
internal sealed class SessionActor : UntypedActor, IWithTimers
{
    private static long lastId = long.MinValue / 2;
    private readonly SessionParts parts;
    private readonly IActorRef client;
    private readonly int largestPiece;
    private readonly ClientConnection info;
    private readonly SessionOrder order;
    private readonly RequestCredit credit;
    private readonly PieceReceiver receiver;
    private readonly PieceSender sender;
    private readonly Queue<RequestFrame> frames = new();
    private readonly Queue<(byte[] Array, long End)> sent = new();
    private readonly PiecePool pool = new();
    private readonly long window;
    private readonly bool isRemote;
    private RequestAssembly? assembly;
    private SessionSlot? next;
    private SessionSlot? sending;
    private FrameCursor? cursor;
    private string? draining;
    private TimeSpan heardAt;
    private TimeSpan pieceAt;
    private int woken;
    private bool hasEnded;

    public SessionActor(SessionParts parts, IActorRef client, OpenSession open)
    {
        this.parts = parts;
        this.client = client;
        largestPiece = Math.Min(open.LargestPiece, parts.LargestPiece);
        window = open.AnswerWindow;
        var address = client.Path.Address;
        isRemote = address.Host is not null;
        info = new ClientConnection
        {
            Id = Interlocked.Increment(ref lastId),
            Listener = BrokerImage.AkkaListener,
            ClientAddress = IPAddress.TryParse(address.Host, out var ip) ? ip : IPAddress.None,
            ClientPort = address.Port ?? 0,
            LocalAddress = new IPEndPoint(IPAddress.None, 0),
        };
        var self = Self;
        order = new SessionOrder(() =>
        {
            if (Interlocked.Exchange(ref woken, 1) == 0) self.Tell(Wake.Instance, ActorRefs.NoSender);
        });
        credit = new RequestCredit(Limits.SessionOwnBytes, Limits.SessionRequestBytes, parts.LargestRequest + (2L * Limits.SessionRequestBytes), parts.Memory, bytes => self.Tell(new MemoryThere(bytes), ActorRefs.NoSender));
        receiver = new PieceReceiver(largestPiece, parts.LargestRequest);
        sender = new PieceSender(Math.Clamp(open.AnswerWindow, 0, Limits.SessionAnswerBytes));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    protected override void PreStart()
    {
        heardAt = pieceAt = Now;
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, Client.Actors.Limits.SessionHeartbeat);
        Open();
    }

    protected override void PostStop()
    {
        if (!hasEnded) client.Tell(new SessionEnded("its end on the broker has ended"), Self);
        info.MarkClosed();
        order.End();
        credit.End();
        next?.Abandon();
        assembly?.Dispose();
        foreach (var frame in frames) frame.Memory?.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Wake:
                Volatile.Write(ref woken, 0);
                break;
            case MemoryThere there:
                credit.Admitted(there.Bytes);
                break;
            case Look:
                LookAround();
                break;
            case Drain:
                draining ??= "the broker stops";
                break;
            case ClientLost lost:
                hasEnded = true;
                End(lost.Reason);
                break;
            // The client asked again before it had heard.
            case OpenSession: Open(); break;
            case ISessionMessage said when Sender.Equals(client): Hear(said); break;
        }

        if (!hasEnded) GoOn();
    }

    private void Open() => client.Tell(new SessionOpened(OpenSession.Version, largestPiece, credit.Granted, parts.LargestRequest), Self);

    private void Hear(ISessionMessage said)
    {
        heardAt = Now;
        switch (said)
        {
            case Piece piece:
                pieceAt = heardAt;
                Take(piece);
                break;
            case Granted more:
                Grant(more.Total);
                break;
            case Wanted want:
                Want(want.Total);
                break;
            case Alive alive when alive.Pieces != receiver.Pieces:
                End($"messages were lost: {receiver.Pieces} of {alive.Pieces} came");
                break;
            case Alive alive:
                Grant(alive.Granted);
                Want(alive.Wanted);
                break;
            case SessionEnded ended:
                hasEnded = true;
                End(ended.Reason);
                break;
            case Malformed malformed:
                End(malformed.Reason);
                break;
        }
    }

    // An honest client has not granted more than it has seen and a window.
    private void Grant(long total)
    {
        sender.Grant(Math.Min(total, sender.Bytes + Limits.SessionAnswerBytes));
        while (sent.TryPeek(out var first) && first.End <= total - window) pool.Return(sent.Dequeue().Array);
    }

    private void Want(long total)
    {
        if (!credit.Want(total)) End($"it wants to send {total} bytes; the longest request is {parts.LargestRequest} (socket.request.max.bytes)");
    }

    private void Take(Piece piece)
    {
        if (receiver.Take(piece) is { } fault)
        {
            End(fault);
        }
        else if (!credit.Take(piece.Length, piece.Remaining == 0))
        {
            End("it sent more than was granted");
        }
        else if (assembly is null && piece.Remaining == 0)
        {
            frames.Enqueue(new RequestFrame(piece.Bytes, piece));
        }
        else
        {
            assembly ??= new RequestAssembly(piece.Length + piece.Remaining);
            assembly.Add(piece);
            if (assembly.Rest > 0) return;
            frames.Enqueue(assembly.Take());
            assembly = null;
        }
    }

    // After whatever happened: answers first, since they make room.
    private void GoOn()
    {
        credit.Complete(order.TakeCompleted());
        try
        {
            Transmit();
        }
        catch (IOException failure)
        {
            End($"an answer's file cannot be read: {failure.Message}");
            return;
        }

        HandIn();
        if (order.CloseReason is { } reason)
        {
            End(reason);
            return;
        }

        if (draining is not null && (order.Unanswered == 0 || order.OnlyWaits))
        {
            End(draining);
            return;
        }

        if (credit.Due() is { } granted) client.Tell(new Granted(granted), Self);
        if (assembly is not null && credit.Covers(assembly.Rest)) assembly.Allocate();
    }

    private void Transmit()
    {
        while ((sending ??= order.NextAnswer()) is { } slot)
        {
            if (slot.Answer is { } answer)
            {
                cursor ??= new FrameCursor(answer, pool);
                if (!Send(cursor)) return;
            }

            (sending, cursor) = (null, null);
            order.Sent(slot);
        }
    }

    private bool Send(FrameCursor frame)
    {
        while (frame.Left > 0)
        {
            if (!sender.MaySend((int)Math.Min(frame.Left, largestPiece))) return false;
            var piece = frame.Next(largestPiece);
            client.Tell(sender.Next(piece, (int)frame.Left), Self);
            if (isRemote) sent.Enqueue((piece, sender.Bytes));
        }

        return true;
    }

    private void HandIn()
    {
        while (draining is null && order.CloseReason is null)
        {
            if (next is null)
            {
                if (!frames.TryDequeue(out var frame)) return;
                next = Decode(frame);
                if (next is null) return;
            }

            if (!order.TryHandIn(next)) return;
            var slot = next;
            next = null;
            if (slot.IsRefused) slot.Complete(Refusal());
            else parts.Handler.Handle(slot);
        }
    }

    // What came before a bad request was good, and is still answered. A question for versions in a version from the future is answered in version 0, so that the client can ask again (KIP-511).
    private SessionSlot? Decode(RequestFrame frame)
    {
        try
        {
            var reader = new MessageReader(frame.Frame);
            var header = RequestHeader.Read(ref reader);
            var serves = parts.Versions.Has(header.Key, header.Version);
            if (header.Key == ApiKey.ApiVersions && !serves) return Slot(frame, header with { Version = 0 }, new ApiVersionsRequest(), isRefused: true);
            if ((serves ? ApiMessages.CreateRequest(header.Key) : null) is { } request)
            {
                request.Read(ref reader, header.Version);
                return Slot(frame, header, request, isRefused: false);
            }

            draining = $"version {header.Version} of {header.Key} is not served";
        }
        catch (MalformedMessageException failure)
        {
            draining = $"a request that cannot be read: {failure.Message}";
        }

        frame.Memory?.Dispose();
        return null;
    }

    private SessionSlot Slot(RequestFrame frame, in RequestHeader header, IApiMessage request, bool isRefused)
        => new(order, frame.Memory, frame.Frame.Length) { Header = header, Request = request, Connection = info, IsRefused = isRefused };

    private ApiVersionsResponse Refusal()
    {
        var refusal = new ApiVersionsResponse { ErrorCode = ErrorCode.UnsupportedVersion };
        var own = parts.Versions.Of(ApiKey.ApiVersions);
        refusal.ApiKeys.Add(new ApiVersionsResponse.ApiVersion { ApiKey = (short)ApiKey.ApiVersions, MinVersion = own.Lowest, MaxVersion = own.Highest });
        return refusal;
    }

    private void LookAround()
    {
        if (Now - heardAt > Client.Actors.Limits.SessionSilence) End($"it has said nothing for {Client.Actors.Limits.SessionSilence.TotalSeconds:0} s");
        else if (credit.KeepsMemory && parts.Memory.IsWanted && Now - pieceAt > Limits.SessionStalled) End($"memory was granted to it that others wait for, and it sent nothing for {Limits.SessionStalled.TotalSeconds:0} s");
        else client.Tell(new Alive(sender.Pieces, credit.Granted, 0), Self);
        pool.Trim();
    }

    private void End(string reason)
    {
        if (!hasEnded) client.Tell(new SessionEnded(reason), Self);
        hasEnded = true;
        Context.GetLogger().Info("the session of {0} ends: {1}", client.Path, reason);
        Context.Stop(Self);
    }

    private sealed record Wake : INoSerializationVerificationNeeded, IDeadLetterSuppression
    {
        public static readonly Wake Instance = new();
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }

    private sealed record MemoryThere(long Bytes) : INoSerializationVerificationNeeded, IDeadLetterSuppression;
}

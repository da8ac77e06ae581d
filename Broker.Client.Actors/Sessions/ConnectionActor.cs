using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Actors.Sessions;

/// <summary>
/// The client's end of a session: sends requests as far as the broker grants, puts answers together, and notices that the broker is gone, by a broken connection, by messages that could not be
/// brought, or by its silence. It does not watch the session: one that is silent for a while would be quarantined by that, and could not be talked to again before one of both is restarted.
/// </summary>
internal sealed class ConnectionActor : UntypedActor, IWithTimers
{
    private readonly ActorConnection connection;
    private readonly string broker;
    private readonly int largestPiece;
    private readonly Queue<Outgoing> outgoing = new();
    private readonly Queue<DueAnswer> due = new();
    private IActorRef? session;
    private PieceSender sender = new(0);
    private PieceReceiver receiver = new(0, 0);
    private ResponseBuffer? answer;
    private int filled;
    private int sentOfFirst;
    private int piecesOfFirst;
    private long wanted;
    private long granted = Limits.AnswerWindowBytes;
    private TimeSpan heardAt;
    private bool hasEnded;

    public ConnectionActor(ActorConnection connection, string broker, int largestPiece)
    {
        this.connection = connection;
        this.broker = broker;
        this.largestPiece = largestPiece;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(QuarantinedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AllDeadLetters));
        Timers.StartPeriodicTimer(nameof(AskAgain), AskAgain.Instance, TimeSpan.Zero, Limits.SessionAskAgain);
    }

    protected override void PostStop()
    {
        if (!hasEnded) session?.Tell(new SessionEnded("the client closed the connection"), Self);
        var why = new TransportException($"the connection to {connection.Address} was closed");
        connection.Close(why);
        answer?.Dispose();
        foreach (var waiting in due) waiting.Answer.TrySetException(why);
        foreach (var request in outgoing) request.Due?.Answer.TrySetException(why);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Outgoing request:
                outgoing.Enqueue(request);
                Transmit();
                break;
            case Hangup: Context.Stop(Self); break;
            case AskAgain: Ask(); break;
            case Look: LookAround(); break;
            case ISessionMessage said: Hear(said); break;
            case AllDeadLetters { Message: ISessionMessage } dead when dead.Sender.Equals(Self):
                End(session is null ? "nobody answers there" : "messages cannot be brought there");
                break;
            case DisassociatedEvent lost when IsSessions(lost.RemoteAddress): End("the connection broke"); break;
            case QuarantinedEvent lost when IsSessions(lost.Address): End("the broker's process is gone"); break;
        }
    }

    private bool IsSessions(Address address) => session is not null && session.Path.Address.Equals(address);

    private void Ask() => Context.System.ActorSelection(broker).Tell(new OpenSession(OpenSession.Version, OpenSession.Version, largestPiece, Limits.AnswerWindowBytes), Self);

    private void Hear(ISessionMessage said)
    {
        if (session is null) Meet(said);
        else if (Sender.Equals(session)) HearSession(said);
    }

    private void Meet(ISessionMessage said)
    {
        if (said is SessionEnded refused)
        {
            hasEnded = true;
            End(refused.Reason);
        }

        if (said is not SessionOpened opened) return;
        if (opened.Version != OpenSession.Version || opened.LargestPiece < Limits.SmallestPieceBytes || opened.LargestPiece > largestPiece)
        {
            End($"it answers with what was not asked for: version {opened.Version}, pieces of {opened.LargestPiece} bytes");
            return;
        }

        session = Sender;
        sender = new PieceSender(opened.RequestWindow);
        receiver = new PieceReceiver(opened.LargestPiece, connection.LargestAnswer);
        heardAt = Now;
        // A watch that is taken back leaves remoting with a connection of its own for such things: when the broker's process ends that breaks, and is told.
        Context.Watch(session);
        Context.Unwatch(session);
        Timers.Cancel(nameof(AskAgain));
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, Limits.SessionHeartbeat);
        connection.Opened(opened);
    }

    private void HearSession(ISessionMessage said)
    {
        heardAt = Now;
        switch (said)
        {
            case Piece piece:
                Take(piece);
                break;
            case Granted more:
                sender.Grant(more.Total);
                Transmit();
                break;
            case Alive alive when alive.Pieces != receiver.Pieces:
                End($"messages were lost: {receiver.Pieces} of {alive.Pieces} came");
                break;
            case Alive alive:
                sender.Grant(alive.Granted);
                Transmit();
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

    private void LookAround()
    {
        if (Now - heardAt > Limits.SessionSilence) End($"it has said nothing for {Limits.SessionSilence.TotalSeconds:0} s");
        else session!.Tell(new Alive(sender.Pieces, granted, wanted), Self);
        connection.Pool.Trim();
    }

    private void Transmit()
    {
        while (outgoing.TryPeek(out var request))
        {
            var piece = request.Pieces[piecesOfFirst];
            if (!sender.MaySend(piece.Length - Piece.HeadBytes))
            {
                Want();
                return;
            }

            sentOfFirst += piece.Length - Piece.HeadBytes;
            session!.Tell(sender.Next(piece, request.Bytes - sentOfFirst), Self);
            if (++piecesOfFirst < request.Pieces.Count) continue;
            (piecesOfFirst, sentOfFirst) = (0, 0);
            outgoing.Dequeue();
            if (request.Due is { } waiting) due.Enqueue(waiting);
            else connection.Completed();
        }
    }

    private void Want()
    {
        var end = sender.Bytes + outgoing.Peek().Bytes - sentOfFirst;
        if (wanted >= end) return;
        // The first request as a whole, and with it what is short enough.
        foreach (var request in outgoing.Skip(1))
        {
            if (end + request.Bytes - sender.Bytes > Limits.WantedBytes) break;
            end += request.Bytes;
        }

        wanted = end;
        session!.Tell(new Wanted(wanted), Self);
    }

    private void Take(Piece piece)
    {
        if (receiver.Take(piece) is { } fault)
        {
            End(fault);
            return;
        }

        if (answer is null && piece.Remaining == 0)
        {
            Complete(piece.Bytes, piece);
        }
        else
        {
            if (answer is null) (answer, filled) = (new ResponseBuffer(piece.Length + piece.Remaining), 0);
            piece.Bytes.CopyTo(answer.Memory[filled..]);
            filled += piece.Length;
            var isLast = piece.Remaining == 0;
            piece.Dispose();
            if (isLast)
            {
                var whole = answer;
                answer = null;
                Complete(whole.Memory, whole);
            }
        }

        if (receiver.Bytes + Limits.AnswerWindowBytes - granted < Limits.AnswerWindowBytes / 4) return;
        granted = receiver.Bytes + Limits.AnswerWindowBytes;
        session!.Tell(new Granted(granted), Self);
    }

    private void Complete(ReadOnlyMemory<byte> bytes, IDisposable memory)
    {
        if (!due.TryPeek(out var waiting))
        {
            memory.Dispose();
            End("an answer came that nothing asked for");
            return;
        }

        BrokerAnswer read;
        try
        {
            read = ServedVersions.Decode(waiting.Header, bytes, memory);
        }
        catch (Exception e) when (e is MalformedMessageException or UnsupportedVersionException)
        {
            memory.Dispose();
            End($"an answer to {waiting.Header.Key} cannot be read: {e.Message}");
            return;
        }

        due.Dequeue();
        // One in this system has the very arrays.
        if (session!.Path.Address.Host is not null)
        {
            foreach (var piece in waiting.Pieces) connection.Pool.Return(piece);
        }

        connection.Completed();
        waiting.Answer.TrySetResult(read);
    }

    private void End(string reason)
    {
        var what = session is null ? "cannot reach" : "lost the connection to";
        connection.Close(new TransportException($"{what} {connection.Address}: {reason}"));
        Context.Stop(Self);
    }

    private sealed record AskAgain
    {
        public static readonly AskAgain Instance = new();
    }

    private sealed record Look
    {
        public static readonly Look Instance = new();
    }
}

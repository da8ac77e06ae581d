using System.Net.Sockets;
using AkkaStream.Actors.Requests;

namespace AkkaStream.Host.Kafka;

/// <summary>
/// A plaintext connection on Linux: an <see cref="IoLoop"/> tells when its socket is ready; bytes of files go to it without passing
/// through this process.
/// </summary>
internal sealed class PlainConnection : KafkaConnection, ILoopMember
{
    private const int None = 0;
    private const int WaitingForRoom = 1;
    private const int RoomSeen = 2;
    private const int Discard = 64;
    private readonly Socket socket;
    private readonly int handle;
    private readonly IoLoop loop;
    private readonly Action<KafkaConnection> ended;
    private bool drained;
    private bool peerClosed;
    private int room;
    private int sendOnLoop;
    private bool cleanedUp;
    private DoorSlot? first;
    private long bytesToSend;
    private AnswerCursor cursor;

    public PlainConnection(DoorContext door, ClientConnection info, Socket socket, IoLoop loop, Action<KafkaConnection> ended)
        : base(door, info)
    {
        this.socket = socket;
        this.loop = loop;
        this.ended = ended;
        handle = (int)socket.Handle;
    }

    public long LoopId { get; set; }

    protected override bool MayHoldMore => !drained;

    /// <summary>Begins to receive. False where the system cannot watch the socket.</summary>
    public bool TryStart() => loop.TryAdd(this, handle);

    public void Ready(int flags)
    {
        if (IsClosed)
        {
            CleanUp();
            return;
        }

        if (flags != 0) Note(flags);
        if (Interlocked.Exchange(ref sendOnLoop, 0) == 1) Transmit();
        if (!IsParked) Read();
        if (IsClosed) CleanUp();
    }

    public void Failed(Exception failure)
    {
        Close($"{failure.GetType().Name}: {failure.Message}");
        loop.Post(this);
    }

    protected override void Wake() => loop.Post(this);

    protected override void Abort()
    {
        // The socket stays open until the loop's thread closes it: another thread may be sending on it.
        LinuxSockets.Shutdown(handle);
        loop.Post(this);
    }

    protected override void Transmit()
    {
        while (!IsClosed)
        {
            if (first is null && !TakeNext()) return;
            if (!loop.IsCurrent && bytesToSend > Limits.InlineSendBytes)
            {
                LeaveToLoop();
                return;
            }

            Interlocked.Exchange(ref room, None);
            var outcome = AnswerSender.Send(handle, ref cursor, out var bytes);
            Door.Metrics.SentOf(bytes);
            bytesToSend -= bytes;
            if (outcome == SendOutcome.Yield) LeaveToLoop();
            if (outcome == SendOutcome.Yield || (outcome == SendOutcome.Full && WaitForRoom())) return;
            if (outcome == SendOutcome.AllSent) EndSending();
            if (outcome == SendOutcome.Broken) CloseQuietly();
        }

        GiveUpSending();
    }

    private bool TakeNext()
    {
        first = TakeAnswers(out bytesToSend);
        if (first is null && IsClosed) Wake();
        cursor = new AnswerCursor(first);
        return first is not null;
    }

    private void LeaveToLoop()
    {
        Volatile.Write(ref sendOnLoop, 1);
        loop.Post(this);
    }

    private void EndSending()
    {
        var sent = first;
        first = null;
        Sent(sent);
    }

    private void GiveUpSending()
    {
        for (; first is not null; first = first.Next) first.ReleaseAnswer();
        StopSending();
        loop.Post(this);
    }

    // The event for room may have come between the failed send and now; then it is tried again.
    private bool WaitForRoom()
    {
        if (Interlocked.CompareExchange(ref room, WaitingForRoom, None) != None) return false;
        return !IsClosed || !TakeBackWait();
    }

    private bool TakeBackWait() => Interlocked.CompareExchange(ref room, None, WaitingForRoom) == WaitingForRoom;

    private void Note(int flags)
    {
        if ((flags & (LinuxSockets.EpollError | LinuxSockets.EpollHangUp)) != 0)
        {
            CloseQuietly();
            return;
        }

        if ((flags & (LinuxSockets.EpollIn | LinuxSockets.EpollPeerClosed)) != 0)
        {
            drained = false;
            // Its event comes once: from here on only a read tells the end.
            peerClosed |= (flags & LinuxSockets.EpollPeerClosed) != 0;
            MoreArrived();
        }

        if ((flags & LinuxSockets.EpollOut) == 0) return;
        if (Interlocked.Exchange(ref room, RoomSeen) == WaitingForRoom) Transmit();
    }

    private void Read()
    {
        var budget = Limits.BytesOfATurn;
        BeginTurn();
        while (HandInFrames() && !drained && HasMemory())
        {
            var target = Input.Target();
            var got = (int)LinuxSockets.Receive(handle, target.Span);
            if (got <= 0)
            {
                NothingReceived(got);
                continue;
            }

            Input.Received(got);
            loop.Received(got);
            drained = got < target.Length && !peerClosed;
            budget -= got;
            if (budget > 0) continue;
            loop.Post(this);
            break;
        }

        Input.ReleaseIfEmpty();
        Touch();
        EndTurn();
    }

    private void NothingReceived(int got)
    {
        if (got == 0) CloseQuietly();
        else if (LinuxSockets.LastError == LinuxSockets.Again) drained = true;
        else if (LinuxSockets.LastError != LinuxSockets.Interrupted) CloseQuietly();
    }

    // On the loop's thread. A thread that sends meanwhile posts the connection again when it is done.
    private void CleanUp()
    {
        if (cleanedUp)
        {
            ReturnLateGrant();
            return;
        }

        if (Interlocked.Exchange(ref sendOnLoop, 0) == 1 || TakeBackWait()) GiveUpSending();
        if (!TryCleanUp()) return;
        cleanedUp = true;
        loop.Remove(this);
        DiscardUnread();
        socket.Dispose();
        ended(this);
    }

    // Closing a socket with unread bytes resets it, and the client might lose answers that it has not read yet.
    private void DiscardUnread()
    {
        Span<byte> rest = stackalloc byte[4096];
        for (var i = 0; i < Discard && LinuxSockets.Receive(handle, rest) > 0; i++)
        {
            // What it held is not wanted.
        }
    }
}

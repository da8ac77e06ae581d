using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Kafka;

/// <summary>
/// What every connection does, whatever carries its bytes: requests are handed in one at a time, answers are put in the order of the
/// requests, and it reads no more when too much is unanswered or unsent. One thread at a time receives, one at a time sends.
/// </summary>
internal abstract class KafkaConnection : IMemoryWaiter
{
    /// <summary>Why <see cref="Drain"/> is called on every connection at the end: nothing that a log needs to tell of each.</summary>
    public const string Stopping = "the broker stops";

    private const int Free = 0;
    private const int Busy = 1;
    private const int Parked = 2;
    private const int ParkedWithMore = 3;
    private readonly DoorContext door;
    private readonly Lock gate = new();
    private DoorSlot? head;
    private DoorSlot? tail;
    private DoorSlot? held;
    private int openProduces;
    private int unanswered;
    private long unsentBytes;
    private bool sending;
    private bool tooMuch;
    private string? draining;
    private bool closed;
    private int turn;
    private int turnThread;
    private int granted = -1;
    private bool waitingForMemory;
    private long lastActivity;

    protected KafkaConnection(DoorContext door, ClientConnection info)
    {
        this.door = door;
        Info = info;
        Input = new FrameAssembler(door.Buffers, door.Options.MostRequestBytes);
        Touch();
    }

    /// <summary>Who is at the other end.</summary>
    public ClientConnection Info { get; }

    /// <summary>What admits the bytes of requests.</summary>
    public RequestMemory Memory => door.Memory;

    /// <summary>When something was last received or sent, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long LastActivity => Volatile.Read(ref lastActivity);

    /// <summary>Requests that are not yet answered, or whose answers are not yet sent.</summary>
    public int Unanswered => Volatile.Read(ref unanswered);

    /// <summary>Whether it is in the middle of a frame for which memory was admitted.</summary>
    public bool HoldsPartOfAFrame => Input.LargeAdmitted > 0;

    /// <summary>Makes frames of what is received. Used by the receiving thread alone.</summary>
    protected FrameAssembler Input { get; }

    /// <summary>What connections share.</summary>
    protected DoorContext Door => door;

    /// <summary>Whether <see cref="Close"/> was called.</summary>
    protected bool IsClosed => Volatile.Read(ref closed);

    /// <summary>Whether the socket may hold bytes that nobody was told of since.</summary>
    protected abstract bool MayHoldMore { get; }

    /// <summary>Whether the next request may not be handed in before the last one's order is fixed.</summary>
    protected bool IsParked => Volatile.Read(ref turn) is Parked or ParkedWithMore;

    /// <summary>Has the receiving thread look at the connection again. From any thread.</summary>
    protected abstract void Wake();

    /// <summary>Sends what is next in order; the caller has the right to send.</summary>
    protected abstract void Transmit();

    /// <summary>Ends both directions, and has the receiving thread clean up. Called once, from any thread.</summary>
    protected abstract void Abort();

    /// <summary>Whether nothing is unanswered but fetches and heartbeats, which may be waiting for what never comes.</summary>
    public bool OnlyWaits
    {
        get
        {
            lock (gate)
            {
                for (var slot = head; slot is not null; slot = slot.Next)
                {
                    if (slot.Header.Key is not (ApiKey.Fetch or ApiKey.Heartbeat) || slot.IsDone) return false;
                }

                return !sending;
            }
        }
    }

    /// <summary>Closes the connection, which its client has done already. Clients come and go: nobody is told.</summary>
    public void CloseQuietly() => Close(null);

    /// <summary>Closes the connection. From any thread; only the first call counts.</summary>
    /// <param name="reason">A sentence for the log; null for none.</param>
    public void Close(string? reason)
    {
        lock (gate)
        {
            if (closed) return;
            closed = true;
        }

        if (reason is not null) door.Log(false, $"closing the connection of {Info.ClientAddress}:{Info.ClientPort} to {Info.Listener}: {reason}");
        Info.MarkClosed();
        Abort();
    }

    /// <summary>Takes no more requests, and closes once those that were taken are answered.</summary>
    public void Drain(string reason)
    {
        bool idle;
        lock (gate)
        {
            draining ??= reason;
            idle = unanswered == 0;
        }

        if (idle) Close(Told(reason));
    }

    public void MemoryGranted(int bytes)
    {
        Volatile.Write(ref granted, bytes);
        Wake();
    }

    /// <summary>A request's order is fixed: the next one may come.</summary>
    internal void TurnEnded()
    {
        if (Interlocked.Exchange(ref turn, Free) == ParkedWithMore) Wake();
    }

    /// <summary>A request is completed: its answer goes out when its turn comes.</summary>
    internal void Completed(DoorSlot slot)
    {
        bool send, tooLate, release;
        lock (gate)
        {
            if (slot.IsProduce) openProduces--;
            release = held is not null && openProduces == 0;
            tooLate = closed;
            slot.IsDone = !closed;
            unsentBytes += slot.AnswerBytes;
            send = !closed && TakeSending(slot);
        }

        if (send) Transmit();
        else if (tooLate) slot.ReleaseAnswer();
        if (!release) return;
        Volatile.Write(ref turn, Free);
        Wake();
    }

    protected void Touch() => Volatile.Write(ref lastActivity, Environment.TickCount64);

    /// <summary>Answers that this thread completes until <see cref="EndTurn"/> are sent together there.</summary>
    protected void BeginTurn() => Volatile.Write(ref turnThread, Environment.CurrentManagedThreadId);

    protected void EndTurn()
    {
        bool send;
        Volatile.Write(ref turnThread, 0);
        lock (gate) send = !closed && head is not null && TakeSending(head);
        if (send) Transmit();
    }

    /// <summary>Hands in what is there. True when more bytes are needed, false when nothing may be read now.</summary>
    protected bool HandInFrames()
    {
        while (HandInHeld() || MayHandIn())
        {
            var status = Input.TryTake(out var frame, out var admitted);
            if (status == FrameStatus.Partial) return true;
            if (status == FrameStatus.Refused)
            {
                Drain($"a request of {Input.RefusedLength} bytes; socket.request.max.bytes is {door.Options.MostRequestBytes}");
                return false;
            }

            HandIn(frame, admitted);
        }

        return false;
    }

    /// <summary>Whether there is memory for what is received next; if not, <see cref="Wake"/> is called when there is.</summary>
    protected bool HasMemory()
    {
        if (waitingForMemory) return TakeGrant();
        if (Input.LargeAdmitted > 0) return true;
        if (Input.LargePending == 0) return HasRoomAtAll();
        if (Memory.TryAdmit(Input.LargePending, this)) Input.BeginLarge();
        else waitingForMemory = true;
        return !waitingForMemory;
    }

    /// <summary>More bytes came, or may have come. False when the receiving thread must not read them yet.</summary>
    protected bool MoreArrived()
    {
        var seen = Interlocked.CompareExchange(ref turn, ParkedWithMore, Parked);
        return seen is not (Parked or ParkedWithMore);
    }

    /// <summary>Takes the answers that are next in order; null when there are none, and the right to send is given up.</summary>
    protected DoorSlot? TakeAnswers(out long bytes)
    {
        bytes = 0;
        lock (gate)
        {
            var first = head;
            DoorSlot? last = null;
            for (var slot = head; slot is { IsDone: true }; slot = slot.Next)
            {
                last = slot;
                bytes += slot.TotalBytes;
            }

            if (last is null || closed)
            {
                sending = false;
                return null;
            }

            head = last.Next;
            if (head is null) tail = null;
            last.Next = null;
            return first;
        }
    }

    /// <summary>Answers were sent.</summary>
    protected void Sent(DoorSlot? first)
    {
        var count = 0;
        var bytes = 0L;
        for (var slot = first; slot is not null; slot = slot.Next)
        {
            count++;
            bytes += slot.AnswerBytes;
            slot.ReleaseAnswer();
        }

        Touch();
        door.Metrics.Answered(count);
        bool wake;
        string? end;
        lock (gate)
        {
            unanswered -= count;
            unsentBytes -= bytes;
            wake = tooMuch && unanswered <= Limits.UnansweredRequests / 2 && unsentBytes <= Limits.UnsentAnswerBytes / 2;
            if (wake) tooMuch = false;
            end = unanswered == 0 ? draining : null;
        }

        if (end is not null) Close(Told(end));
        else if (wake) Wake();
    }

    /// <summary>The right to send is given up for good.</summary>
    protected void StopSending()
    {
        lock (gate) sending = false;
    }

    /// <summary>Lets go of everything once the connection is closed. False while somebody sends. By the receiving thread.</summary>
    protected bool TryCleanUp()
    {
        DoorSlot? left, never;
        lock (gate)
        {
            if (sending) return false;
            (left, head, tail) = (head, null, null);
            (never, held) = (held, null);
        }

        never?.Abandon();

        for (; left is not null; left = left.Next)
        {
            if (left.IsDone) left.ReleaseAnswer();
        }

        if (waitingForMemory) TakeGrant();
        var admitted = Input.Abandon();
        if (admitted > 0) Memory.Release(admitted);
        return true;
    }

    /// <summary>A grant that came after the end is given back. By the receiving thread.</summary>
    protected void ReturnLateGrant()
    {
        if (waitingForMemory) TakeGrant();
    }

    private static string? Told(string reason) => reason == Stopping ? null : reason;

    private bool HasRoomAtAll()
    {
        if (Memory.TryAdmit(0, this)) return true;
        waitingForMemory = true;
        return false;
    }

    private bool TakeGrant()
    {
        var bytes = Interlocked.Exchange(ref granted, -1);
        if (bytes < 0) return false;
        waitingForMemory = false;
        if (IsClosed) Memory.Release(bytes);
        else if (bytes > 0) Input.BeginLarge();
        return true;
    }

    private bool MayHandIn()
    {
        if (IsParked) return false;
        lock (gate)
        {
            if (closed || draining is not null) return false;
            if (unanswered < Limits.UnansweredRequests && unsentBytes < Limits.UnsentAnswerBytes) return true;
            tooMuch = true;
            return false;
        }
    }

    // The caller holds the gate.
    private bool TakeSending(DoorSlot slot)
    {
        if (sending || slot != head || !slot.IsDone || turnThread == Environment.CurrentManagedThreadId) return false;
        return sending = true;
    }

    private void HandIn(Frame frame, bool admitted)
    {
        if (!admitted) Memory.Add(frame.Length);
        door.Metrics.Received(frame.Length);
        if (Decode(frame, out var refused) is not { } slot)
        {
            frame.Buffer.Release();
            Memory.Release(frame.Length);
            return;
        }

        // Produces overtake each other's waiting, nothing else does: who fetches or asks for the end behind a produce finds what it wrote.
        bool waits;
        Volatile.Write(ref turn, Busy);
        lock (gate)
        {
            if (tail is null) head = slot;
            else tail.Next = slot;
            tail = slot;
            unanswered++;
            waits = !refused && !slot.IsProduce && openProduces > 0;
            if (waits) held = slot;
            if (slot.IsProduce) openProduces++;
        }

        if (refused) slot.Complete(door.VersionsRefusal);
        else if (!waits) door.Handler.Handle(slot);
        Park();
    }

    // By the receiving thread: hands in the request that waited for produces before it. False where there is none, or it waits still.
    private bool HandInHeld()
    {
        if (Volatile.Read(ref held) is null) return false;
        DoorSlot? slot;
        lock (gate)
        {
            if (closed || openProduces > 0) return false;
            (slot, held) = (held, null);
        }

        if (slot is null) return false;
        Volatile.Write(ref turn, Busy);
        door.Handler.Handle(slot);
        Park();
        return MayHandIn();
    }

    private void Park()
    {
        var state = Input.IsInFrame || MayHoldMore ? ParkedWithMore : Parked;
        Interlocked.CompareExchange(ref turn, state, Busy);
    }

    // What came before a bad frame was good, and is still answered.
    // An ApiVersions request of a version from the future is answered in version 0, so that the client can ask again (KIP-511).
    private DoorSlot? Decode(in Frame frame, out bool refused)
    {
        refused = false;
        try
        {
            var reader = new MessageReader(frame.Memory);
            var header = RequestHeader.Read(ref reader);
            refused = header.Key == ApiKey.ApiVersions && !door.Versions.Has(header.Key, header.Version);
            if (refused) return Slot(frame, header with { Version = 0 }, new ApiVersionsRequest());
            var request = door.Versions.Has(header.Key, header.Version) ? ApiMessages.CreateRequest(header.Key) : null;
            if (request is null)
            {
                Drain($"version {header.Version} of {header.Key} is not served");
                return null;
            }

            request.Read(ref reader, header.Version);
            return Slot(frame, header, request);
        }
        catch (MalformedMessageException failure)
        {
            Drain($"a request that cannot be read: {failure.Message}");
            return null;
        }
    }

    private DoorSlot Slot(in Frame frame, in RequestHeader header, IApiMessage request)
        => new(this, frame.Buffer, frame.Length) { Header = header, Request = request, Connection = Info };
}

using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Clients;

/// <summary>
/// The requests of a session in their order: which may be handed in next, and whose answer is next. Requests are handed in one at a time, produces overtake each other's waiting, and
/// nothing else does: who fetches or asks for the end behind a produce finds what it wrote. Safe from any thread, since requests are completed by any.
/// </summary>
/// <param name="wake">Has the session look again.</param>
internal sealed class SessionOrder(Action wake)
{
    private readonly Lock gate = new();
    private readonly Queue<SessionSlot> slots = new();
    private int openProduces;
    private long unsent;
    private long completed;
    private bool isBusy;
    private bool hasEnded;

    /// <summary>Why the broker wants the session closed; null where it does not.</summary>
    public string? CloseReason { get; private set; }

    /// <summary>Requests that are not answered yet, or whose answers are not sent.</summary>
    public int Unanswered
    {
        get
        {
            lock (gate) return slots.Count;
        }
    }

    /// <summary>Whether nothing is unanswered but what may be waiting for something that never comes.</summary>
    public bool OnlyWaits
    {
        get
        {
            lock (gate)
            {
                foreach (var slot in slots)
                {
                    if (slot.Header.Key is not (ApiKey.Fetch or ApiKey.Heartbeat) || slot.IsDone) return false;
                }

                return true;
            }
        }
    }

    /// <summary>Takes the right to hand a request in; false where it has to wait.</summary>
    public bool TryHandIn(SessionSlot slot)
    {
        lock (gate)
        {
            if (hasEnded || isBusy || slots.Count >= Limits.SessionUnanswered || unsent >= Limits.SessionUnsentBytes) return false;
            if (slot.IsProduce) openProduces++;
            else if (openProduces > 0) return false;
            isBusy = true;
            slots.Enqueue(slot);
            return true;
        }
    }

    /// <summary>A request's order is fixed: the next one may come.</summary>
    public void TurnEnded()
    {
        lock (gate) isBusy = false;
        wake();
    }

    /// <summary>A request is completed: its answer goes out when its turn comes.</summary>
    /// <param name="slot">The request.</param>
    /// <param name="closeReason">Why the session is to be closed; null where it is not.</param>
    public void Completed(SessionSlot slot, string? closeReason)
    {
        bool tooLate;
        lock (gate)
        {
            if (slot.IsProduce) openProduces--;
            tooLate = hasEnded;
            slot.IsDone = !tooLate;
            completed += slot.RequestBytes;
            unsent += slot.AnswerBytes;
            CloseReason ??= closeReason;
        }

        if (tooLate) slot.ReleaseAnswer();
        else wake();
    }

    /// <summary>Bytes of requests that were completed since it was asked last.</summary>
    public long TakeCompleted()
    {
        lock (gate)
        {
            var bytes = completed;
            completed = 0;
            return bytes;
        }
    }

    /// <summary>The completed request whose answer is next; null where there is none.</summary>
    public SessionSlot? NextAnswer()
    {
        lock (gate) return slots.TryPeek(out var first) && first.IsDone ? first : null;
    }

    /// <summary>The next answer was sent.</summary>
    public void Sent(SessionSlot slot)
    {
        lock (gate)
        {
            unsent -= slot.AnswerBytes;
            slots.Dequeue();
        }

        slot.ReleaseAnswer();
    }

    /// <summary>The session has ended: what is completed from here on is for nobody.</summary>
    public void End()
    {
        List<SessionSlot> done = [];
        lock (gate)
        {
            hasEnded = true;
            foreach (var slot in slots)
            {
                if (slot.IsDone) done.Add(slot);
            }

            slots.Clear();
        }

        foreach (var slot in done) slot.ReleaseAnswer();
    }
}

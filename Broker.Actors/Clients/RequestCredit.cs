namespace AkkaStream.Actors.Clients;

/// <summary>
/// How much of a client's requests a session takes: a part of its own that is always renewed, and more out of the memory of all sessions where the client says that it has more to send. What a
/// client wants is admitted as a whole or not yet, and what a session holds needs nothing more to be completed: so sessions never wait for each other.
/// </summary>
/// <param name="own">Bytes that are the session's own.</param>
/// <param name="most">Bytes that it may hold, and that may be on their way; a longer request is taken alone, in several grants.</param>
/// <param name="largestWant">Bytes that a client may want at a time.</param>
/// <param name="memory">The memory of all sessions.</param>
/// <param name="admitted">Has <see cref="Admitted"/> called with the bytes, from any thread.</param>
internal sealed class RequestCredit(long own, long most, long largestWant, SessionMemory memory, Action<long> admitted)
{
    private SessionMemory.Waiter? waiter;
    private long beyond;
    private long received;
    private long held;
    private long partial;
    private long reserved;
    private long taken;
    private long wanted;

    /// <summary>Bytes that the client may have sent in all.</summary>
    public long Granted => own + beyond;

    /// <summary>Bytes that came and are not completed.</summary>
    public long Held => held;

    /// <summary>Whether memory of all sessions is kept for what the client has not sent yet.</summary>
    public bool KeepsMemory => taken > 0 && reserved > 0;

    private long Open => Granted - received;

    /// <summary>A piece came; false where it was not granted.</summary>
    /// <param name="bytes">Bytes of it.</param>
    /// <param name="isLast">Whether it ends its request.</param>
    public bool Take(int bytes, bool isLast)
    {
        if (bytes > Open) return false;
        received += bytes;
        held += bytes;
        partial = isLast ? 0 : partial + bytes;
        reserved = Math.Max(0, reserved - bytes);
        return true;
    }

    /// <summary>The client has so many bytes to send in all; false where that is more than a client may want.</summary>
    public bool Want(long total)
    {
        if (total - received > largestWant) return false;
        wanted = Math.Max(wanted, total);
        return true;
    }

    /// <summary>Whether memory is kept for so many bytes that are to come.</summary>
    public bool Covers(long rest) => Math.Max(Open, reserved) >= rest;

    /// <summary>Requests of so many bytes are completed.</summary>
    public void Complete(long bytes) => held -= bytes;

    /// <summary>Memory is there that was waited for.</summary>
    public void Admitted(long bytes)
    {
        waiter = null;
        taken += bytes;
    }

    /// <summary>Grants what can be, and gives back what is not needed any more; the new total where the client is to be told.</summary>
    public long? Due()
    {
        var behind = wanted - received;
        var fits = held == partial || held + behind <= most;
        if (behind > Math.Max(reserved, Math.Max(Open, own - held)) && fits && Admit(held + behind)) reserved = behind;
        var more = Math.Max(own - held, Math.Min(reserved, most)) - Open;
        var isDue = more > 0 && IsWorthIt(more);
        if (isDue) beyond += more;
        GiveBack();
        return isDue ? Granted : null;
    }

    /// <summary>The session has ended: everything goes back.</summary>
    public void End()
    {
        if (waiter is not null) memory.Leave(waiter);
        if (taken > 0) memory.Release(taken);
        waiter = null;
        taken = 0;
    }

    // A client that is not held up needs no news of every request; one that is, of what lets it go on for a while.
    private bool IsWorthIt(long more) => wanted <= Granted ? more >= own / 2 : Granted + more >= wanted || more >= most / 4 || held == partial;

    private void GiveBack()
    {
        var spare = taken - Math.Max(0, held + Math.Max(Open, reserved) - own);
        if (spare <= 0) return;
        taken -= spare;
        memory.Release(spare);
    }

    // All or nothing: what was admitted and is not enough goes back before more is asked for, or two could wait for each other.
    private bool Admit(long needed)
    {
        if (needed <= own + taken) return true;
        if (waiter is not null) return false;
        GiveBack();
        var lacking = needed - own - taken;
        waiter = memory.Take(lacking, admitted);
        if (waiter is not null) return false;
        taken += lacking;
        return true;
    }
}

namespace Akka.Actor;

/// <summary>Messages put aside for later, in their order.</summary>
public interface IStash
{
    /// <summary>How many are put aside.</summary>
    int Count { get; }

    /// <summary>Whether none is put aside.</summary>
    bool IsEmpty { get; }

    /// <summary>Whether one is put aside.</summary>
    bool NonEmpty { get; }

    /// <summary>Whether no more can be put aside.</summary>
    bool IsFull { get; }

    /// <summary>How many can be put aside; -1 without a limit.</summary>
    int Capacity { get; }

    /// <summary>
    /// Puts the message at hand aside. Throws <see cref="StashOverflowException"/> when full,
    /// <see cref="IllegalActorStateException"/> for a message that was just put aside.
    /// </summary>
    void Stash();

    /// <summary>Puts the oldest one at the front of the mailbox.</summary>
    void Unstash();

    /// <summary>Puts all at the front of the mailbox, the oldest first.</summary>
    void UnstashAll();

    /// <summary>As <see cref="UnstashAll()"/>, for those that <paramref name="predicate"/> takes; the others are dropped.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Takes all out.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts messages before those put aside.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);
}

/// <summary>An actor that can put messages aside.</summary>
public interface IActorStash
{
    /// <summary>Set by the engine before the constructor's end is used.</summary>
    IStash Stash { get; set; }
}

/// <summary>An actor with a stash whose limit the configuration sets; none where it does not.</summary>
public interface IWithStash : IActorStash;

/// <summary>An actor with a stash without a limit.</summary>
public interface IWithUnboundedStash : IActorStash;

/// <summary>An actor with a stash with a limit: <c>stash-capacity</c> of the dispatcher or mailbox, or of its props; else 1,000.</summary>
public interface IWithBoundedStash : IActorStash;

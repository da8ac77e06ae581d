namespace AkkaStream.Actors.Transactions;

/// <summary>Where a transactional id stands; the numbers are those in Kafka's records.</summary>
public enum TransactionState : sbyte
{
    /// <summary>It has a producer and no transaction.</summary>
    Empty = 0,

    /// <summary>A transaction is open.</summary>
    Ongoing = 1,

    /// <summary>The decision to commit is in the log; markers are being written.</summary>
    PrepareCommit = 2,

    /// <summary>The decision to abort is in the log; markers are being written.</summary>
    PrepareAbort = 3,

    /// <summary>Committed, every marker written.</summary>
    CompleteCommit = 4,

    /// <summary>Aborted, every marker written.</summary>
    CompleteAbort = 5,

    /// <summary>It is being forgotten.</summary>
    Dead = 6,

    /// <summary>A newer producer or a timeout ends the open transaction; never in the log.</summary>
    PrepareEpochFence = 7,
}

/// <summary>What may follow what.</summary>
public static class TransactionStates
{
    /// <summary>Every state that clients hear of, by the name that they hear.</summary>
    public static IReadOnlyList<TransactionState> All { get; } =
    [
        TransactionState.Empty, TransactionState.Ongoing, TransactionState.PrepareCommit, TransactionState.PrepareAbort,
        TransactionState.CompleteCommit, TransactionState.CompleteAbort, TransactionState.PrepareEpochFence,
    ];

    /// <summary>Whether <paramref name="next"/> may come right after this state.</summary>
    public static bool MayBecome(this TransactionState state, TransactionState next) => next switch
    {
        TransactionState.Empty => state is TransactionState.Empty or TransactionState.CompleteCommit or TransactionState.CompleteAbort,
        TransactionState.Ongoing => state is TransactionState.Ongoing or TransactionState.Empty or TransactionState.CompleteCommit or TransactionState.CompleteAbort,
        TransactionState.PrepareCommit => state == TransactionState.Ongoing,
        TransactionState.PrepareAbort => state is TransactionState.Ongoing or TransactionState.PrepareEpochFence or TransactionState.Empty or TransactionState.CompleteCommit or TransactionState.CompleteAbort,
        TransactionState.CompleteCommit => state == TransactionState.PrepareCommit,
        TransactionState.CompleteAbort => state == TransactionState.PrepareAbort,
        TransactionState.Dead => state is TransactionState.Empty or TransactionState.CompleteCommit or TransactionState.CompleteAbort,
        TransactionState.PrepareEpochFence => state == TransactionState.Ongoing,
        _ => false,
    };

    /// <summary>Markers are being written: nothing else can happen before they all are.</summary>
    public static bool IsEnding(this TransactionState state) => state is TransactionState.PrepareCommit or TransactionState.PrepareAbort;

    /// <summary>Nothing is open: after a while without use the id may be forgotten.</summary>
    public static bool IsIdle(this TransactionState state) => state is TransactionState.Empty or TransactionState.CompleteCommit or TransactionState.CompleteAbort;

    /// <summary>The state of that name.</summary>
    public static bool TryParse(string name, out TransactionState state)
    {
        foreach (var known in All)
        {
            state = known;
            if (known.ToString() == name) return true;
        }

        state = default;
        return false;
    }
}

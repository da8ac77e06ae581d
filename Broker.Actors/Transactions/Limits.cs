namespace AkkaStream.Actors;

public static partial class Limits
{
    /// <summary>Transactional ids of one coordinator (one partition of <c>__transaction_state</c>); a new one beyond gets POLICY_VIOLATION until old ones expire.</summary>
    public const int TransactionalIds = 200_000;

    /// <summary>Requests that wait for a change of one transactional id to be durable; one more gets CONCURRENT_TRANSACTIONS at once.</summary>
    public const int TransactionRequestsWaiting = 1000;

    /// <summary>How long such a request waits, milliseconds; then it gets CONCURRENT_TRANSACTIONS, and its client tries again.</summary>
    public const int TransactionWaitMs = 100;

    /// <summary>Pause before a marker that a partition did not take, or a record that the log did not take, is tried again, milliseconds.</summary>
    public const int TransactionRetryMs = 100;

    /// <summary>Characters of a pattern that ListTransactions filters by; a longer one is refused with INVALID_REGULAR_EXPRESSION.</summary>
    public const int TransactionPatternLength = 1024;
}

namespace AkkaStream.Client.Protocol;

/// <summary>ListTransactions (API 66), request; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.ListTransactions)]
public sealed partial record ListTransactionsRequest : IApiMessage
{
    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> StateFilters { get; set; } = [];

    /// <summary>[]int64, versions 0+.</summary>
    [Field("0+")]
    public List<long> ProducerIdFilters { get; set; } = [];

    /// <summary>int64, versions 1+; default -1.</summary>
    [Field("1+")]
    public long DurationFilter { get; set; } = -1;

    /// <summary>string, versions 2+; null allowed in 2+; default null.</summary>
    [Field("2+", Nullable = "2+")]
    public string? TransactionalIdPattern { get; set; }
}

/// <summary>ListTransactions (API 66), answer; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.ListTransactions)]
public sealed partial record ListTransactionsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> UnknownStateFilters { get; set; } = [];

    /// <summary>[]TransactionState, versions 0+.</summary>
    [Field("0+")]
    public List<TransactionStateEntry> TransactionStates { get; set; } = [];

    /// <summary>Part of ListTransactionsResponse.</summary>
    public sealed partial record TransactionStateEntry
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TransactionalId { get; set; } = "";

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long ProducerId { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TransactionState { get; set; } = "";
    }
}

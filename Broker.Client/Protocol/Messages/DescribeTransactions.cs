namespace AkkaStream.Client.Protocol;

/// <summary>DescribeTransactions (API 65), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DescribeTransactions)]
public sealed partial record DescribeTransactionsRequest : IApiMessage
{
    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> TransactionalIds { get; set; } = [];
}

/// <summary>DescribeTransactions (API 65), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DescribeTransactions)]
public sealed partial record DescribeTransactionsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]TransactionState, versions 0+.</summary>
    [Field("0+")]
    public List<TransactionStateEntry> TransactionStates { get; set; } = [];

    /// <summary>Part of DescribeTransactionsResponse.</summary>
    public sealed partial record TransactionStateEntry
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TransactionalId { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TransactionState { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int TransactionTimeoutMs { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long TransactionStartTimeMs { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long ProducerId { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short ProducerEpoch { get; set; }

        /// <summary>[]TopicData, versions 0+.</summary>
        [Field("0+")]
        public List<TopicData> Topics { get; set; } = [];
    }

    /// <summary>Part of DescribeTransactionsResponse.</summary>
    public sealed partial record TopicData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

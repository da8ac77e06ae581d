namespace AkkaStream.Client.Protocol;

/// <summary>AddPartitionsToTxn (API 24), request; versions 0-5, flexible 3+.</summary>
[ApiMessage("0-5", "3+", Key = ApiKey.AddPartitionsToTxn)]
public sealed partial record AddPartitionsToTxnRequest : IApiMessage
{
    /// <summary>[]AddPartitionsToTxnTransaction, versions 4+.</summary>
    [Field("4+")]
    public List<AddPartitionsToTxnTransaction> Transactions { get; set; } = [];

    /// <summary>string, versions 0-3.</summary>
    [Field("0-3")]
    public string V3AndBelowTransactionalId { get; set; } = "";

    /// <summary>int64, versions 0-3.</summary>
    [Field("0-3")]
    public long V3AndBelowProducerId { get; set; }

    /// <summary>int16, versions 0-3.</summary>
    [Field("0-3")]
    public short V3AndBelowProducerEpoch { get; set; }

    /// <summary>[]AddPartitionsToTxnTopic, versions 0-3.</summary>
    [Field("0-3")]
    public List<AddPartitionsToTxnTopic> V3AndBelowTopics { get; set; } = [];

    /// <summary>Part of AddPartitionsToTxnRequest.</summary>
    public sealed partial record AddPartitionsToTxnTransaction
    {
        /// <summary>string, versions 4+.</summary>
        [Field("4+")]
        public string TransactionalId { get; set; } = "";

        /// <summary>int64, versions 4+.</summary>
        [Field("4+")]
        public long ProducerId { get; set; }

        /// <summary>int16, versions 4+.</summary>
        [Field("4+")]
        public short ProducerEpoch { get; set; }

        /// <summary>bool, versions 4+.</summary>
        [Field("4+")]
        public bool VerifyOnly { get; set; }

        /// <summary>[]AddPartitionsToTxnTopic, versions 4+.</summary>
        [Field("4+")]
        public List<AddPartitionsToTxnTopic> Topics { get; set; } = [];
    }

    /// <summary>Part of AddPartitionsToTxnRequest.</summary>
    public sealed partial record AddPartitionsToTxnTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

/// <summary>AddPartitionsToTxn (API 24), answer; versions 0-5, flexible 3+.</summary>
[ApiMessage("0-5", "3+", Key = ApiKey.AddPartitionsToTxn)]
public sealed partial record AddPartitionsToTxnResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 4+.</summary>
    [Field("4+", Ignorable = true)]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]AddPartitionsToTxnResult, versions 4+.</summary>
    [Field("4+")]
    public List<AddPartitionsToTxnResult> ResultsByTransaction { get; set; } = [];

    /// <summary>[]AddPartitionsToTxnTopicResult, versions 0-3.</summary>
    [Field("0-3")]
    public List<AddPartitionsToTxnTopicResult> ResultsByTopicV3AndBelow { get; set; } = [];

    /// <summary>Part of AddPartitionsToTxnResponse.</summary>
    public sealed partial record AddPartitionsToTxnResult
    {
        /// <summary>string, versions 4+.</summary>
        [Field("4+")]
        public string TransactionalId { get; set; } = "";

        /// <summary>[]AddPartitionsToTxnTopicResult, versions 4+.</summary>
        [Field("4+")]
        public List<AddPartitionsToTxnTopicResult> TopicResults { get; set; } = [];
    }

    /// <summary>Part of AddPartitionsToTxnResponse.</summary>
    public sealed partial record AddPartitionsToTxnTopicResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]AddPartitionsToTxnPartitionResult, versions 0+.</summary>
        [Field("0+")]
        public List<AddPartitionsToTxnPartitionResult> ResultsByPartition { get; set; } = [];
    }

    /// <summary>Part of AddPartitionsToTxnResponse.</summary>
    public sealed partial record AddPartitionsToTxnPartitionResult
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode PartitionErrorCode { get; set; }
    }
}

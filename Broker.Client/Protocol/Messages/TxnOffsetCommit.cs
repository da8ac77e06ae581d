namespace AkkaStream.Client.Protocol;

/// <summary>TxnOffsetCommit (API 28), request; versions 0-5, flexible 3+.</summary>
[ApiMessage("0-5", "3+", Key = ApiKey.TxnOffsetCommit)]
public sealed partial record TxnOffsetCommitRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string TransactionalId { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long ProducerId { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short ProducerEpoch { get; set; }

    /// <summary>int32, versions 3+; default -1.</summary>
    [Field("3+")]
    public int GenerationId { get; set; } = -1;

    /// <summary>string, versions 3+.</summary>
    [Field("3+")]
    public string MemberId { get; set; } = "";

    /// <summary>string, versions 3+; null allowed in 3+; default null.</summary>
    [Field("3+", Nullable = "3+")]
    public string? GroupInstanceId { get; set; }

    /// <summary>[]TxnOffsetCommitRequestTopic, versions 0+.</summary>
    [Field("0+")]
    public List<TxnOffsetCommitRequestTopic> Topics { get; set; } = [];

    /// <summary>Part of TxnOffsetCommitRequest.</summary>
    public sealed partial record TxnOffsetCommitRequestTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]TxnOffsetCommitRequestPartition, versions 0+.</summary>
        [Field("0+")]
        public List<TxnOffsetCommitRequestPartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of TxnOffsetCommitRequest.</summary>
    public sealed partial record TxnOffsetCommitRequestPartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long CommittedOffset { get; set; }

        /// <summary>int32, versions 2+; default -1.</summary>
        [Field("2+", Ignorable = true)]
        public int CommittedLeaderEpoch { get; set; } = -1;

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? CommittedMetadata { get; set; } = "";
    }
}

/// <summary>TxnOffsetCommit (API 28), answer; versions 0-5, flexible 3+.</summary>
[ApiMessage("0-5", "3+", Key = ApiKey.TxnOffsetCommit)]
public sealed partial record TxnOffsetCommitResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]TxnOffsetCommitResponseTopic, versions 0+.</summary>
    [Field("0+")]
    public List<TxnOffsetCommitResponseTopic> Topics { get; set; } = [];

    /// <summary>Part of TxnOffsetCommitResponse.</summary>
    public sealed partial record TxnOffsetCommitResponseTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]TxnOffsetCommitResponsePartition, versions 0+.</summary>
        [Field("0+")]
        public List<TxnOffsetCommitResponsePartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of TxnOffsetCommitResponse.</summary>
    public sealed partial record TxnOffsetCommitResponsePartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>ShareFetch (API 78), request; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.ShareFetch)]
public sealed partial record ShareFetchRequest : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? GroupId { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? MemberId { get; set; } = "";

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ShareSessionEpoch { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int MaxWaitMs { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int MinBytes { get; set; }

    /// <summary>int32, versions 0+; default 2147483647.</summary>
    [Field("0+", Ignorable = true)]
    public int MaxBytes { get; set; } = int.MaxValue;

    /// <summary>int32, versions 1+.</summary>
    [Field("1+")]
    public int MaxRecords { get; set; }

    /// <summary>int32, versions 1+.</summary>
    [Field("1+")]
    public int BatchSize { get; set; }

    /// <summary>int8, versions 2+.</summary>
    [Field("2+", Ignorable = true)]
    public sbyte ShareAcquireMode { get; set; }

    /// <summary>bool, versions 2+.</summary>
    [Field("2+")]
    public bool IsRenewAck { get; set; }

    /// <summary>[]FetchTopic, versions 0+.</summary>
    [Field("0+")]
    public List<FetchTopic> Topics { get; set; } = [];

    /// <summary>[]ForgottenTopic, versions 0+.</summary>
    [Field("0+")]
    public List<ForgottenTopic> ForgottenTopicsData { get; set; } = [];

    /// <summary>Part of ShareFetchRequest.</summary>
    public sealed partial record FetchTopic
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]FetchPartition, versions 0+.</summary>
        [Field("0+")]
        public List<FetchPartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of ShareFetchRequest.</summary>
    public sealed partial record FetchPartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int32, versions 0.</summary>
        [Field("0")]
        public int PartitionMaxBytes { get; set; }

        /// <summary>[]AcknowledgementBatch, versions 0+.</summary>
        [Field("0+")]
        public List<AcknowledgementBatch> AcknowledgementBatches { get; set; } = [];
    }

    /// <summary>Part of ShareFetchRequest.</summary>
    public sealed partial record AcknowledgementBatch
    {
        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long FirstOffset { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long LastOffset { get; set; }

        /// <summary>[]int8, versions 0+.</summary>
        [Field("0+")]
        public List<sbyte> AcknowledgeTypes { get; set; } = [];
    }

    /// <summary>Part of ShareFetchRequest.</summary>
    public sealed partial record ForgottenTopic
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

/// <summary>ShareFetch (API 78), answer; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.ShareFetch)]
public sealed partial record ShareFetchResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+", Ignorable = true)]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; }

    /// <summary>int32, versions 1+.</summary>
    [Field("1+")]
    public int AcquisitionLockTimeoutMs { get; set; }

    /// <summary>[]ShareFetchableTopicResponse, versions 0+.</summary>
    [Field("0+")]
    public List<ShareFetchableTopicResponse> Responses { get; set; } = [];

    /// <summary>[]NodeEndpoint, versions 0+.</summary>
    [Field("0+")]
    public List<NodeEndpoint> NodeEndpoints { get; set; } = [];

    /// <summary>Part of ShareFetchResponse.</summary>
    public sealed partial record ShareFetchableTopicResponse
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of ShareFetchResponse.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode AcknowledgeErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? AcknowledgeErrorMessage { get; set; }

        /// <summary>LeaderIdAndEpoch, versions 0+.</summary>
        [Field("0+")]
        public LeaderIdAndEpoch CurrentLeader { get; set; } = new();

        /// <summary>records, versions 0+; null allowed in 0.</summary>
        [Field("0+", Nullable = "0")]
        public RecordsPayload Records { get; set; }

        /// <summary>[]AcquiredRecords, versions 0+.</summary>
        [Field("0+")]
        public List<AcquiredRecords> AcquiredRecords { get; set; } = [];
    }

    /// <summary>Part of ShareFetchResponse.</summary>
    public sealed partial record LeaderIdAndEpoch
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }
    }

    /// <summary>Part of ShareFetchResponse.</summary>
    public sealed partial record AcquiredRecords
    {
        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long FirstOffset { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long LastOffset { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short DeliveryCount { get; set; }
    }

    /// <summary>Part of ShareFetchResponse.</summary>
    public sealed partial record NodeEndpoint
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int NodeId { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Host { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Port { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? Rack { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>ShareAcknowledge (API 79), request; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.ShareAcknowledge)]
public sealed partial record ShareAcknowledgeRequest : IApiMessage
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

    /// <summary>bool, versions 2+.</summary>
    [Field("2+")]
    public bool IsRenewAck { get; set; }

    /// <summary>[]AcknowledgeTopic, versions 0+.</summary>
    [Field("0+")]
    public List<AcknowledgeTopic> Topics { get; set; } = [];

    /// <summary>Part of ShareAcknowledgeRequest.</summary>
    public sealed partial record AcknowledgeTopic
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]AcknowledgePartition, versions 0+.</summary>
        [Field("0+")]
        public List<AcknowledgePartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of ShareAcknowledgeRequest.</summary>
    public sealed partial record AcknowledgePartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>[]AcknowledgementBatch, versions 0+.</summary>
        [Field("0+")]
        public List<AcknowledgementBatch> AcknowledgementBatches { get; set; } = [];
    }

    /// <summary>Part of ShareAcknowledgeRequest.</summary>
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
}

/// <summary>ShareAcknowledge (API 79), answer; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.ShareAcknowledge)]
public sealed partial record ShareAcknowledgeResponse : IApiMessage
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

    /// <summary>int32, versions 2+.</summary>
    [Field("2+", Ignorable = true)]
    public int AcquisitionLockTimeoutMs { get; set; }

    /// <summary>[]ShareAcknowledgeTopicResponse, versions 0+.</summary>
    [Field("0+")]
    public List<ShareAcknowledgeTopicResponse> Responses { get; set; } = [];

    /// <summary>[]NodeEndpoint, versions 0+.</summary>
    [Field("0+")]
    public List<NodeEndpoint> NodeEndpoints { get; set; } = [];

    /// <summary>Part of ShareAcknowledgeResponse.</summary>
    public sealed partial record ShareAcknowledgeTopicResponse
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of ShareAcknowledgeResponse.</summary>
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

        /// <summary>LeaderIdAndEpoch, versions 0+.</summary>
        [Field("0+")]
        public LeaderIdAndEpoch CurrentLeader { get; set; } = new();
    }

    /// <summary>Part of ShareAcknowledgeResponse.</summary>
    public sealed partial record LeaderIdAndEpoch
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }
    }

    /// <summary>Part of ShareAcknowledgeResponse.</summary>
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

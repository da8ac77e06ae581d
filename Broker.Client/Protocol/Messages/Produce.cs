namespace AkkaStream.Client.Protocol;

/// <summary>Produce (API 0), request; versions 0-13, flexible 9+.</summary>
[ApiMessage("0-13", "9+", Key = ApiKey.Produce)]
public sealed partial record ProduceRequest : IApiMessage
{
    /// <summary>string, versions 3+; null allowed in 3+; default null.</summary>
    [Field("3+", Nullable = "3+")]
    public string? TransactionalId { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short Acks { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; }

    /// <summary>[]TopicProduceData, versions 0+.</summary>
    [Field("0+")]
    public List<TopicProduceData> TopicData { get; set; } = [];

    /// <summary>Part of ProduceRequest.</summary>
    public sealed partial record TopicProduceData
    {
        /// <summary>string, versions 0-12.</summary>
        [Field("0-12", Ignorable = true)]
        public string Name { get; set; } = "";

        /// <summary>uuid, versions 13+.</summary>
        [Field("13+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionProduceData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionProduceData> PartitionData { get; set; } = [];
    }

    /// <summary>Part of ProduceRequest.</summary>
    public sealed partial record PartitionProduceData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Index { get; set; }

        /// <summary>records, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public RecordsPayload Records { get; set; }
    }
}

/// <summary>Produce (API 0), answer; versions 0-13, flexible 9+.</summary>
[ApiMessage("0-13", "9+", Key = ApiKey.Produce)]
public sealed partial record ProduceResponse : IApiMessage
{
    /// <summary>[]TopicProduceResponse, versions 0+.</summary>
    [Field("0+")]
    public List<TopicProduceResponse> Responses { get; set; } = [];

    /// <summary>int32, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]NodeEndpoint, versions 10+; tag 0 in 10+.</summary>
    [Field("10+", Tagged = "10+", Tag = 0)]
    public List<NodeEndpoint> NodeEndpoints { get; set; } = [];

    /// <summary>Part of ProduceResponse.</summary>
    public sealed partial record TopicProduceResponse
    {
        /// <summary>string, versions 0-12.</summary>
        [Field("0-12", Ignorable = true)]
        public string Name { get; set; } = "";

        /// <summary>uuid, versions 13+.</summary>
        [Field("13+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionProduceResponse, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionProduceResponse> PartitionResponses { get; set; } = [];
    }

    /// <summary>Part of ProduceResponse.</summary>
    public sealed partial record PartitionProduceResponse
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Index { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long BaseOffset { get; set; }

        /// <summary>int64, versions 2+; default -1.</summary>
        [Field("2+", Ignorable = true)]
        public long LogAppendTimeMs { get; set; } = -1;

        /// <summary>int64, versions 5+; default -1.</summary>
        [Field("5+", Ignorable = true)]
        public long LogStartOffset { get; set; } = -1;

        /// <summary>[]BatchIndexAndErrorMessage, versions 8+.</summary>
        [Field("8+", Ignorable = true)]
        public List<BatchIndexAndErrorMessage> RecordErrors { get; set; } = [];

        /// <summary>string, versions 8+; null allowed in 8+; default null.</summary>
        [Field("8+", Nullable = "8+", Ignorable = true)]
        public string? ErrorMessage { get; set; }

        /// <summary>LeaderIdAndEpoch, versions 10+; tag 0 in 10+.</summary>
        [Field("10+", Tagged = "10+", Tag = 0)]
        public LeaderIdAndEpoch CurrentLeader { get; set; } = new();
    }

    /// <summary>Part of ProduceResponse.</summary>
    public sealed partial record BatchIndexAndErrorMessage
    {
        /// <summary>int32, versions 8+.</summary>
        [Field("8+")]
        public int BatchIndex { get; set; }

        /// <summary>string, versions 8+; null allowed in 8+; default null.</summary>
        [Field("8+", Nullable = "8+")]
        public string? BatchIndexErrorMessage { get; set; }
    }

    /// <summary>Part of ProduceResponse.</summary>
    public sealed partial record LeaderIdAndEpoch
    {
        /// <summary>int32, versions 10+; default -1.</summary>
        [Field("10+")]
        public int LeaderId { get; set; } = -1;

        /// <summary>int32, versions 10+; default -1.</summary>
        [Field("10+")]
        public int LeaderEpoch { get; set; } = -1;
    }

    /// <summary>Part of ProduceResponse.</summary>
    public sealed partial record NodeEndpoint
    {
        /// <summary>int32, versions 10+.</summary>
        [Field("10+")]
        public int NodeId { get; set; }

        /// <summary>string, versions 10+.</summary>
        [Field("10+")]
        public string Host { get; set; } = "";

        /// <summary>int32, versions 10+.</summary>
        [Field("10+")]
        public int Port { get; set; }

        /// <summary>string, versions 10+; null allowed in 10+; default null.</summary>
        [Field("10+", Nullable = "10+")]
        public string? Rack { get; set; }
    }
}

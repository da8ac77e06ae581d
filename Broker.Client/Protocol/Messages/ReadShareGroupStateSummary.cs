namespace AkkaStream.Client.Protocol;

/// <summary>ReadShareGroupStateSummary (API 87), request; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.ReadShareGroupStateSummary)]
public sealed partial record ReadShareGroupStateSummaryRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>[]ReadStateSummaryData, versions 0+.</summary>
    [Field("0+")]
    public List<ReadStateSummaryData> Topics { get; set; } = [];

    /// <summary>Part of ReadShareGroupStateSummaryRequest.</summary>
    public sealed partial record ReadStateSummaryData
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of ReadShareGroupStateSummaryRequest.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }
    }
}

/// <summary>ReadShareGroupStateSummary (API 87), answer; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.ReadShareGroupStateSummary)]
public sealed partial record ReadShareGroupStateSummaryResponse : IApiMessage
{
    /// <summary>[]ReadStateSummaryResult, versions 0+.</summary>
    [Field("0+")]
    public List<ReadStateSummaryResult> Results { get; set; } = [];

    /// <summary>Part of ReadShareGroupStateSummaryResponse.</summary>
    public sealed partial record ReadStateSummaryResult
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionResult, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionResult> Partitions { get; set; } = [];
    }

    /// <summary>Part of ReadShareGroupStateSummaryResponse.</summary>
    public sealed partial record PartitionResult
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int StateEpoch { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long StartOffset { get; set; }

        /// <summary>int32, versions 1+; default -1.</summary>
        [Field("1+", Ignorable = true)]
        public int DeliveryCompleteCount { get; set; } = -1;
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>DescribeProducers (API 61), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DescribeProducers)]
public sealed partial record DescribeProducersRequest : IApiMessage
{
    /// <summary>[]TopicRequest, versions 0+.</summary>
    [Field("0+")]
    public List<TopicRequest> Topics { get; set; } = [];

    /// <summary>Part of DescribeProducersRequest.</summary>
    public sealed partial record TopicRequest
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> PartitionIndexes { get; set; } = [];
    }
}

/// <summary>DescribeProducers (API 61), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DescribeProducers)]
public sealed partial record DescribeProducersResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]TopicResponse, versions 0+.</summary>
    [Field("0+")]
    public List<TopicResponse> Topics { get; set; } = [];

    /// <summary>Part of DescribeProducersResponse.</summary>
    public sealed partial record TopicResponse
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]PartitionResponse, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionResponse> Partitions { get; set; } = [];
    }

    /// <summary>Part of DescribeProducersResponse.</summary>
    public sealed partial record PartitionResponse
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

        /// <summary>[]ProducerState, versions 0+.</summary>
        [Field("0+")]
        public List<ProducerState> ActiveProducers { get; set; } = [];
    }

    /// <summary>Part of DescribeProducersResponse.</summary>
    public sealed partial record ProducerState
    {
        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long ProducerId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int ProducerEpoch { get; set; }

        /// <summary>int32, versions 0+; default -1.</summary>
        [Field("0+")]
        public int LastSequence { get; set; } = -1;

        /// <summary>int64, versions 0+; default -1.</summary>
        [Field("0+")]
        public long LastTimestamp { get; set; } = -1;

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int CoordinatorEpoch { get; set; }

        /// <summary>int64, versions 0+; default -1.</summary>
        [Field("0+")]
        public long CurrentTxnStartOffset { get; set; } = -1;
    }
}

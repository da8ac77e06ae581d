namespace AkkaStream.Client.Protocol;

/// <summary>DescribeShareGroupOffsets (API 90), request; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.DescribeShareGroupOffsets)]
public sealed partial record DescribeShareGroupOffsetsRequest : IApiMessage
{
    /// <summary>[]DescribeShareGroupOffsetsRequestGroup, versions 0+.</summary>
    [Field("0+")]
    public List<DescribeShareGroupOffsetsRequestGroup> Groups { get; set; } = [];

    /// <summary>Part of DescribeShareGroupOffsetsRequest.</summary>
    public sealed partial record DescribeShareGroupOffsetsRequestGroup
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string GroupId { get; set; } = "";

        /// <summary>[]DescribeShareGroupOffsetsRequestTopic, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public List<DescribeShareGroupOffsetsRequestTopic>? Topics { get; set; } = [];
    }

    /// <summary>Part of DescribeShareGroupOffsetsRequest.</summary>
    public sealed partial record DescribeShareGroupOffsetsRequestTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

/// <summary>DescribeShareGroupOffsets (API 90), answer; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.DescribeShareGroupOffsets)]
public sealed partial record DescribeShareGroupOffsetsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]DescribeShareGroupOffsetsResponseGroup, versions 0+.</summary>
    [Field("0+")]
    public List<DescribeShareGroupOffsetsResponseGroup> Groups { get; set; } = [];

    /// <summary>Part of DescribeShareGroupOffsetsResponse.</summary>
    public sealed partial record DescribeShareGroupOffsetsResponseGroup
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string GroupId { get; set; } = "";

        /// <summary>[]DescribeShareGroupOffsetsResponseTopic, versions 0+.</summary>
        [Field("0+")]
        public List<DescribeShareGroupOffsetsResponseTopic> Topics { get; set; } = [];

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; }
    }

    /// <summary>Part of DescribeShareGroupOffsetsResponse.</summary>
    public sealed partial record DescribeShareGroupOffsetsResponseTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]DescribeShareGroupOffsetsResponsePartition, versions 0+.</summary>
        [Field("0+")]
        public List<DescribeShareGroupOffsetsResponsePartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of DescribeShareGroupOffsetsResponse.</summary>
    public sealed partial record DescribeShareGroupOffsetsResponsePartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long StartOffset { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }

        /// <summary>int64, versions 1+; default -1.</summary>
        [Field("1+", Ignorable = true)]
        public long Lag { get; set; } = -1;

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>DescribeTopicPartitions (API 75), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DescribeTopicPartitions)]
public sealed partial record DescribeTopicPartitionsRequest : IApiMessage
{
    /// <summary>[]TopicRequest, versions 0+.</summary>
    [Field("0+")]
    public List<TopicRequest> Topics { get; set; } = [];

    /// <summary>int32, versions 0+; default 2000.</summary>
    [Field("0+")]
    public int ResponsePartitionLimit { get; set; } = 2000;

    /// <summary>Cursor, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public CursorEntry? Cursor { get; set; }

    /// <summary>Part of DescribeTopicPartitionsRequest.</summary>
    public sealed partial record TopicRequest
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";
    }

    /// <summary>Part of DescribeTopicPartitionsRequest.</summary>
    public sealed partial record CursorEntry
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }
    }
}

/// <summary>DescribeTopicPartitions (API 75), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DescribeTopicPartitions)]
public sealed partial record DescribeTopicPartitionsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]DescribeTopicPartitionsResponseTopic, versions 0+.</summary>
    [Field("0+")]
    public List<DescribeTopicPartitionsResponseTopic> Topics { get; set; } = [];

    /// <summary>Cursor, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public Cursor? NextCursor { get; set; }

    /// <summary>Part of DescribeTopicPartitionsResponse.</summary>
    public sealed partial record DescribeTopicPartitionsResponseTopic
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? Name { get; set; } = "";

        /// <summary>uuid, versions 0+.</summary>
        [Field("0+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>bool, versions 0+.</summary>
        [Field("0+", Ignorable = true)]
        public bool IsInternal { get; set; }

        /// <summary>[]DescribeTopicPartitionsResponsePartition, versions 0+.</summary>
        [Field("0+")]
        public List<DescribeTopicPartitionsResponsePartition> Partitions { get; set; } = [];

        /// <summary>int32, versions 0+; default -2147483648.</summary>
        [Field("0+")]
        public int TopicAuthorizedOperations { get; set; } = int.MinValue;
    }

    /// <summary>Part of DescribeTopicPartitionsResponse.</summary>
    public sealed partial record DescribeTopicPartitionsResponsePartition
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderId { get; set; }

        /// <summary>int32, versions 0+; default -1.</summary>
        [Field("0+", Ignorable = true)]
        public int LeaderEpoch { get; set; } = -1;

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> ReplicaNodes { get; set; } = [];

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> IsrNodes { get; set; } = [];

        /// <summary>[]int32, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public List<int>? EligibleLeaderReplicas { get; set; }

        /// <summary>[]int32, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public List<int>? LastKnownElr { get; set; }

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+", Ignorable = true)]
        public List<int> OfflineReplicas { get; set; } = [];
    }

    /// <summary>Part of DescribeTopicPartitionsResponse.</summary>
    public sealed partial record Cursor
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>OffsetFetch (API 9), request; versions 0-10, flexible 6+.</summary>
[ApiMessage("0-10", "6+", Key = ApiKey.OffsetFetch)]
public sealed partial record OffsetFetchRequest : IApiMessage
{
    /// <summary>string, versions 0-7.</summary>
    [Field("0-7")]
    public string GroupId { get; set; } = "";

    /// <summary>[]OffsetFetchRequestTopic, versions 0-7; null allowed in 2-7.</summary>
    [Field("0-7", Nullable = "2-7")]
    public List<OffsetFetchRequestTopic>? Topics { get; set; } = [];

    /// <summary>[]OffsetFetchRequestGroup, versions 8+.</summary>
    [Field("8+")]
    public List<OffsetFetchRequestGroup> Groups { get; set; } = [];

    /// <summary>bool, versions 7+.</summary>
    [Field("7+")]
    public bool RequireStable { get; set; }

    /// <summary>Part of OffsetFetchRequest.</summary>
    public sealed partial record OffsetFetchRequestTopic
    {
        /// <summary>string, versions 0-7.</summary>
        [Field("0-7")]
        public string Name { get; set; } = "";

        /// <summary>[]int32, versions 0-7.</summary>
        [Field("0-7")]
        public List<int> PartitionIndexes { get; set; } = [];
    }

    /// <summary>Part of OffsetFetchRequest.</summary>
    public sealed partial record OffsetFetchRequestGroup
    {
        /// <summary>string, versions 8+.</summary>
        [Field("8+")]
        public string GroupId { get; set; } = "";

        /// <summary>string, versions 9+; null allowed in 9+; default null.</summary>
        [Field("9+", Nullable = "9+", Ignorable = true)]
        public string? MemberId { get; set; }

        /// <summary>int32, versions 9+; default -1.</summary>
        [Field("9+", Ignorable = true)]
        public int MemberEpoch { get; set; } = -1;

        /// <summary>[]OffsetFetchRequestTopics, versions 8+; null allowed in 8+.</summary>
        [Field("8+", Nullable = "8+")]
        public List<OffsetFetchRequestTopics>? Topics { get; set; } = [];
    }

    /// <summary>Part of OffsetFetchRequest.</summary>
    public sealed partial record OffsetFetchRequestTopics
    {
        /// <summary>string, versions 8-9.</summary>
        [Field("8-9", Ignorable = true)]
        public string Name { get; set; } = "";

        /// <summary>uuid, versions 10+.</summary>
        [Field("10+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]int32, versions 8+.</summary>
        [Field("8+")]
        public List<int> PartitionIndexes { get; set; } = [];
    }
}

/// <summary>OffsetFetch (API 9), answer; versions 0-10, flexible 6+.</summary>
[ApiMessage("0-10", "6+", Key = ApiKey.OffsetFetch)]
public sealed partial record OffsetFetchResponse : IApiMessage
{
    /// <summary>int32, versions 3+.</summary>
    [Field("3+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]OffsetFetchResponseTopic, versions 0-7.</summary>
    [Field("0-7")]
    public List<OffsetFetchResponseTopic> Topics { get; set; } = [];

    /// <summary>int16, versions 2-7.</summary>
    [Field("2-7", Ignorable = true)]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]OffsetFetchResponseGroup, versions 8+.</summary>
    [Field("8+")]
    public List<OffsetFetchResponseGroup> Groups { get; set; } = [];

    /// <summary>Part of OffsetFetchResponse.</summary>
    public sealed partial record OffsetFetchResponseTopic
    {
        /// <summary>string, versions 0-7.</summary>
        [Field("0-7")]
        public string Name { get; set; } = "";

        /// <summary>[]OffsetFetchResponsePartition, versions 0-7.</summary>
        [Field("0-7")]
        public List<OffsetFetchResponsePartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of OffsetFetchResponse.</summary>
    public sealed partial record OffsetFetchResponsePartition
    {
        /// <summary>int32, versions 0-7.</summary>
        [Field("0-7")]
        public int PartitionIndex { get; set; }

        /// <summary>int64, versions 0-7.</summary>
        [Field("0-7")]
        public long CommittedOffset { get; set; }

        /// <summary>int32, versions 5-7; default -1.</summary>
        [Field("5-7", Ignorable = true)]
        public int CommittedLeaderEpoch { get; set; } = -1;

        /// <summary>string, versions 0-7; null allowed in 0-7.</summary>
        [Field("0-7", Nullable = "0-7")]
        public string? Metadata { get; set; } = "";

        /// <summary>int16, versions 0-7.</summary>
        [Field("0-7")]
        public ErrorCode ErrorCode { get; set; }
    }

    /// <summary>Part of OffsetFetchResponse.</summary>
    public sealed partial record OffsetFetchResponseGroup
    {
        /// <summary>string, versions 8+.</summary>
        [Field("8+")]
        public string GroupId { get; set; } = "";

        /// <summary>[]OffsetFetchResponseTopics, versions 8+.</summary>
        [Field("8+")]
        public List<OffsetFetchResponseTopics> Topics { get; set; } = [];

        /// <summary>int16, versions 8+.</summary>
        [Field("8+")]
        public ErrorCode ErrorCode { get; set; }
    }

    /// <summary>Part of OffsetFetchResponse.</summary>
    public sealed partial record OffsetFetchResponseTopics
    {
        /// <summary>string, versions 8-9.</summary>
        [Field("8-9", Ignorable = true)]
        public string Name { get; set; } = "";

        /// <summary>uuid, versions 10+.</summary>
        [Field("10+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]OffsetFetchResponsePartitions, versions 8+.</summary>
        [Field("8+")]
        public List<OffsetFetchResponsePartitions> Partitions { get; set; } = [];
    }

    /// <summary>Part of OffsetFetchResponse.</summary>
    public sealed partial record OffsetFetchResponsePartitions
    {
        /// <summary>int32, versions 8+.</summary>
        [Field("8+")]
        public int PartitionIndex { get; set; }

        /// <summary>int64, versions 8+.</summary>
        [Field("8+")]
        public long CommittedOffset { get; set; }

        /// <summary>int32, versions 8+; default -1.</summary>
        [Field("8+", Ignorable = true)]
        public int CommittedLeaderEpoch { get; set; } = -1;

        /// <summary>string, versions 8+; null allowed in 8+.</summary>
        [Field("8+", Nullable = "8+")]
        public string? Metadata { get; set; } = "";

        /// <summary>int16, versions 8+.</summary>
        [Field("8+")]
        public ErrorCode ErrorCode { get; set; }
    }
}

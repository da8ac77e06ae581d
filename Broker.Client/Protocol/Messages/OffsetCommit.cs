namespace AkkaStream.Client.Protocol;

/// <summary>OffsetCommit (API 8), request; versions 0-10, flexible 8+.</summary>
[ApiMessage("0-10", "8+", Key = ApiKey.OffsetCommit)]
public sealed partial record OffsetCommitRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>int32, versions 1+; default -1.</summary>
    [Field("1+", Ignorable = true)]
    public int GenerationIdOrMemberEpoch { get; set; } = -1;

    /// <summary>string, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public string MemberId { get; set; } = "";

    /// <summary>string, versions 7+; null allowed in 7+; default null.</summary>
    [Field("7+", Nullable = "7+")]
    public string? GroupInstanceId { get; set; }

    /// <summary>int64, versions 2-4; default -1.</summary>
    [Field("2-4", Ignorable = true)]
    public long RetentionTimeMs { get; set; } = -1;

    /// <summary>[]OffsetCommitRequestTopic, versions 0+.</summary>
    [Field("0+")]
    public List<OffsetCommitRequestTopic> Topics { get; set; } = [];

    /// <summary>Part of OffsetCommitRequest.</summary>
    public sealed partial record OffsetCommitRequestTopic
    {
        /// <summary>string, versions 0-9.</summary>
        [Field("0-9", Ignorable = true)]
        public string Name { get; set; } = "";

        /// <summary>uuid, versions 10+.</summary>
        [Field("10+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]OffsetCommitRequestPartition, versions 0+.</summary>
        [Field("0+")]
        public List<OffsetCommitRequestPartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of OffsetCommitRequest.</summary>
    public sealed partial record OffsetCommitRequestPartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long CommittedOffset { get; set; }

        /// <summary>int32, versions 6+; default -1.</summary>
        [Field("6+", Ignorable = true)]
        public int CommittedLeaderEpoch { get; set; } = -1;

        /// <summary>int64, versions 1; default -1.</summary>
        [Field("1")]
        public long CommitTimestamp { get; set; } = -1;

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? CommittedMetadata { get; set; } = "";
    }
}

/// <summary>OffsetCommit (API 8), answer; versions 0-10, flexible 8+.</summary>
[ApiMessage("0-10", "8+", Key = ApiKey.OffsetCommit)]
public sealed partial record OffsetCommitResponse : IApiMessage
{
    /// <summary>int32, versions 3+.</summary>
    [Field("3+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]OffsetCommitResponseTopic, versions 0+.</summary>
    [Field("0+")]
    public List<OffsetCommitResponseTopic> Topics { get; set; } = [];

    /// <summary>Part of OffsetCommitResponse.</summary>
    public sealed partial record OffsetCommitResponseTopic
    {
        /// <summary>string, versions 0-9.</summary>
        [Field("0-9", Ignorable = true)]
        public string Name { get; set; } = "";

        /// <summary>uuid, versions 10+.</summary>
        [Field("10+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]OffsetCommitResponsePartition, versions 0+.</summary>
        [Field("0+")]
        public List<OffsetCommitResponsePartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of OffsetCommitResponse.</summary>
    public sealed partial record OffsetCommitResponsePartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }
    }
}

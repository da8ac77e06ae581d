namespace AkkaStream.Client.Protocol;

/// <summary>OffsetForLeaderEpoch (API 23), request; versions 0-4, flexible 4+.</summary>
[ApiMessage("0-4", "4+", Key = ApiKey.OffsetForLeaderEpoch)]
public sealed partial record OffsetForLeaderEpochRequest : IApiMessage
{
    /// <summary>int32, versions 3+; default -2.</summary>
    [Field("3+", Ignorable = true)]
    public int ReplicaId { get; set; } = -2;

    /// <summary>[]OffsetForLeaderTopic, versions 0+.</summary>
    [Field("0+")]
    public List<OffsetForLeaderTopic> Topics { get; set; } = [];

    /// <summary>Part of OffsetForLeaderEpochRequest.</summary>
    public sealed partial record OffsetForLeaderTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>[]OffsetForLeaderPartition, versions 0+.</summary>
        [Field("0+")]
        public List<OffsetForLeaderPartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of OffsetForLeaderEpochRequest.</summary>
    public sealed partial record OffsetForLeaderPartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>int32, versions 2+; default -1.</summary>
        [Field("2+", Ignorable = true)]
        public int CurrentLeaderEpoch { get; set; } = -1;

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }
    }
}

/// <summary>OffsetForLeaderEpoch (API 23), answer; versions 0-4, flexible 4+.</summary>
[ApiMessage("0-4", "4+", Key = ApiKey.OffsetForLeaderEpoch)]
public sealed partial record OffsetForLeaderEpochResponse : IApiMessage
{
    /// <summary>int32, versions 2+.</summary>
    [Field("2+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]OffsetForLeaderTopicResult, versions 0+.</summary>
    [Field("0+")]
    public List<OffsetForLeaderTopicResult> Topics { get; set; } = [];

    /// <summary>Part of OffsetForLeaderEpochResponse.</summary>
    public sealed partial record OffsetForLeaderTopicResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>[]EpochEndOffset, versions 0+.</summary>
        [Field("0+")]
        public List<EpochEndOffset> Partitions { get; set; } = [];
    }

    /// <summary>Part of OffsetForLeaderEpochResponse.</summary>
    public sealed partial record EpochEndOffset
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>int32, versions 1+; default -1.</summary>
        [Field("1+", Ignorable = true)]
        public int LeaderEpoch { get; set; } = -1;

        /// <summary>int64, versions 0+; default -1.</summary>
        [Field("0+")]
        public long EndOffset { get; set; } = -1;
    }
}

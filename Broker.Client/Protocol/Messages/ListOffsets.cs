namespace AkkaStream.Client.Protocol;

/// <summary>ListOffsets (API 2), request; versions 0-11, flexible 6+.</summary>
[ApiMessage("0-11", "6+", Key = ApiKey.ListOffsets)]
public sealed partial record ListOffsetsRequest : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ReplicaId { get; set; }

    /// <summary>int8, versions 2+.</summary>
    [Field("2+")]
    public sbyte IsolationLevel { get; set; }

    /// <summary>[]ListOffsetsTopic, versions 0+.</summary>
    [Field("0+")]
    public List<ListOffsetsTopic> Topics { get; set; } = [];

    /// <summary>int32, versions 10+.</summary>
    [Field("10+", Ignorable = true)]
    public int TimeoutMs { get; set; }

    /// <summary>Part of ListOffsetsRequest.</summary>
    public sealed partial record ListOffsetsTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]ListOffsetsPartition, versions 0+.</summary>
        [Field("0+")]
        public List<ListOffsetsPartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of ListOffsetsRequest.</summary>
    public sealed partial record ListOffsetsPartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int32, versions 4+; default -1.</summary>
        [Field("4+", Ignorable = true)]
        public int CurrentLeaderEpoch { get; set; } = -1;

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long Timestamp { get; set; }

        /// <summary>int32, versions 0; default 1.</summary>
        [Field("0")]
        public int MaxNumOffsets { get; set; } = 1;
    }
}

/// <summary>ListOffsets (API 2), answer; versions 0-11, flexible 6+.</summary>
[ApiMessage("0-11", "6+", Key = ApiKey.ListOffsets)]
public sealed partial record ListOffsetsResponse : IApiMessage
{
    /// <summary>int32, versions 2+.</summary>
    [Field("2+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]ListOffsetsTopicResponse, versions 0+.</summary>
    [Field("0+")]
    public List<ListOffsetsTopicResponse> Topics { get; set; } = [];

    /// <summary>Part of ListOffsetsResponse.</summary>
    public sealed partial record ListOffsetsTopicResponse
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]ListOffsetsPartitionResponse, versions 0+.</summary>
        [Field("0+")]
        public List<ListOffsetsPartitionResponse> Partitions { get; set; } = [];
    }

    /// <summary>Part of ListOffsetsResponse.</summary>
    public sealed partial record ListOffsetsPartitionResponse
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>[]int64, versions 0.</summary>
        [Field("0")]
        public List<long> OldStyleOffsets { get; set; } = [];

        /// <summary>int64, versions 1+; default -1.</summary>
        [Field("1+")]
        public long Timestamp { get; set; } = -1;

        /// <summary>int64, versions 1+; default -1.</summary>
        [Field("1+")]
        public long Offset { get; set; } = -1;

        /// <summary>int32, versions 4+; default -1.</summary>
        [Field("4+")]
        public int LeaderEpoch { get; set; } = -1;
    }
}

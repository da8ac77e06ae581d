namespace AkkaStream.Client.Protocol;

/// <summary>AlterShareGroupOffsets (API 91), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.AlterShareGroupOffsets)]
public sealed partial record AlterShareGroupOffsetsRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>[]AlterShareGroupOffsetsRequestTopic, versions 0+.</summary>
    [Field("0+")]
    public List<AlterShareGroupOffsetsRequestTopic> Topics { get; set; } = [];

    /// <summary>Part of AlterShareGroupOffsetsRequest.</summary>
    public sealed partial record AlterShareGroupOffsetsRequestTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]AlterShareGroupOffsetsRequestPartition, versions 0+.</summary>
        [Field("0+")]
        public List<AlterShareGroupOffsetsRequestPartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of AlterShareGroupOffsetsRequest.</summary>
    public sealed partial record AlterShareGroupOffsetsRequestPartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long StartOffset { get; set; }
    }
}

/// <summary>AlterShareGroupOffsets (API 91), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.AlterShareGroupOffsets)]
public sealed partial record AlterShareGroupOffsetsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; }

    /// <summary>[]AlterShareGroupOffsetsResponseTopic, versions 0+.</summary>
    [Field("0+")]
    public List<AlterShareGroupOffsetsResponseTopic> Responses { get; set; } = [];

    /// <summary>Part of AlterShareGroupOffsetsResponse.</summary>
    public sealed partial record AlterShareGroupOffsetsResponseTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]AlterShareGroupOffsetsResponsePartition, versions 0+.</summary>
        [Field("0+")]
        public List<AlterShareGroupOffsetsResponsePartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of AlterShareGroupOffsetsResponse.</summary>
    public sealed partial record AlterShareGroupOffsetsResponsePartition
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
    }
}

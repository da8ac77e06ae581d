namespace AkkaStream.Client.Protocol;

/// <summary>OffsetDelete (API 47), request; versions 0, flexible none.</summary>
[ApiMessage("0", "none", Key = ApiKey.OffsetDelete)]
public sealed partial record OffsetDeleteRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>[]OffsetDeleteRequestTopic, versions 0+.</summary>
    [Field("0+")]
    public List<OffsetDeleteRequestTopic> Topics { get; set; } = [];

    /// <summary>Part of OffsetDeleteRequest.</summary>
    public sealed partial record OffsetDeleteRequestTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]OffsetDeleteRequestPartition, versions 0+.</summary>
        [Field("0+")]
        public List<OffsetDeleteRequestPartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of OffsetDeleteRequest.</summary>
    public sealed partial record OffsetDeleteRequestPartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }
    }
}

/// <summary>OffsetDelete (API 47), answer; versions 0, flexible none.</summary>
[ApiMessage("0", "none", Key = ApiKey.OffsetDelete)]
public sealed partial record OffsetDeleteResponse : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]OffsetDeleteResponseTopic, versions 0+.</summary>
    [Field("0+")]
    public List<OffsetDeleteResponseTopic> Topics { get; set; } = [];

    /// <summary>Part of OffsetDeleteResponse.</summary>
    public sealed partial record OffsetDeleteResponseTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]OffsetDeleteResponsePartition, versions 0+.</summary>
        [Field("0+")]
        public List<OffsetDeleteResponsePartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of OffsetDeleteResponse.</summary>
    public sealed partial record OffsetDeleteResponsePartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }
    }
}

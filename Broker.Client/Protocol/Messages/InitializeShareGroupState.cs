namespace AkkaStream.Client.Protocol;

/// <summary>InitializeShareGroupState (API 83), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.InitializeShareGroupState)]
public sealed partial record InitializeShareGroupStateRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>[]InitializeStateData, versions 0+.</summary>
    [Field("0+")]
    public List<InitializeStateData> Topics { get; set; } = [];

    /// <summary>Part of InitializeShareGroupStateRequest.</summary>
    public sealed partial record InitializeStateData
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of InitializeShareGroupStateRequest.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int StateEpoch { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long StartOffset { get; set; }
    }
}

/// <summary>InitializeShareGroupState (API 83), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.InitializeShareGroupState)]
public sealed partial record InitializeShareGroupStateResponse : IApiMessage
{
    /// <summary>[]InitializeStateResult, versions 0+.</summary>
    [Field("0+")]
    public List<InitializeStateResult> Results { get; set; } = [];

    /// <summary>Part of InitializeShareGroupStateResponse.</summary>
    public sealed partial record InitializeStateResult
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionResult, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionResult> Partitions { get; set; } = [];
    }

    /// <summary>Part of InitializeShareGroupStateResponse.</summary>
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
    }
}

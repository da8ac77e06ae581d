namespace AkkaStream.Client.Protocol;

/// <summary>DeleteShareGroupState (API 86), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DeleteShareGroupState)]
public sealed partial record DeleteShareGroupStateRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>[]DeleteStateData, versions 0+.</summary>
    [Field("0+")]
    public List<DeleteStateData> Topics { get; set; } = [];

    /// <summary>Part of DeleteShareGroupStateRequest.</summary>
    public sealed partial record DeleteStateData
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of DeleteShareGroupStateRequest.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }
    }
}

/// <summary>DeleteShareGroupState (API 86), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DeleteShareGroupState)]
public sealed partial record DeleteShareGroupStateResponse : IApiMessage
{
    /// <summary>[]DeleteStateResult, versions 0+.</summary>
    [Field("0+")]
    public List<DeleteStateResult> Results { get; set; } = [];

    /// <summary>Part of DeleteShareGroupStateResponse.</summary>
    public sealed partial record DeleteStateResult
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionResult, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionResult> Partitions { get; set; } = [];
    }

    /// <summary>Part of DeleteShareGroupStateResponse.</summary>
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

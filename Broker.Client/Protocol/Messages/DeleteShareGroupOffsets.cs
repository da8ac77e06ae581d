namespace AkkaStream.Client.Protocol;

/// <summary>DeleteShareGroupOffsets (API 92), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DeleteShareGroupOffsets)]
public sealed partial record DeleteShareGroupOffsetsRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>[]DeleteShareGroupOffsetsRequestTopic, versions 0+.</summary>
    [Field("0+")]
    public List<DeleteShareGroupOffsetsRequestTopic> Topics { get; set; } = [];

    /// <summary>Part of DeleteShareGroupOffsetsRequest.</summary>
    public sealed partial record DeleteShareGroupOffsetsRequestTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";
    }
}

/// <summary>DeleteShareGroupOffsets (API 92), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DeleteShareGroupOffsets)]
public sealed partial record DeleteShareGroupOffsetsResponse : IApiMessage
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

    /// <summary>[]DeleteShareGroupOffsetsResponseTopic, versions 0+.</summary>
    [Field("0+")]
    public List<DeleteShareGroupOffsetsResponseTopic> Responses { get; set; } = [];

    /// <summary>Part of DeleteShareGroupOffsetsResponse.</summary>
    public sealed partial record DeleteShareGroupOffsetsResponseTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; }
    }
}

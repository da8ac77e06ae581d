namespace AkkaStream.Client.Protocol;

/// <summary>DeleteTopics (API 20), request; versions 0-6, flexible 4+.</summary>
[ApiMessage("0-6", "4+", Key = ApiKey.DeleteTopics)]
public sealed partial record DeleteTopicsRequest : IApiMessage
{
    /// <summary>[]DeleteTopicState, versions 6+.</summary>
    [Field("6+")]
    public List<DeleteTopicState> Topics { get; set; } = [];

    /// <summary>[]string, versions 0-5.</summary>
    [Field("0-5", Ignorable = true)]
    public List<string> TopicNames { get; set; } = [];

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; }

    /// <summary>Part of DeleteTopicsRequest.</summary>
    public sealed partial record DeleteTopicState
    {
        /// <summary>string, versions 6+; null allowed in 6+; default null.</summary>
        [Field("6+", Nullable = "6+")]
        public string? Name { get; set; }

        /// <summary>uuid, versions 6+.</summary>
        [Field("6+")]
        public Guid TopicId { get; set; }
    }
}

/// <summary>DeleteTopics (API 20), answer; versions 0-6, flexible 4+.</summary>
[ApiMessage("0-6", "4+", Key = ApiKey.DeleteTopics)]
public sealed partial record DeleteTopicsResponse : IApiMessage
{
    /// <summary>int32, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]DeletableTopicResult, versions 0+.</summary>
    [Field("0+")]
    public List<DeletableTopicResult> Responses { get; set; } = [];

    /// <summary>Part of DeleteTopicsResponse.</summary>
    public sealed partial record DeletableTopicResult
    {
        /// <summary>string, versions 0+; null allowed in 6+.</summary>
        [Field("0+", Nullable = "6+")]
        public string? Name { get; set; } = "";

        /// <summary>uuid, versions 6+.</summary>
        [Field("6+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 5+; null allowed in 5+; default null.</summary>
        [Field("5+", Nullable = "5+", Ignorable = true)]
        public string? ErrorMessage { get; set; }
    }
}

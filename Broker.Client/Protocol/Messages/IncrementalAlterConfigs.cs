namespace AkkaStream.Client.Protocol;

/// <summary>IncrementalAlterConfigs (API 44), request; versions 0-1, flexible 1+.</summary>
[ApiMessage("0-1", "1+", Key = ApiKey.IncrementalAlterConfigs)]
public sealed partial record IncrementalAlterConfigsRequest : IApiMessage
{
    /// <summary>[]AlterConfigsResource, versions 0+.</summary>
    [Field("0+")]
    public List<AlterConfigsResource> Resources { get; set; } = [];

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool ValidateOnly { get; set; }

    /// <summary>Part of IncrementalAlterConfigsRequest.</summary>
    public sealed partial record AlterConfigsResource
    {
        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte ResourceType { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ResourceName { get; set; } = "";

        /// <summary>[]AlterableConfig, versions 0+.</summary>
        [Field("0+")]
        public List<AlterableConfig> Configs { get; set; } = [];
    }

    /// <summary>Part of IncrementalAlterConfigsRequest.</summary>
    public sealed partial record AlterableConfig
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte ConfigOperation { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? Value { get; set; } = "";
    }
}

/// <summary>IncrementalAlterConfigs (API 44), answer; versions 0-1, flexible 1+.</summary>
[ApiMessage("0-1", "1+", Key = ApiKey.IncrementalAlterConfigs)]
public sealed partial record IncrementalAlterConfigsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]AlterConfigsResourceResponse, versions 0+.</summary>
    [Field("0+")]
    public List<AlterConfigsResourceResponse> Responses { get; set; } = [];

    /// <summary>Part of IncrementalAlterConfigsResponse.</summary>
    public sealed partial record AlterConfigsResourceResponse
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; } = "";

        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte ResourceType { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ResourceName { get; set; } = "";
    }
}

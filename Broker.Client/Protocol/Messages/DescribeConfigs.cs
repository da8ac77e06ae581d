namespace AkkaStream.Client.Protocol;

/// <summary>DescribeConfigs (API 32), request; versions 0-4, flexible 4+.</summary>
[ApiMessage("0-4", "4+", Key = ApiKey.DescribeConfigs)]
public sealed partial record DescribeConfigsRequest : IApiMessage
{
    /// <summary>[]DescribeConfigsResource, versions 0+.</summary>
    [Field("0+")]
    public List<DescribeConfigsResource> Resources { get; set; } = [];

    /// <summary>bool, versions 1+.</summary>
    [Field("1+")]
    public bool IncludeSynonyms { get; set; }

    /// <summary>bool, versions 3+.</summary>
    [Field("3+")]
    public bool IncludeDocumentation { get; set; }

    /// <summary>Part of DescribeConfigsRequest.</summary>
    public sealed partial record DescribeConfigsResource
    {
        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte ResourceType { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ResourceName { get; set; } = "";

        /// <summary>[]string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public List<string>? ConfigurationKeys { get; set; } = [];
    }
}

/// <summary>DescribeConfigs (API 32), answer; versions 0-4, flexible 4+.</summary>
[ApiMessage("0-4", "4+", Key = ApiKey.DescribeConfigs)]
public sealed partial record DescribeConfigsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]DescribeConfigsResult, versions 0+.</summary>
    [Field("0+")]
    public List<DescribeConfigsResult> Results { get; set; } = [];

    /// <summary>Part of DescribeConfigsResponse.</summary>
    public sealed partial record DescribeConfigsResult
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

        /// <summary>[]DescribeConfigsResourceResult, versions 0+.</summary>
        [Field("0+")]
        public List<DescribeConfigsResourceResult> Configs { get; set; } = [];
    }

    /// <summary>Part of DescribeConfigsResponse.</summary>
    public sealed partial record DescribeConfigsResourceResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? Value { get; set; } = "";

        /// <summary>bool, versions 0+.</summary>
        [Field("0+")]
        public bool ReadOnly { get; set; }

        /// <summary>bool, versions 0.</summary>
        [Field("0")]
        public bool IsDefault { get; set; }

        /// <summary>int8, versions 1+; default -1.</summary>
        [Field("1+", Ignorable = true)]
        public sbyte ConfigSource { get; set; } = -1;

        /// <summary>bool, versions 0+.</summary>
        [Field("0+")]
        public bool IsSensitive { get; set; }

        /// <summary>[]DescribeConfigsSynonym, versions 1+.</summary>
        [Field("1+", Ignorable = true)]
        public List<DescribeConfigsSynonym> Synonyms { get; set; } = [];

        /// <summary>int8, versions 3+.</summary>
        [Field("3+", Ignorable = true)]
        public sbyte ConfigType { get; set; }

        /// <summary>string, versions 3+; null allowed in 1+.</summary>
        [Field("3+", Nullable = "1+", Ignorable = true)]
        public string? Documentation { get; set; } = "";
    }

    /// <summary>Part of DescribeConfigsResponse.</summary>
    public sealed partial record DescribeConfigsSynonym
    {
        /// <summary>string, versions 1+.</summary>
        [Field("1+")]
        public string Name { get; set; } = "";

        /// <summary>string, versions 1+; null allowed in 1+.</summary>
        [Field("1+", Nullable = "1+")]
        public string? Value { get; set; } = "";

        /// <summary>int8, versions 1+.</summary>
        [Field("1+")]
        public sbyte Source { get; set; }
    }
}

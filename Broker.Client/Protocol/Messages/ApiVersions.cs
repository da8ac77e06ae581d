namespace AkkaStream.Client.Protocol;

/// <summary>ApiVersions (API 18), request; versions 0-4, flexible 3+.</summary>
[ApiMessage("0-4", "3+", Key = ApiKey.ApiVersions)]
public sealed partial record ApiVersionsRequest : IApiMessage
{
    /// <summary>string, versions 3+.</summary>
    [Field("3+", Ignorable = true)]
    public string ClientSoftwareName { get; set; } = "";

    /// <summary>string, versions 3+.</summary>
    [Field("3+", Ignorable = true)]
    public string ClientSoftwareVersion { get; set; } = "";
}

/// <summary>ApiVersions (API 18), answer; versions 0-4, flexible 3+.</summary>
[ApiMessage("0-4", "3+", Key = ApiKey.ApiVersions)]
public sealed partial record ApiVersionsResponse : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]ApiVersion, versions 0+.</summary>
    [Field("0+")]
    public List<ApiVersion> ApiKeys { get; set; } = [];

    /// <summary>int32, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]SupportedFeatureKey, versions 3+; tag 0 in 3+.</summary>
    [Field("3+", Tagged = "3+", Tag = 0, Ignorable = true)]
    public List<SupportedFeatureKey> SupportedFeatures { get; set; } = [];

    /// <summary>int64, versions 3+; tag 1 in 3+; default -1.</summary>
    [Field("3+", Tagged = "3+", Tag = 1, Ignorable = true)]
    public long FinalizedFeaturesEpoch { get; set; } = -1;

    /// <summary>[]FinalizedFeatureKey, versions 3+; tag 2 in 3+.</summary>
    [Field("3+", Tagged = "3+", Tag = 2, Ignorable = true)]
    public List<FinalizedFeatureKey> FinalizedFeatures { get; set; } = [];

    /// <summary>bool, versions 3+; tag 3 in 3+.</summary>
    [Field("3+", Tagged = "3+", Tag = 3, Ignorable = true)]
    public bool ZkMigrationReady { get; set; }

    /// <summary>Part of ApiVersionsResponse.</summary>
    public sealed partial record ApiVersion
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short ApiKey { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short MinVersion { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short MaxVersion { get; set; }
    }

    /// <summary>Part of ApiVersionsResponse.</summary>
    public sealed partial record SupportedFeatureKey
    {
        /// <summary>string, versions 3+.</summary>
        [Field("3+")]
        public string Name { get; set; } = "";

        /// <summary>int16, versions 3+.</summary>
        [Field("3+")]
        public short MinVersion { get; set; }

        /// <summary>int16, versions 3+.</summary>
        [Field("3+")]
        public short MaxVersion { get; set; }
    }

    /// <summary>Part of ApiVersionsResponse.</summary>
    public sealed partial record FinalizedFeatureKey
    {
        /// <summary>string, versions 3+.</summary>
        [Field("3+")]
        public string Name { get; set; } = "";

        /// <summary>int16, versions 3+.</summary>
        [Field("3+")]
        public short MaxVersionLevel { get; set; }

        /// <summary>int16, versions 3+.</summary>
        [Field("3+")]
        public short MinVersionLevel { get; set; }
    }
}

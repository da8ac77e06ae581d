namespace AkkaStream.Client.Protocol;

/// <summary>UpdateFeatures (API 57), request; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.UpdateFeatures)]
public sealed partial record UpdateFeaturesRequest : IApiMessage
{
    /// <summary>int32, versions 0+; default 60000.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; } = 60000;

    /// <summary>[]FeatureUpdateKey, versions 0+.</summary>
    [Field("0+")]
    public List<FeatureUpdateKey> FeatureUpdates { get; set; } = [];

    /// <summary>bool, versions 1+.</summary>
    [Field("1+")]
    public bool ValidateOnly { get; set; }

    /// <summary>Part of UpdateFeaturesRequest.</summary>
    public sealed partial record FeatureUpdateKey
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Feature { get; set; } = "";

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short MaxVersionLevel { get; set; }

        /// <summary>bool, versions 0.</summary>
        [Field("0")]
        public bool AllowDowngrade { get; set; }

        /// <summary>int8, versions 1+; default 1.</summary>
        [Field("1+")]
        public sbyte UpgradeType { get; set; } = 1;
    }
}

/// <summary>UpdateFeatures (API 57), answer; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.UpdateFeatures)]
public sealed partial record UpdateFeaturesResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; } = "";

    /// <summary>[]UpdatableFeatureResult, versions 0-1.</summary>
    [Field("0-1", Ignorable = true)]
    public List<UpdatableFeatureResult> Results { get; set; } = [];

    /// <summary>Part of UpdateFeaturesResponse.</summary>
    public sealed partial record UpdatableFeatureResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Feature { get; set; } = "";

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; } = "";
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>DescribeClientQuotas (API 48), request; versions 0-1, flexible 1+.</summary>
[ApiMessage("0-1", "1+", Key = ApiKey.DescribeClientQuotas)]
public sealed partial record DescribeClientQuotasRequest : IApiMessage
{
    /// <summary>[]ComponentData, versions 0+.</summary>
    [Field("0+")]
    public List<ComponentData> Components { get; set; } = [];

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool Strict { get; set; }

    /// <summary>Part of DescribeClientQuotasRequest.</summary>
    public sealed partial record ComponentData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string EntityType { get; set; } = "";

        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte MatchType { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? Match { get; set; } = "";
    }
}

/// <summary>DescribeClientQuotas (API 48), answer; versions 0-1, flexible 1+.</summary>
[ApiMessage("0-1", "1+", Key = ApiKey.DescribeClientQuotas)]
public sealed partial record DescribeClientQuotasResponse : IApiMessage
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

    /// <summary>[]EntryData, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public List<EntryData>? Entries { get; set; } = [];

    /// <summary>Part of DescribeClientQuotasResponse.</summary>
    public sealed partial record EntryData
    {
        /// <summary>[]EntityData, versions 0+.</summary>
        [Field("0+")]
        public List<EntityData> Entity { get; set; } = [];

        /// <summary>[]ValueData, versions 0+.</summary>
        [Field("0+")]
        public List<ValueData> Values { get; set; } = [];
    }

    /// <summary>Part of DescribeClientQuotasResponse.</summary>
    public sealed partial record EntityData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string EntityType { get; set; } = "";

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? EntityName { get; set; } = "";
    }

    /// <summary>Part of DescribeClientQuotasResponse.</summary>
    public sealed partial record ValueData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Key { get; set; } = "";

        /// <summary>float64, versions 0+.</summary>
        [Field("0+")]
        public double Value { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>AlterClientQuotas (API 49), request; versions 0-1, flexible 1+.</summary>
[ApiMessage("0-1", "1+", Key = ApiKey.AlterClientQuotas)]
public sealed partial record AlterClientQuotasRequest : IApiMessage
{
    /// <summary>[]EntryData, versions 0+.</summary>
    [Field("0+")]
    public List<EntryData> Entries { get; set; } = [];

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool ValidateOnly { get; set; }

    /// <summary>Part of AlterClientQuotasRequest.</summary>
    public sealed partial record EntryData
    {
        /// <summary>[]EntityData, versions 0+.</summary>
        [Field("0+")]
        public List<EntityData> Entity { get; set; } = [];

        /// <summary>[]OpData, versions 0+.</summary>
        [Field("0+")]
        public List<OpData> Ops { get; set; } = [];
    }

    /// <summary>Part of AlterClientQuotasRequest.</summary>
    public sealed partial record EntityData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string EntityType { get; set; } = "";

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? EntityName { get; set; } = "";
    }

    /// <summary>Part of AlterClientQuotasRequest.</summary>
    public sealed partial record OpData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Key { get; set; } = "";

        /// <summary>float64, versions 0+.</summary>
        [Field("0+")]
        public double Value { get; set; }

        /// <summary>bool, versions 0+.</summary>
        [Field("0+")]
        public bool Remove { get; set; }
    }
}

/// <summary>AlterClientQuotas (API 49), answer; versions 0-1, flexible 1+.</summary>
[ApiMessage("0-1", "1+", Key = ApiKey.AlterClientQuotas)]
public sealed partial record AlterClientQuotasResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]EntryData, versions 0+.</summary>
    [Field("0+")]
    public List<EntryData> Entries { get; set; } = [];

    /// <summary>Part of AlterClientQuotasResponse.</summary>
    public sealed partial record EntryData
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; } = "";

        /// <summary>[]EntityData, versions 0+.</summary>
        [Field("0+")]
        public List<EntityData> Entity { get; set; } = [];
    }

    /// <summary>Part of AlterClientQuotasResponse.</summary>
    public sealed partial record EntityData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string EntityType { get; set; } = "";

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? EntityName { get; set; } = "";
    }
}

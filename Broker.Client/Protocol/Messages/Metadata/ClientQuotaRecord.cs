namespace AkkaStream.Client.Protocol;

/// <summary>ClientQuotaRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ClientQuotaRecord : IApiMessage
{
    /// <summary>[]EntityData, versions 0+.</summary>
    [Field("0+")]
    public List<EntityData> Entity { get; set; } = [];

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Key { get; set; } = "";

    /// <summary>float64, versions 0+.</summary>
    [Field("0+")]
    public double Value { get; set; }

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool Remove { get; set; }

    /// <summary>Part of ClientQuotaRecord.</summary>
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

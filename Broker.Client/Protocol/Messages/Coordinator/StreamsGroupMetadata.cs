namespace AkkaStream.Client.Protocol;

/// <summary>StreamsGroupMetadataKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record StreamsGroupMetadataKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";
}

/// <summary>StreamsGroupMetadataValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record StreamsGroupMetadataValue : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int Epoch { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long MetadataHash { get; set; }

    /// <summary>int32, versions 0+; tag 0 in 0+; default -1.</summary>
    [Field("0+", Tagged = "0+", Tag = 0)]
    public int ValidatedTopologyEpoch { get; set; } = -1;

    /// <summary>[]LastAssignmentConfig, versions 0+; null allowed in 0+; tag 1 in 0+.</summary>
    [Field("0+", Nullable = "0+", Tagged = "0+", Tag = 1)]
    public List<LastAssignmentConfig>? LastAssignmentConfigs { get; set; } = [];

    /// <summary>Part of StreamsGroupMetadataValue.</summary>
    public sealed partial record LastAssignmentConfig
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Key { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Value { get; set; } = "";
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>StreamsGroupMemberMetadataKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record StreamsGroupMemberMetadataKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";

    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string MemberId { get; set; } = "";
}

/// <summary>StreamsGroupMemberMetadataValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record StreamsGroupMemberMetadataValue : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? InstanceId { get; set; } = "";

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? RackId { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string ClientId { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string ClientHost { get; set; } = "";

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int RebalanceTimeoutMs { get; set; } = -1;

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int TopologyEpoch { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string ProcessId { get; set; } = "";

    /// <summary>Endpoint, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public Endpoint? UserEndpoint { get; set; }

    /// <summary>[]KeyValue, versions 0+.</summary>
    [Field("0+")]
    public List<KeyValue> ClientTags { get; set; } = [];

    /// <summary>Part of StreamsGroupMemberMetadataValue.</summary>
    public sealed partial record Endpoint
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Host { get; set; } = "";

        /// <summary>uint16, versions 0+.</summary>
        [Field("0+")]
        public ushort Port { get; set; }
    }

    /// <summary>Part of StreamsGroupMemberMetadataValue.</summary>
    public sealed partial record KeyValue
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Key { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Value { get; set; } = "";
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>ConsumerGroupMemberMetadataKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record ConsumerGroupMemberMetadataKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";

    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string MemberId { get; set; } = "";
}

/// <summary>ConsumerGroupMemberMetadataValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ConsumerGroupMemberMetadataValue : IApiMessage
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

    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> SubscribedTopicNames { get; set; } = [];

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? SubscribedTopicRegex { get; set; } = "";

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int RebalanceTimeoutMs { get; set; } = -1;

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ServerAssignor { get; set; } = "";

    /// <summary>ClassicMemberMetadata, versions 0+; null allowed in 0+; tag 0 in 0+.</summary>
    [Field("0+", Nullable = "0+", Tagged = "0+", Tag = 0)]
    public ClassicMemberMetadataEntry? ClassicMemberMetadata { get; set; } = new();

    /// <summary>Part of ConsumerGroupMemberMetadataValue.</summary>
    public sealed partial record ClassicMemberMetadataEntry
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int SessionTimeoutMs { get; set; }

        /// <summary>[]ClassicProtocol, versions 0+.</summary>
        [Field("0+")]
        public List<ClassicProtocol> SupportedProtocols { get; set; } = [];
    }

    /// <summary>Part of ConsumerGroupMemberMetadataValue.</summary>
    public sealed partial record ClassicProtocol
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>bytes, versions 0+.</summary>
        [Field("0+")]
        public ReadOnlyMemory<byte> Metadata { get; set; }
    }
}

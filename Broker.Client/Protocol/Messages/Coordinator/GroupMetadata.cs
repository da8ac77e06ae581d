namespace AkkaStream.Client.Protocol;

/// <summary>GroupMetadataKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record GroupMetadataKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string Group { get; set; } = "";
}

/// <summary>GroupMetadataValue: value of a coordinator record; versions 0-4, flexible 4+.</summary>
[ApiMessage("0-4", "4+")]
public sealed partial record GroupMetadataValue : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string ProtocolType { get; set; } = "";

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int Generation { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? Protocol { get; set; } = "";

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? Leader { get; set; } = "";

    /// <summary>int64, versions 2+; default -1.</summary>
    [Field("2+", Ignorable = true)]
    public long CurrentStateTimestamp { get; set; } = -1;

    /// <summary>[]MemberMetadata, versions 0+.</summary>
    [Field("0+")]
    public List<MemberMetadata> Members { get; set; } = [];

    /// <summary>Part of GroupMetadataValue.</summary>
    public sealed partial record MemberMetadata
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string MemberId { get; set; } = "";

        /// <summary>string, versions 3+; null allowed in 3+; default null.</summary>
        [Field("3+", Nullable = "3+", Ignorable = true)]
        public string? GroupInstanceId { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ClientId { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ClientHost { get; set; } = "";

        /// <summary>int32, versions 1+; default -1.</summary>
        [Field("1+", Ignorable = true)]
        public int RebalanceTimeout { get; set; } = -1;

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int SessionTimeout { get; set; }

        /// <summary>bytes, versions 0+.</summary>
        [Field("0+")]
        public ReadOnlyMemory<byte> Subscription { get; set; }

        /// <summary>bytes, versions 0+.</summary>
        [Field("0+")]
        public ReadOnlyMemory<byte> Assignment { get; set; }
    }
}

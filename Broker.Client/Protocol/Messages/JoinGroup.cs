namespace AkkaStream.Client.Protocol;

/// <summary>JoinGroup (API 11), request; versions 0-9, flexible 6+.</summary>
[ApiMessage("0-9", "6+", Key = ApiKey.JoinGroup)]
public sealed partial record JoinGroupRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int SessionTimeoutMs { get; set; }

    /// <summary>int32, versions 1+; default -1.</summary>
    [Field("1+", Ignorable = true)]
    public int RebalanceTimeoutMs { get; set; } = -1;

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string MemberId { get; set; } = "";

    /// <summary>string, versions 5+; null allowed in 5+; default null.</summary>
    [Field("5+", Nullable = "5+")]
    public string? GroupInstanceId { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string ProtocolType { get; set; } = "";

    /// <summary>[]JoinGroupRequestProtocol, versions 0+.</summary>
    [Field("0+")]
    public List<JoinGroupRequestProtocol> Protocols { get; set; } = [];

    /// <summary>string, versions 8+; null allowed in 8+; default null.</summary>
    [Field("8+", Nullable = "8+", Ignorable = true)]
    public string? Reason { get; set; }

    /// <summary>Part of JoinGroupRequest.</summary>
    public sealed partial record JoinGroupRequestProtocol
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>bytes, versions 0+.</summary>
        [Field("0+")]
        public ReadOnlyMemory<byte> Metadata { get; set; }
    }
}

/// <summary>JoinGroup (API 11), answer; versions 0-9, flexible 6+.</summary>
[ApiMessage("0-9", "6+", Key = ApiKey.JoinGroup)]
public sealed partial record JoinGroupResponse : IApiMessage
{
    /// <summary>int32, versions 2+.</summary>
    [Field("2+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int GenerationId { get; set; } = -1;

    /// <summary>string, versions 7+; null allowed in 7+; default null.</summary>
    [Field("7+", Nullable = "7+", Ignorable = true)]
    public string? ProtocolType { get; set; }

    /// <summary>string, versions 0+; null allowed in 7+.</summary>
    [Field("0+", Nullable = "7+")]
    public string? ProtocolName { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Leader { get; set; } = "";

    /// <summary>bool, versions 9+.</summary>
    [Field("9+")]
    public bool SkipAssignment { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string MemberId { get; set; } = "";

    /// <summary>[]JoinGroupResponseMember, versions 0+.</summary>
    [Field("0+")]
    public List<JoinGroupResponseMember> Members { get; set; } = [];

    /// <summary>Part of JoinGroupResponse.</summary>
    public sealed partial record JoinGroupResponseMember
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string MemberId { get; set; } = "";

        /// <summary>string, versions 5+; null allowed in 5+; default null.</summary>
        [Field("5+", Nullable = "5+", Ignorable = true)]
        public string? GroupInstanceId { get; set; }

        /// <summary>bytes, versions 0+.</summary>
        [Field("0+")]
        public ReadOnlyMemory<byte> Metadata { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>SyncGroup (API 14), request; versions 0-5, flexible 4+.</summary>
[ApiMessage("0-5", "4+", Key = ApiKey.SyncGroup)]
public sealed partial record SyncGroupRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int GenerationId { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string MemberId { get; set; } = "";

    /// <summary>string, versions 3+; null allowed in 3+; default null.</summary>
    [Field("3+", Nullable = "3+")]
    public string? GroupInstanceId { get; set; }

    /// <summary>string, versions 5+; null allowed in 5+; default null.</summary>
    [Field("5+", Nullable = "5+", Ignorable = true)]
    public string? ProtocolType { get; set; }

    /// <summary>string, versions 5+; null allowed in 5+; default null.</summary>
    [Field("5+", Nullable = "5+", Ignorable = true)]
    public string? ProtocolName { get; set; }

    /// <summary>[]SyncGroupRequestAssignment, versions 0+.</summary>
    [Field("0+")]
    public List<SyncGroupRequestAssignment> Assignments { get; set; } = [];

    /// <summary>Part of SyncGroupRequest.</summary>
    public sealed partial record SyncGroupRequestAssignment
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string MemberId { get; set; } = "";

        /// <summary>bytes, versions 0+.</summary>
        [Field("0+")]
        public ReadOnlyMemory<byte> Assignment { get; set; }
    }
}

/// <summary>SyncGroup (API 14), answer; versions 0-5, flexible 4+.</summary>
[ApiMessage("0-5", "4+", Key = ApiKey.SyncGroup)]
public sealed partial record SyncGroupResponse : IApiMessage
{
    /// <summary>int32, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 5+; null allowed in 5+; default null.</summary>
    [Field("5+", Nullable = "5+", Ignorable = true)]
    public string? ProtocolType { get; set; }

    /// <summary>string, versions 5+; null allowed in 5+; default null.</summary>
    [Field("5+", Nullable = "5+", Ignorable = true)]
    public string? ProtocolName { get; set; }

    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> Assignment { get; set; }
}

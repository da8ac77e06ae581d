namespace AkkaStream.Client.Protocol;

/// <summary>LeaveGroup (API 13), request; versions 0-5, flexible 4+.</summary>
[ApiMessage("0-5", "4+", Key = ApiKey.LeaveGroup)]
public sealed partial record LeaveGroupRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>string, versions 0-2.</summary>
    [Field("0-2")]
    public string MemberId { get; set; } = "";

    /// <summary>[]MemberIdentity, versions 3+.</summary>
    [Field("3+")]
    public List<MemberIdentity> Members { get; set; } = [];

    /// <summary>Part of LeaveGroupRequest.</summary>
    public sealed partial record MemberIdentity
    {
        /// <summary>string, versions 3+.</summary>
        [Field("3+")]
        public string MemberId { get; set; } = "";

        /// <summary>string, versions 3+; null allowed in 3+; default null.</summary>
        [Field("3+", Nullable = "3+")]
        public string? GroupInstanceId { get; set; }

        /// <summary>string, versions 5+; null allowed in 5+; default null.</summary>
        [Field("5+", Nullable = "5+", Ignorable = true)]
        public string? Reason { get; set; }
    }
}

/// <summary>LeaveGroup (API 13), answer; versions 0-5, flexible 4+.</summary>
[ApiMessage("0-5", "4+", Key = ApiKey.LeaveGroup)]
public sealed partial record LeaveGroupResponse : IApiMessage
{
    /// <summary>int32, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]MemberResponse, versions 3+.</summary>
    [Field("3+")]
    public List<MemberResponse> Members { get; set; } = [];

    /// <summary>Part of LeaveGroupResponse.</summary>
    public sealed partial record MemberResponse
    {
        /// <summary>string, versions 3+.</summary>
        [Field("3+")]
        public string MemberId { get; set; } = "";

        /// <summary>string, versions 3+; null allowed in 3+.</summary>
        [Field("3+", Nullable = "3+")]
        public string? GroupInstanceId { get; set; } = "";

        /// <summary>int16, versions 3+.</summary>
        [Field("3+")]
        public ErrorCode ErrorCode { get; set; }
    }
}

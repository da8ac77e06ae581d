namespace AkkaStream.Client.Protocol;

/// <summary>Heartbeat (API 12), request; versions 0-4, flexible 4+.</summary>
[ApiMessage("0-4", "4+", Key = ApiKey.Heartbeat)]
public sealed partial record HeartbeatRequest : IApiMessage
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
}

/// <summary>Heartbeat (API 12), answer; versions 0-4, flexible 4+.</summary>
[ApiMessage("0-4", "4+", Key = ApiKey.Heartbeat)]
public sealed partial record HeartbeatResponse : IApiMessage
{
    /// <summary>int32, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }
}

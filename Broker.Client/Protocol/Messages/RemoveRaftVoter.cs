namespace AkkaStream.Client.Protocol;

/// <summary>RemoveRaftVoter (API 81), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.RemoveRaftVoter)]
public sealed partial record RemoveRaftVoterRequest : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ClusterId { get; set; } = "";

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int VoterId { get; set; }

    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid VoterDirectoryId { get; set; }
}

/// <summary>RemoveRaftVoter (API 81), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.RemoveRaftVoter)]
public sealed partial record RemoveRaftVoterResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+", Ignorable = true)]
    public string? ErrorMessage { get; set; } = "";
}

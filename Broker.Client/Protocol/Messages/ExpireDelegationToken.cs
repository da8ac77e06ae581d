namespace AkkaStream.Client.Protocol;

/// <summary>ExpireDelegationToken (API 40), request; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.ExpireDelegationToken)]
public sealed partial record ExpireDelegationTokenRequest : IApiMessage
{
    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> Hmac { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long ExpiryTimePeriodMs { get; set; }
}

/// <summary>ExpireDelegationToken (API 40), answer; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.ExpireDelegationToken)]
public sealed partial record ExpireDelegationTokenResponse : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long ExpiryTimestampMs { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }
}

namespace AkkaStream.Client.Protocol;

/// <summary>RenewDelegationToken (API 39), request; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.RenewDelegationToken)]
public sealed partial record RenewDelegationTokenRequest : IApiMessage
{
    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> Hmac { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long RenewPeriodMs { get; set; }
}

/// <summary>RenewDelegationToken (API 39), answer; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.RenewDelegationToken)]
public sealed partial record RenewDelegationTokenResponse : IApiMessage
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

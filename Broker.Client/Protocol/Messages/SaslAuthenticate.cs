namespace AkkaStream.Client.Protocol;

/// <summary>SaslAuthenticate (API 36), request; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.SaslAuthenticate)]
public sealed partial record SaslAuthenticateRequest : IApiMessage
{
    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> AuthBytes { get; set; }
}

/// <summary>SaslAuthenticate (API 36), answer; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.SaslAuthenticate)]
public sealed partial record SaslAuthenticateResponse : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; } = "";

    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> AuthBytes { get; set; }

    /// <summary>int64, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public long SessionLifetimeMs { get; set; }
}

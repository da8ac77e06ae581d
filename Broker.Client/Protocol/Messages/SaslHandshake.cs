namespace AkkaStream.Client.Protocol;

/// <summary>SaslHandshake (API 17), request; versions 0-1, flexible none.</summary>
[ApiMessage("0-1", "none", Key = ApiKey.SaslHandshake)]
public sealed partial record SaslHandshakeRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Mechanism { get; set; } = "";
}

/// <summary>SaslHandshake (API 17), answer; versions 0-1, flexible none.</summary>
[ApiMessage("0-1", "none", Key = ApiKey.SaslHandshake)]
public sealed partial record SaslHandshakeResponse : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> Mechanisms { get; set; } = [];
}

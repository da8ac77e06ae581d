namespace AkkaStream.Client.Protocol;

/// <summary>Envelope (API 58), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.Envelope)]
public sealed partial record EnvelopeRequest : IApiMessage
{
    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> RequestData { get; set; }

    /// <summary>bytes, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public ReadOnlyMemory<byte>? RequestPrincipal { get; set; } = ReadOnlyMemory<byte>.Empty;

    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> ClientHostAddress { get; set; }
}

/// <summary>Envelope (API 58), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.Envelope)]
public sealed partial record EnvelopeResponse : IApiMessage
{
    /// <summary>bytes, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public ReadOnlyMemory<byte>? ResponseData { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }
}

namespace AkkaStream.Client.Protocol;

/// <summary>UnregisterBroker (API 64), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.UnregisterBroker)]
public sealed partial record UnregisterBrokerRequest : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }
}

/// <summary>UnregisterBroker (API 64), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.UnregisterBroker)]
public sealed partial record UnregisterBrokerResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; } = "";
}

namespace AkkaStream.Client.Protocol;

/// <summary>PushTelemetry (API 72), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.PushTelemetry)]
public sealed partial record PushTelemetryRequest : IApiMessage
{
    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid ClientInstanceId { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int SubscriptionId { get; set; }

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool Terminating { get; set; }

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte CompressionType { get; set; }

    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> Metrics { get; set; }
}

/// <summary>PushTelemetry (API 72), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.PushTelemetry)]
public sealed partial record PushTelemetryResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }
}

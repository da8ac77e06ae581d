namespace AkkaStream.Client.Protocol;

/// <summary>GetTelemetrySubscriptions (API 71), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.GetTelemetrySubscriptions)]
public sealed partial record GetTelemetrySubscriptionsRequest : IApiMessage
{
    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid ClientInstanceId { get; set; }
}

/// <summary>GetTelemetrySubscriptions (API 71), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.GetTelemetrySubscriptions)]
public sealed partial record GetTelemetrySubscriptionsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid ClientInstanceId { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int SubscriptionId { get; set; }

    /// <summary>[]int8, versions 0+.</summary>
    [Field("0+")]
    public List<sbyte> AcceptedCompressionTypes { get; set; } = [];

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int PushIntervalMs { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int TelemetryMaxBytes { get; set; }

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool DeltaTemporality { get; set; }

    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> RequestedMetrics { get; set; } = [];
}

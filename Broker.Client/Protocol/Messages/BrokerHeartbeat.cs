namespace AkkaStream.Client.Protocol;

/// <summary>BrokerHeartbeat (API 63), request; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.BrokerHeartbeat)]
public sealed partial record BrokerHeartbeatRequest : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>int64, versions 0+; default -1.</summary>
    [Field("0+")]
    public long BrokerEpoch { get; set; } = -1;

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long CurrentMetadataOffset { get; set; }

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool WantFence { get; set; }

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool WantShutDown { get; set; }

    /// <summary>[]uuid, versions 1+; tag 0 in 1+.</summary>
    [Field("1+", Tagged = "1+", Tag = 0)]
    public List<Guid> OfflineLogDirs { get; set; } = [];

    /// <summary>[]uuid, versions 2+; null allowed in 2+; tag 1 in 2+; default null.</summary>
    [Field("2+", Nullable = "2+", Tagged = "2+", Tag = 1)]
    public List<Guid>? CordonedLogDirs { get; set; }
}

/// <summary>BrokerHeartbeat (API 63), answer; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.BrokerHeartbeat)]
public sealed partial record BrokerHeartbeatResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool IsCaughtUp { get; set; }

    /// <summary>bool, versions 0+; default true.</summary>
    [Field("0+")]
    public bool IsFenced { get; set; } = true;

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool ShouldShutDown { get; set; }
}

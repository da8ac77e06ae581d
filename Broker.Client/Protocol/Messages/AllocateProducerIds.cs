namespace AkkaStream.Client.Protocol;

/// <summary>AllocateProducerIds (API 67), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.AllocateProducerIds)]
public sealed partial record AllocateProducerIdsRequest : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>int64, versions 0+; default -1.</summary>
    [Field("0+")]
    public long BrokerEpoch { get; set; } = -1;
}

/// <summary>AllocateProducerIds (API 67), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.AllocateProducerIds)]
public sealed partial record AllocateProducerIdsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long ProducerIdStart { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ProducerIdLen { get; set; }
}

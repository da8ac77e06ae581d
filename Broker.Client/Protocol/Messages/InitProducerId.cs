namespace AkkaStream.Client.Protocol;

/// <summary>InitProducerId (API 22), request; versions 0-6, flexible 2+.</summary>
[ApiMessage("0-6", "2+", Key = ApiKey.InitProducerId)]
public sealed partial record InitProducerIdRequest : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? TransactionalId { get; set; } = "";

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int TransactionTimeoutMs { get; set; }

    /// <summary>int64, versions 3+; default -1.</summary>
    [Field("3+")]
    public long ProducerId { get; set; } = -1;

    /// <summary>int16, versions 3+; default -1.</summary>
    [Field("3+")]
    public short ProducerEpoch { get; set; } = -1;

    /// <summary>bool, versions 6+.</summary>
    [Field("6+")]
    public bool Enable2Pc { get; set; }

    /// <summary>bool, versions 6+.</summary>
    [Field("6+")]
    public bool KeepPreparedTxn { get; set; }
}

/// <summary>InitProducerId (API 22), answer; versions 0-6, flexible 2+.</summary>
[ApiMessage("0-6", "2+", Key = ApiKey.InitProducerId)]
public sealed partial record InitProducerIdResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>int64, versions 0+; default -1.</summary>
    [Field("0+")]
    public long ProducerId { get; set; } = -1;

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short ProducerEpoch { get; set; }

    /// <summary>int64, versions 6+; default -1.</summary>
    [Field("6+")]
    public long OngoingTxnProducerId { get; set; } = -1;

    /// <summary>int16, versions 6+; default -1.</summary>
    [Field("6+")]
    public short OngoingTxnProducerEpoch { get; set; } = -1;
}

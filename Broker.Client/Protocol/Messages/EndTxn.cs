namespace AkkaStream.Client.Protocol;

/// <summary>EndTxn (API 26), request; versions 0-5, flexible 3+.</summary>
[ApiMessage("0-5", "3+", Key = ApiKey.EndTxn)]
public sealed partial record EndTxnRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string TransactionalId { get; set; } = "";

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long ProducerId { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short ProducerEpoch { get; set; }

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool Committed { get; set; }
}

/// <summary>EndTxn (API 26), answer; versions 0-5, flexible 3+.</summary>
[ApiMessage("0-5", "3+", Key = ApiKey.EndTxn)]
public sealed partial record EndTxnResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>int64, versions 5+; default -1.</summary>
    [Field("5+", Ignorable = true)]
    public long ProducerId { get; set; } = -1;

    /// <summary>int16, versions 5+; default -1.</summary>
    [Field("5+", Ignorable = true)]
    public short ProducerEpoch { get; set; } = -1;
}

namespace AkkaStream.Client.Protocol;

/// <summary>AddOffsetsToTxn (API 25), request; versions 0-4, flexible 3+.</summary>
[ApiMessage("0-4", "3+", Key = ApiKey.AddOffsetsToTxn)]
public sealed partial record AddOffsetsToTxnRequest : IApiMessage
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

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";
}

/// <summary>AddOffsetsToTxn (API 25), answer; versions 0-4, flexible 3+.</summary>
[ApiMessage("0-4", "3+", Key = ApiKey.AddOffsetsToTxn)]
public sealed partial record AddOffsetsToTxnResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }
}

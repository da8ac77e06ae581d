namespace AkkaStream.Client.Protocol;

/// <summary>ProducerIdsRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ProducerIdsRecord : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>int64, versions 0+; default -1.</summary>
    [Field("0+")]
    public long BrokerEpoch { get; set; } = -1;

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long NextProducerId { get; set; }
}

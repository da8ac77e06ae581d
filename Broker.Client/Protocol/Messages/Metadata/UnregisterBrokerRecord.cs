namespace AkkaStream.Client.Protocol;

/// <summary>UnregisterBrokerRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record UnregisterBrokerRecord : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long BrokerEpoch { get; set; }
}

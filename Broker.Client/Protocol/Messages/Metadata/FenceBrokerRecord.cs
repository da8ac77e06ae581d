namespace AkkaStream.Client.Protocol;

/// <summary>FenceBrokerRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record FenceBrokerRecord : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int Id { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long Epoch { get; set; }
}

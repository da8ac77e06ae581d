namespace AkkaStream.Client.Protocol;

/// <summary>EndTxnMarker: data; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record EndTxnMarker : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int CoordinatorEpoch { get; set; }
}

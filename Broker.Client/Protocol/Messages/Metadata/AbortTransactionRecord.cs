namespace AkkaStream.Client.Protocol;

/// <summary>AbortTransactionRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record AbortTransactionRecord : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+; tag 0 in 0+; default null.</summary>
    [Field("0+", Nullable = "0+", Tagged = "0+", Tag = 0)]
    public string? Reason { get; set; }
}

namespace AkkaStream.Client.Protocol;

/// <summary>BeginTransactionRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record BeginTransactionRecord : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+; tag 0 in 0+; default null.</summary>
    [Field("0+", Nullable = "0+", Tagged = "0+", Tag = 0)]
    public string? Name { get; set; }
}

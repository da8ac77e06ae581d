namespace AkkaStream.Client.Protocol;

/// <summary>RemoveDelegationTokenRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record RemoveDelegationTokenRecord : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string TokenId { get; set; } = "";
}

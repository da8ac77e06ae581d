namespace AkkaStream.Client.Protocol;

/// <summary>ClearElrRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ClearElrRecord : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string TopicName { get; set; } = "";
}

namespace AkkaStream.Client.Protocol;

/// <summary>TopicRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record TopicRecord : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Name { get; set; } = "";

    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid TopicId { get; set; }
}

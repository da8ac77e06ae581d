namespace AkkaStream.Client.Protocol;

/// <summary>RemoveTopicRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record RemoveTopicRecord : IApiMessage
{
    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid TopicId { get; set; }
}

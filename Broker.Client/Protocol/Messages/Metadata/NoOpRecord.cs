namespace AkkaStream.Client.Protocol;

/// <summary>NoOpRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record NoOpRecord : IApiMessage
{
}

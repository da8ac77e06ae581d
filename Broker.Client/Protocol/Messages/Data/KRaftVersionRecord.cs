namespace AkkaStream.Client.Protocol;

/// <summary>KRaftVersionRecord: data; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record KRaftVersionRecord : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short Version { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short KRaftVersion { get; set; }
}

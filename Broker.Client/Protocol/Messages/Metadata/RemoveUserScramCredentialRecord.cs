namespace AkkaStream.Client.Protocol;

/// <summary>RemoveUserScramCredentialRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record RemoveUserScramCredentialRecord : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Name { get; set; } = "";

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte Mechanism { get; set; }
}

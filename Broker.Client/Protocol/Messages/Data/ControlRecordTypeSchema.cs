namespace AkkaStream.Client.Protocol;

/// <summary>ControlRecordTypeSchema: data; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record ControlRecordTypeSchema : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short Type { get; set; }
}

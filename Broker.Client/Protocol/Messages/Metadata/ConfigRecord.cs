namespace AkkaStream.Client.Protocol;

/// <summary>ConfigRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ConfigRecord : IApiMessage
{
    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte ResourceType { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string ResourceName { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Name { get; set; } = "";

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? Value { get; set; } = "";
}

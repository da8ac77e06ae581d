namespace AkkaStream.Client.Protocol;

/// <summary>AccessControlEntryRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record AccessControlEntryRecord : IApiMessage
{
    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid Id { get; set; }

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte ResourceType { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string ResourceName { get; set; } = "";

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte PatternType { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Principal { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Host { get; set; } = "";

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte Operation { get; set; }

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte PermissionType { get; set; }
}

namespace AkkaStream.Client.Protocol;

/// <summary>ShareGroupMetadataKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record ShareGroupMetadataKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";
}

/// <summary>ShareGroupMetadataValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ShareGroupMetadataValue : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int Epoch { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long MetadataHash { get; set; }
}

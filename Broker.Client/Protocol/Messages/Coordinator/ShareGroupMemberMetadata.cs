namespace AkkaStream.Client.Protocol;

/// <summary>ShareGroupMemberMetadataKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record ShareGroupMemberMetadataKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";

    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string MemberId { get; set; } = "";
}

/// <summary>ShareGroupMemberMetadataValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ShareGroupMemberMetadataValue : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? RackId { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string ClientId { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string ClientHost { get; set; } = "";

    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> SubscribedTopicNames { get; set; } = [];
}

namespace AkkaStream.Client.Protocol;

/// <summary>ConsumerGroupRegularExpressionKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record ConsumerGroupRegularExpressionKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";

    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string RegularExpression { get; set; } = "";
}

/// <summary>ConsumerGroupRegularExpressionValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ConsumerGroupRegularExpressionValue : IApiMessage
{
    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> Topics { get; set; } = [];

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long Version { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long Timestamp { get; set; }
}

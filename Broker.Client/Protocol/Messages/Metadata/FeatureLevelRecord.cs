namespace AkkaStream.Client.Protocol;

/// <summary>FeatureLevelRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record FeatureLevelRecord : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Name { get; set; } = "";

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short FeatureLevel { get; set; }
}

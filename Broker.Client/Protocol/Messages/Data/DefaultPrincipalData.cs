namespace AkkaStream.Client.Protocol;

/// <summary>DefaultPrincipalData: data; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record DefaultPrincipalData : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Type { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Name { get; set; } = "";

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool TokenAuthenticated { get; set; }
}

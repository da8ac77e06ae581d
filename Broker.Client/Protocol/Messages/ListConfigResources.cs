namespace AkkaStream.Client.Protocol;

/// <summary>ListConfigResources (API 74), request; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.ListConfigResources)]
public sealed partial record ListConfigResourcesRequest : IApiMessage
{
    /// <summary>[]int8, versions 1+.</summary>
    [Field("1+")]
    public List<sbyte> ResourceTypes { get; set; } = [];
}

/// <summary>ListConfigResources (API 74), answer; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.ListConfigResources)]
public sealed partial record ListConfigResourcesResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]ConfigResource, versions 0+.</summary>
    [Field("0+")]
    public List<ConfigResource> ConfigResources { get; set; } = [];

    /// <summary>Part of ListConfigResourcesResponse.</summary>
    public sealed partial record ConfigResource
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ResourceName { get; set; } = "";

        /// <summary>int8, versions 1+; default 16.</summary>
        [Field("1+", Ignorable = true)]
        public sbyte ResourceType { get; set; } = 16;
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>DeleteGroups (API 42), request; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.DeleteGroups)]
public sealed partial record DeleteGroupsRequest : IApiMessage
{
    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> GroupsNames { get; set; } = [];
}

/// <summary>DeleteGroups (API 42), answer; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.DeleteGroups)]
public sealed partial record DeleteGroupsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]DeletableGroupResult, versions 0+.</summary>
    [Field("0+")]
    public List<DeletableGroupResult> Results { get; set; } = [];

    /// <summary>Part of DeleteGroupsResponse.</summary>
    public sealed partial record DeletableGroupResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string GroupId { get; set; } = "";

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }
    }
}

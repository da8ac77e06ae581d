namespace AkkaStream.Client.Protocol;

/// <summary>ListGroups (API 16), request; versions 0-5, flexible 3+.</summary>
[ApiMessage("0-5", "3+", Key = ApiKey.ListGroups)]
public sealed partial record ListGroupsRequest : IApiMessage
{
    /// <summary>[]string, versions 4+.</summary>
    [Field("4+")]
    public List<string> StatesFilter { get; set; } = [];

    /// <summary>[]string, versions 5+.</summary>
    [Field("5+")]
    public List<string> TypesFilter { get; set; } = [];
}

/// <summary>ListGroups (API 16), answer; versions 0-5, flexible 3+.</summary>
[ApiMessage("0-5", "3+", Key = ApiKey.ListGroups)]
public sealed partial record ListGroupsResponse : IApiMessage
{
    /// <summary>int32, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]ListedGroup, versions 0+.</summary>
    [Field("0+")]
    public List<ListedGroup> Groups { get; set; } = [];

    /// <summary>Part of ListGroupsResponse.</summary>
    public sealed partial record ListedGroup
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string GroupId { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ProtocolType { get; set; } = "";

        /// <summary>string, versions 4+.</summary>
        [Field("4+", Ignorable = true)]
        public string GroupState { get; set; } = "";

        /// <summary>string, versions 5+.</summary>
        [Field("5+", Ignorable = true)]
        public string GroupType { get; set; } = "";
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>DescribeGroups (API 15), request; versions 0-6, flexible 5+.</summary>
[ApiMessage("0-6", "5+", Key = ApiKey.DescribeGroups)]
public sealed partial record DescribeGroupsRequest : IApiMessage
{
    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> Groups { get; set; } = [];

    /// <summary>bool, versions 3+.</summary>
    [Field("3+")]
    public bool IncludeAuthorizedOperations { get; set; }
}

/// <summary>DescribeGroups (API 15), answer; versions 0-6, flexible 5+.</summary>
[ApiMessage("0-6", "5+", Key = ApiKey.DescribeGroups)]
public sealed partial record DescribeGroupsResponse : IApiMessage
{
    /// <summary>int32, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]DescribedGroup, versions 0+.</summary>
    [Field("0+")]
    public List<DescribedGroup> Groups { get; set; } = [];

    /// <summary>Part of DescribeGroupsResponse.</summary>
    public sealed partial record DescribedGroup
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 6+; null allowed in 6+; default null.</summary>
        [Field("6+", Nullable = "6+")]
        public string? ErrorMessage { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string GroupId { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string GroupState { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ProtocolType { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ProtocolData { get; set; } = "";

        /// <summary>[]DescribedGroupMember, versions 0+.</summary>
        [Field("0+")]
        public List<DescribedGroupMember> Members { get; set; } = [];

        /// <summary>int32, versions 3+; default -2147483648.</summary>
        [Field("3+")]
        public int AuthorizedOperations { get; set; } = int.MinValue;
    }

    /// <summary>Part of DescribeGroupsResponse.</summary>
    public sealed partial record DescribedGroupMember
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string MemberId { get; set; } = "";

        /// <summary>string, versions 4+; null allowed in 4+; default null.</summary>
        [Field("4+", Nullable = "4+", Ignorable = true)]
        public string? GroupInstanceId { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ClientId { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ClientHost { get; set; } = "";

        /// <summary>bytes, versions 0+.</summary>
        [Field("0+")]
        public ReadOnlyMemory<byte> MemberMetadata { get; set; }

        /// <summary>bytes, versions 0+.</summary>
        [Field("0+")]
        public ReadOnlyMemory<byte> MemberAssignment { get; set; }
    }
}

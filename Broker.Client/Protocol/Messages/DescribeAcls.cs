namespace AkkaStream.Client.Protocol;

/// <summary>DescribeAcls (API 29), request; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.DescribeAcls)]
public sealed partial record DescribeAclsRequest : IApiMessage
{
    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte ResourceTypeFilter { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ResourceNameFilter { get; set; } = "";

    /// <summary>int8, versions 1+; default 3.</summary>
    [Field("1+")]
    public sbyte PatternTypeFilter { get; set; } = 3;

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? PrincipalFilter { get; set; } = "";

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? HostFilter { get; set; } = "";

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte Operation { get; set; }

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte PermissionType { get; set; }
}

/// <summary>DescribeAcls (API 29), answer; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.DescribeAcls)]
public sealed partial record DescribeAclsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; } = "";

    /// <summary>[]DescribeAclsResource, versions 0+.</summary>
    [Field("0+")]
    public List<DescribeAclsResource> Resources { get; set; } = [];

    /// <summary>Part of DescribeAclsResponse.</summary>
    public sealed partial record DescribeAclsResource
    {
        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte ResourceType { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ResourceName { get; set; } = "";

        /// <summary>int8, versions 1+; default 3.</summary>
        [Field("1+")]
        public sbyte PatternType { get; set; } = 3;

        /// <summary>[]AclDescription, versions 0+.</summary>
        [Field("0+")]
        public List<AclDescription> Acls { get; set; } = [];
    }

    /// <summary>Part of DescribeAclsResponse.</summary>
    public sealed partial record AclDescription
    {
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
}

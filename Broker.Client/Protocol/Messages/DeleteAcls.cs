namespace AkkaStream.Client.Protocol;

/// <summary>DeleteAcls (API 31), request; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.DeleteAcls)]
public sealed partial record DeleteAclsRequest : IApiMessage
{
    /// <summary>[]DeleteAclsFilter, versions 0+.</summary>
    [Field("0+")]
    public List<DeleteAclsFilter> Filters { get; set; } = [];

    /// <summary>Part of DeleteAclsRequest.</summary>
    public sealed partial record DeleteAclsFilter
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
}

/// <summary>DeleteAcls (API 31), answer; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.DeleteAcls)]
public sealed partial record DeleteAclsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]DeleteAclsFilterResult, versions 0+.</summary>
    [Field("0+")]
    public List<DeleteAclsFilterResult> FilterResults { get; set; } = [];

    /// <summary>Part of DeleteAclsResponse.</summary>
    public sealed partial record DeleteAclsFilterResult
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; } = "";

        /// <summary>[]DeleteAclsMatchingAcl, versions 0+.</summary>
        [Field("0+")]
        public List<DeleteAclsMatchingAcl> MatchingAcls { get; set; } = [];
    }

    /// <summary>Part of DeleteAclsResponse.</summary>
    public sealed partial record DeleteAclsMatchingAcl
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; } = "";

        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte ResourceType { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ResourceName { get; set; } = "";

        /// <summary>int8, versions 1+; default 3.</summary>
        [Field("1+")]
        public sbyte PatternType { get; set; } = 3;

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

namespace AkkaStream.Client.Protocol;

/// <summary>CreateAcls (API 30), request; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.CreateAcls)]
public sealed partial record CreateAclsRequest : IApiMessage
{
    /// <summary>[]AclCreation, versions 0+.</summary>
    [Field("0+")]
    public List<AclCreation> Creations { get; set; } = [];

    /// <summary>Part of CreateAclsRequest.</summary>
    public sealed partial record AclCreation
    {
        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte ResourceType { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ResourceName { get; set; } = "";

        /// <summary>int8, versions 1+; default 3.</summary>
        [Field("1+")]
        public sbyte ResourcePatternType { get; set; } = 3;

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

/// <summary>CreateAcls (API 30), answer; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.CreateAcls)]
public sealed partial record CreateAclsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]AclCreationResult, versions 0+.</summary>
    [Field("0+")]
    public List<AclCreationResult> Results { get; set; } = [];

    /// <summary>Part of CreateAclsResponse.</summary>
    public sealed partial record AclCreationResult
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; } = "";
    }
}

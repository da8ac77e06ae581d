namespace AkkaStream.Client.Protocol;

/// <summary>CreateDelegationToken (API 38), request; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.CreateDelegationToken)]
public sealed partial record CreateDelegationTokenRequest : IApiMessage
{
    /// <summary>string, versions 3+; null allowed in 3+.</summary>
    [Field("3+", Nullable = "3+")]
    public string? OwnerPrincipalType { get; set; } = "";

    /// <summary>string, versions 3+; null allowed in 3+.</summary>
    [Field("3+", Nullable = "3+")]
    public string? OwnerPrincipalName { get; set; } = "";

    /// <summary>[]CreatableRenewers, versions 0+.</summary>
    [Field("0+")]
    public List<CreatableRenewers> Renewers { get; set; } = [];

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long MaxLifetimeMs { get; set; }

    /// <summary>Part of CreateDelegationTokenRequest.</summary>
    public sealed partial record CreatableRenewers
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string PrincipalType { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string PrincipalName { get; set; } = "";
    }
}

/// <summary>CreateDelegationToken (API 38), answer; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.CreateDelegationToken)]
public sealed partial record CreateDelegationTokenResponse : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string PrincipalType { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string PrincipalName { get; set; } = "";

    /// <summary>string, versions 3+.</summary>
    [Field("3+")]
    public string TokenRequesterPrincipalType { get; set; } = "";

    /// <summary>string, versions 3+.</summary>
    [Field("3+")]
    public string TokenRequesterPrincipalName { get; set; } = "";

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long IssueTimestampMs { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long ExpiryTimestampMs { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long MaxTimestampMs { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string TokenId { get; set; } = "";

    /// <summary>bytes, versions 0+.</summary>
    [Field("0+")]
    public ReadOnlyMemory<byte> Hmac { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }
}

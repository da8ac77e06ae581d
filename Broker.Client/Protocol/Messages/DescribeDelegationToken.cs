namespace AkkaStream.Client.Protocol;

/// <summary>DescribeDelegationToken (API 41), request; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.DescribeDelegationToken)]
public sealed partial record DescribeDelegationTokenRequest : IApiMessage
{
    /// <summary>[]DescribeDelegationTokenOwner, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public List<DescribeDelegationTokenOwner>? Owners { get; set; } = [];

    /// <summary>Part of DescribeDelegationTokenRequest.</summary>
    public sealed partial record DescribeDelegationTokenOwner
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string PrincipalType { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string PrincipalName { get; set; } = "";
    }
}

/// <summary>DescribeDelegationToken (API 41), answer; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.DescribeDelegationToken)]
public sealed partial record DescribeDelegationTokenResponse : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]DescribedDelegationToken, versions 0+.</summary>
    [Field("0+")]
    public List<DescribedDelegationToken> Tokens { get; set; } = [];

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>Part of DescribeDelegationTokenResponse.</summary>
    public sealed partial record DescribedDelegationToken
    {
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
        public long IssueTimestamp { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long ExpiryTimestamp { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long MaxTimestamp { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TokenId { get; set; } = "";

        /// <summary>bytes, versions 0+.</summary>
        [Field("0+")]
        public ReadOnlyMemory<byte> Hmac { get; set; }

        /// <summary>[]DescribedDelegationTokenRenewer, versions 0+.</summary>
        [Field("0+")]
        public List<DescribedDelegationTokenRenewer> Renewers { get; set; } = [];
    }

    /// <summary>Part of DescribeDelegationTokenResponse.</summary>
    public sealed partial record DescribedDelegationTokenRenewer
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string PrincipalType { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string PrincipalName { get; set; } = "";
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>DescribeUserScramCredentials (API 50), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DescribeUserScramCredentials)]
public sealed partial record DescribeUserScramCredentialsRequest : IApiMessage
{
    /// <summary>[]UserName, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public List<UserName>? Users { get; set; } = [];

    /// <summary>Part of DescribeUserScramCredentialsRequest.</summary>
    public sealed partial record UserName
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";
    }
}

/// <summary>DescribeUserScramCredentials (API 50), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.DescribeUserScramCredentials)]
public sealed partial record DescribeUserScramCredentialsResponse : IApiMessage
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

    /// <summary>[]DescribeUserScramCredentialsResult, versions 0+.</summary>
    [Field("0+")]
    public List<DescribeUserScramCredentialsResult> Results { get; set; } = [];

    /// <summary>Part of DescribeUserScramCredentialsResponse.</summary>
    public sealed partial record DescribeUserScramCredentialsResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string User { get; set; } = "";

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; } = "";

        /// <summary>[]CredentialInfo, versions 0+.</summary>
        [Field("0+")]
        public List<CredentialInfo> CredentialInfos { get; set; } = [];
    }

    /// <summary>Part of DescribeUserScramCredentialsResponse.</summary>
    public sealed partial record CredentialInfo
    {
        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte Mechanism { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Iterations { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>AlterUserScramCredentials (API 51), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.AlterUserScramCredentials)]
public sealed partial record AlterUserScramCredentialsRequest : IApiMessage
{
    /// <summary>[]ScramCredentialDeletion, versions 0+.</summary>
    [Field("0+")]
    public List<ScramCredentialDeletion> Deletions { get; set; } = [];

    /// <summary>[]ScramCredentialUpsertion, versions 0+.</summary>
    [Field("0+")]
    public List<ScramCredentialUpsertion> Upsertions { get; set; } = [];

    /// <summary>Part of AlterUserScramCredentialsRequest.</summary>
    public sealed partial record ScramCredentialDeletion
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte Mechanism { get; set; }
    }

    /// <summary>Part of AlterUserScramCredentialsRequest.</summary>
    public sealed partial record ScramCredentialUpsertion
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte Mechanism { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Iterations { get; set; }

        /// <summary>bytes, versions 0+.</summary>
        [Field("0+")]
        public ReadOnlyMemory<byte> Salt { get; set; }

        /// <summary>bytes, versions 0+.</summary>
        [Field("0+")]
        public ReadOnlyMemory<byte> SaltedPassword { get; set; }
    }
}

/// <summary>AlterUserScramCredentials (API 51), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.AlterUserScramCredentials)]
public sealed partial record AlterUserScramCredentialsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]AlterUserScramCredentialsResult, versions 0+.</summary>
    [Field("0+")]
    public List<AlterUserScramCredentialsResult> Results { get; set; } = [];

    /// <summary>Part of AlterUserScramCredentialsResponse.</summary>
    public sealed partial record AlterUserScramCredentialsResult
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
    }
}

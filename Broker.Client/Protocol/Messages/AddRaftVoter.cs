namespace AkkaStream.Client.Protocol;

/// <summary>AddRaftVoter (API 80), request; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.AddRaftVoter)]
public sealed partial record AddRaftVoterRequest : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ClusterId { get; set; } = "";

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int VoterId { get; set; }

    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid VoterDirectoryId { get; set; }

    /// <summary>[]Listener, versions 0+.</summary>
    [Field("0+")]
    public List<Listener> Listeners { get; set; } = [];

    /// <summary>bool, versions 1+; default true.</summary>
    [Field("1+")]
    public bool AckWhenCommitted { get; set; } = true;

    /// <summary>Part of AddRaftVoterRequest.</summary>
    public sealed partial record Listener
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Host { get; set; } = "";

        /// <summary>uint16, versions 0+.</summary>
        [Field("0+")]
        public ushort Port { get; set; }
    }
}

/// <summary>AddRaftVoter (API 80), answer; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.AddRaftVoter)]
public sealed partial record AddRaftVoterResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+", Ignorable = true)]
    public string? ErrorMessage { get; set; } = "";
}

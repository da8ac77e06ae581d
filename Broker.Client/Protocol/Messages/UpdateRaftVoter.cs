namespace AkkaStream.Client.Protocol;

/// <summary>UpdateRaftVoter (API 82), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.UpdateRaftVoter)]
public sealed partial record UpdateRaftVoterRequest : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ClusterId { get; set; } = "";

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int CurrentLeaderEpoch { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int VoterId { get; set; }

    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid VoterDirectoryId { get; set; }

    /// <summary>[]Listener, versions 0+.</summary>
    [Field("0+")]
    public List<Listener> Listeners { get; set; } = [];

    /// <summary>KRaftVersionFeature, versions 0+.</summary>
    [Field("0+")]
    public KRaftVersionFeatureEntry KRaftVersionFeature { get; set; } = new();

    /// <summary>Part of UpdateRaftVoterRequest.</summary>
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

    /// <summary>Part of UpdateRaftVoterRequest.</summary>
    public sealed partial record KRaftVersionFeatureEntry
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short MinSupportedVersion { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short MaxSupportedVersion { get; set; }
    }
}

/// <summary>UpdateRaftVoter (API 82), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.UpdateRaftVoter)]
public sealed partial record UpdateRaftVoterResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>CurrentLeader, versions 0+; tag 0 in 0+.</summary>
    [Field("0+", Tagged = "0+", Tag = 0)]
    public CurrentLeaderEntry CurrentLeader { get; set; } = new();

    /// <summary>Part of UpdateRaftVoterResponse.</summary>
    public sealed partial record CurrentLeaderEntry
    {
        /// <summary>int32, versions 0+; default -1.</summary>
        [Field("0+")]
        public int LeaderId { get; set; } = -1;

        /// <summary>int32, versions 0+; default -1.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; } = -1;

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Host { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Port { get; set; }
    }
}

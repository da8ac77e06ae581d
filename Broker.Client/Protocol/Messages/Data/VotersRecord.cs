namespace AkkaStream.Client.Protocol;

/// <summary>VotersRecord: data; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record VotersRecord : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short Version { get; set; }

    /// <summary>[]Voter, versions 0+.</summary>
    [Field("0+")]
    public List<Voter> Voters { get; set; } = [];

    /// <summary>Part of VotersRecord.</summary>
    public sealed partial record Voter
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int VoterId { get; set; }

        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid VoterDirectoryId { get; set; }

        /// <summary>[]Endpoint, versions 0+.</summary>
        [Field("0+")]
        public List<Endpoint> Endpoints { get; set; } = [];

        /// <summary>KRaftVersionFeature, versions 0+.</summary>
        [Field("0+")]
        public KRaftVersionFeature KRaftVersionFeature { get; set; } = new();
    }

    /// <summary>Part of VotersRecord.</summary>
    public sealed partial record Endpoint
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

    /// <summary>Part of VotersRecord.</summary>
    public sealed partial record KRaftVersionFeature
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short MinSupportedVersion { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short MaxSupportedVersion { get; set; }
    }
}

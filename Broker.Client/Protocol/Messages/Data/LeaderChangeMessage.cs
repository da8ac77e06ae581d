namespace AkkaStream.Client.Protocol;

/// <summary>LeaderChangeMessage: data; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+")]
public sealed partial record LeaderChangeMessage : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short Version { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int LeaderId { get; set; }

    /// <summary>[]Voter, versions 0+.</summary>
    [Field("0+")]
    public List<Voter> Voters { get; set; } = [];

    /// <summary>[]Voter, versions 0+.</summary>
    [Field("0+")]
    public List<Voter> GrantingVoters { get; set; } = [];

    /// <summary>Part of LeaderChangeMessage.</summary>
    public sealed partial record Voter
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int VoterId { get; set; }

        /// <summary>uuid, versions 1+.</summary>
        [Field("1+")]
        public Guid VoterDirectoryId { get; set; }
    }
}

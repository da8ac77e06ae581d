namespace AkkaStream.Client.Protocol;

/// <summary>QuorumStateData: data; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+")]
public sealed partial record QuorumStateData : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string ClusterId { get; set; } = "";

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int LeaderId { get; set; } = -1;

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int LeaderEpoch { get; set; } = -1;

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int VotedId { get; set; } = -1;

    /// <summary>uuid, versions 1+.</summary>
    [Field("1+")]
    public Guid VotedDirectoryId { get; set; }

    /// <summary>int64, versions 0.</summary>
    [Field("0")]
    public long AppliedOffset { get; set; }

    /// <summary>[]Voter, versions 0; null allowed in 0.</summary>
    [Field("0", Nullable = "0")]
    public List<Voter>? CurrentVoters { get; set; } = [];

    /// <summary>Part of QuorumStateData.</summary>
    public sealed partial record Voter
    {
        /// <summary>int32, versions 0.</summary>
        [Field("0")]
        public int VoterId { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>BeginQuorumEpoch (API 53), request; versions 0-1, flexible 1+.</summary>
[ApiMessage("0-1", "1+", Key = ApiKey.BeginQuorumEpoch)]
public sealed partial record BeginQuorumEpochRequest : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ClusterId { get; set; }

    /// <summary>int32, versions 1+; default -1.</summary>
    [Field("1+", Ignorable = true)]
    public int VoterId { get; set; } = -1;

    /// <summary>[]TopicData, versions 0+.</summary>
    [Field("0+")]
    public List<TopicData> Topics { get; set; } = [];

    /// <summary>[]LeaderEndpoint, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public List<LeaderEndpoint> LeaderEndpoints { get; set; } = [];

    /// <summary>Part of BeginQuorumEpochRequest.</summary>
    public sealed partial record TopicData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of BeginQuorumEpochRequest.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>uuid, versions 1+.</summary>
        [Field("1+", Ignorable = true)]
        public Guid VoterDirectoryId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }
    }

    /// <summary>Part of BeginQuorumEpochRequest.</summary>
    public sealed partial record LeaderEndpoint
    {
        /// <summary>string, versions 1+.</summary>
        [Field("1+")]
        public string Name { get; set; } = "";

        /// <summary>string, versions 1+.</summary>
        [Field("1+")]
        public string Host { get; set; } = "";

        /// <summary>uint16, versions 1+.</summary>
        [Field("1+")]
        public ushort Port { get; set; }
    }
}

/// <summary>BeginQuorumEpoch (API 53), answer; versions 0-1, flexible 1+.</summary>
[ApiMessage("0-1", "1+", Key = ApiKey.BeginQuorumEpoch)]
public sealed partial record BeginQuorumEpochResponse : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]TopicData, versions 0+.</summary>
    [Field("0+")]
    public List<TopicData> Topics { get; set; } = [];

    /// <summary>[]NodeEndpoint, versions 1+; tag 0 in 1+.</summary>
    [Field("1+", Tagged = "1+", Tag = 0)]
    public List<NodeEndpoint> NodeEndpoints { get; set; } = [];

    /// <summary>Part of BeginQuorumEpochResponse.</summary>
    public sealed partial record TopicData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of BeginQuorumEpochResponse.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }
    }

    /// <summary>Part of BeginQuorumEpochResponse.</summary>
    public sealed partial record NodeEndpoint
    {
        /// <summary>int32, versions 1+.</summary>
        [Field("1+")]
        public int NodeId { get; set; }

        /// <summary>string, versions 1+.</summary>
        [Field("1+")]
        public string Host { get; set; } = "";

        /// <summary>uint16, versions 1+.</summary>
        [Field("1+")]
        public ushort Port { get; set; }
    }
}

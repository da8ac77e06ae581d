namespace AkkaStream.Client.Protocol;

/// <summary>Vote (API 52), request; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.Vote)]
public sealed partial record VoteRequest : IApiMessage
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

    /// <summary>Part of VoteRequest.</summary>
    public sealed partial record TopicData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of VoteRequest.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int ReplicaEpoch { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int ReplicaId { get; set; }

        /// <summary>uuid, versions 1+.</summary>
        [Field("1+", Ignorable = true)]
        public Guid ReplicaDirectoryId { get; set; }

        /// <summary>uuid, versions 1+.</summary>
        [Field("1+", Ignorable = true)]
        public Guid VoterDirectoryId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LastOffsetEpoch { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long LastOffset { get; set; }

        /// <summary>bool, versions 2+.</summary>
        [Field("2+")]
        public bool PreVote { get; set; }
    }
}

/// <summary>Vote (API 52), answer; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.Vote)]
public sealed partial record VoteResponse : IApiMessage
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

    /// <summary>Part of VoteResponse.</summary>
    public sealed partial record TopicData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of VoteResponse.</summary>
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

        /// <summary>bool, versions 0+.</summary>
        [Field("0+")]
        public bool VoteGranted { get; set; }
    }

    /// <summary>Part of VoteResponse.</summary>
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

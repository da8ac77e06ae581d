namespace AkkaStream.Client.Protocol;

/// <summary>EndQuorumEpoch (API 54), request; versions 0-1, flexible 1+.</summary>
[ApiMessage("0-1", "1+", Key = ApiKey.EndQuorumEpoch)]
public sealed partial record EndQuorumEpochRequest : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ClusterId { get; set; }

    /// <summary>[]TopicData, versions 0+.</summary>
    [Field("0+")]
    public List<TopicData> Topics { get; set; } = [];

    /// <summary>[]LeaderEndpoint, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public List<LeaderEndpoint> LeaderEndpoints { get; set; } = [];

    /// <summary>Part of EndQuorumEpochRequest.</summary>
    public sealed partial record TopicData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of EndQuorumEpochRequest.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }

        /// <summary>[]int32, versions 0.</summary>
        [Field("0", Ignorable = true)]
        public List<int> PreferredSuccessors { get; set; } = [];

        /// <summary>[]ReplicaInfo, versions 1+.</summary>
        [Field("1+", Ignorable = true)]
        public List<ReplicaInfo> PreferredCandidates { get; set; } = [];
    }

    /// <summary>Part of EndQuorumEpochRequest.</summary>
    public sealed partial record ReplicaInfo
    {
        /// <summary>int32, versions 1+.</summary>
        [Field("1+")]
        public int CandidateId { get; set; }

        /// <summary>uuid, versions 1+.</summary>
        [Field("1+")]
        public Guid CandidateDirectoryId { get; set; }
    }

    /// <summary>Part of EndQuorumEpochRequest.</summary>
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

/// <summary>EndQuorumEpoch (API 54), answer; versions 0-1, flexible 1+.</summary>
[ApiMessage("0-1", "1+", Key = ApiKey.EndQuorumEpoch)]
public sealed partial record EndQuorumEpochResponse : IApiMessage
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

    /// <summary>Part of EndQuorumEpochResponse.</summary>
    public sealed partial record TopicData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of EndQuorumEpochResponse.</summary>
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

    /// <summary>Part of EndQuorumEpochResponse.</summary>
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

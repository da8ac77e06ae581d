namespace AkkaStream.Client.Protocol;

/// <summary>DescribeQuorum (API 55), request; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.DescribeQuorum)]
public sealed partial record DescribeQuorumRequest : IApiMessage
{
    /// <summary>[]TopicData, versions 0+.</summary>
    [Field("0+")]
    public List<TopicData> Topics { get; set; } = [];

    /// <summary>Part of DescribeQuorumRequest.</summary>
    public sealed partial record TopicData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of DescribeQuorumRequest.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }
    }
}

/// <summary>DescribeQuorum (API 55), answer; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.DescribeQuorum)]
public sealed partial record DescribeQuorumResponse : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 2+; null allowed in 2+.</summary>
    [Field("2+", Nullable = "2+", Ignorable = true)]
    public string? ErrorMessage { get; set; } = "";

    /// <summary>[]TopicData, versions 0+.</summary>
    [Field("0+")]
    public List<TopicData> Topics { get; set; } = [];

    /// <summary>[]Node, versions 2+.</summary>
    [Field("2+")]
    public List<Node> Nodes { get; set; } = [];

    /// <summary>Part of DescribeQuorumResponse.</summary>
    public sealed partial record TopicData
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of DescribeQuorumResponse.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 2+; null allowed in 2+.</summary>
        [Field("2+", Nullable = "2+", Ignorable = true)]
        public string? ErrorMessage { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long HighWatermark { get; set; }

        /// <summary>[]ReplicaState, versions 0+.</summary>
        [Field("0+")]
        public List<ReplicaState> CurrentVoters { get; set; } = [];

        /// <summary>[]ReplicaState, versions 0+.</summary>
        [Field("0+")]
        public List<ReplicaState> Observers { get; set; } = [];
    }

    /// <summary>Part of DescribeQuorumResponse.</summary>
    public sealed partial record ReplicaState
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int ReplicaId { get; set; }

        /// <summary>uuid, versions 2+.</summary>
        [Field("2+")]
        public Guid ReplicaDirectoryId { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long LogEndOffset { get; set; }

        /// <summary>int64, versions 1+; default -1.</summary>
        [Field("1+", Ignorable = true)]
        public long LastFetchTimestamp { get; set; } = -1;

        /// <summary>int64, versions 1+; default -1.</summary>
        [Field("1+", Ignorable = true)]
        public long LastCaughtUpTimestamp { get; set; } = -1;
    }

    /// <summary>Part of DescribeQuorumResponse.</summary>
    public sealed partial record Node
    {
        /// <summary>int32, versions 2+.</summary>
        [Field("2+")]
        public int NodeId { get; set; }

        /// <summary>[]Listener, versions 2+.</summary>
        [Field("2+")]
        public List<Listener> Listeners { get; set; } = [];
    }

    /// <summary>Part of DescribeQuorumResponse.</summary>
    public sealed partial record Listener
    {
        /// <summary>string, versions 2+.</summary>
        [Field("2+")]
        public string Name { get; set; } = "";

        /// <summary>string, versions 2+.</summary>
        [Field("2+")]
        public string Host { get; set; } = "";

        /// <summary>uint16, versions 2+.</summary>
        [Field("2+")]
        public ushort Port { get; set; }
    }
}

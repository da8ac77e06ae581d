namespace AkkaStream.Client.Protocol;

/// <summary>Fetch (API 1), request; versions 0-18, flexible 12+.</summary>
[ApiMessage("0-18", "12+", Key = ApiKey.Fetch)]
public sealed partial record FetchRequest : IApiMessage
{
    /// <summary>string, versions 12+; null allowed in 12+; tag 0 in 12+; default null.</summary>
    [Field("12+", Nullable = "12+", Tagged = "12+", Tag = 0, Ignorable = true)]
    public string? ClusterId { get; set; }

    /// <summary>int32, versions 0-14; default -1.</summary>
    [Field("0-14")]
    public int ReplicaId { get; set; } = -1;

    /// <summary>ReplicaState, versions 15+; tag 1 in 15+.</summary>
    [Field("15+", Tagged = "15+", Tag = 1)]
    public ReplicaStateEntry ReplicaState { get; set; } = new();

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int MaxWaitMs { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int MinBytes { get; set; }

    /// <summary>int32, versions 3+; default 2147483647.</summary>
    [Field("3+", Ignorable = true)]
    public int MaxBytes { get; set; } = int.MaxValue;

    /// <summary>int8, versions 4+.</summary>
    [Field("4+", Ignorable = true)]
    public sbyte IsolationLevel { get; set; }

    /// <summary>int32, versions 7+.</summary>
    [Field("7+", Ignorable = true)]
    public int SessionId { get; set; }

    /// <summary>int32, versions 7+; default -1.</summary>
    [Field("7+", Ignorable = true)]
    public int SessionEpoch { get; set; } = -1;

    /// <summary>[]FetchTopic, versions 0+.</summary>
    [Field("0+")]
    public List<FetchTopic> Topics { get; set; } = [];

    /// <summary>[]ForgottenTopic, versions 7+.</summary>
    [Field("7+")]
    public List<ForgottenTopic> ForgottenTopicsData { get; set; } = [];

    /// <summary>string, versions 11+.</summary>
    [Field("11+", Ignorable = true)]
    public string RackId { get; set; } = "";

    /// <summary>Part of FetchRequest.</summary>
    public sealed partial record ReplicaStateEntry
    {
        /// <summary>int32, versions 15+; default -1.</summary>
        [Field("15+")]
        public int ReplicaId { get; set; } = -1;

        /// <summary>int64, versions 15+; default -1.</summary>
        [Field("15+")]
        public long ReplicaEpoch { get; set; } = -1;
    }

    /// <summary>Part of FetchRequest.</summary>
    public sealed partial record FetchTopic
    {
        /// <summary>string, versions 0-12.</summary>
        [Field("0-12", Ignorable = true)]
        public string Topic { get; set; } = "";

        /// <summary>uuid, versions 13+.</summary>
        [Field("13+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]FetchPartition, versions 0+.</summary>
        [Field("0+")]
        public List<FetchPartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of FetchRequest.</summary>
    public sealed partial record FetchPartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>int32, versions 9+; default -1.</summary>
        [Field("9+", Ignorable = true)]
        public int CurrentLeaderEpoch { get; set; } = -1;

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long FetchOffset { get; set; }

        /// <summary>int32, versions 12+; default -1.</summary>
        [Field("12+")]
        public int LastFetchedEpoch { get; set; } = -1;

        /// <summary>int64, versions 5+; default -1.</summary>
        [Field("5+", Ignorable = true)]
        public long LogStartOffset { get; set; } = -1;

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionMaxBytes { get; set; }

        /// <summary>uuid, versions 17+; tag 0 in 17+.</summary>
        [Field("17+", Tagged = "17+", Tag = 0, Ignorable = true)]
        public Guid ReplicaDirectoryId { get; set; }

        /// <summary>int64, versions 18+; tag 1 in 18+; default 9223372036854775807.</summary>
        [Field("18+", Tagged = "18+", Tag = 1, Ignorable = true)]
        public long HighWatermark { get; set; } = long.MaxValue;
    }

    /// <summary>Part of FetchRequest.</summary>
    public sealed partial record ForgottenTopic
    {
        /// <summary>string, versions 7-12.</summary>
        [Field("7-12", Ignorable = true)]
        public string Topic { get; set; } = "";

        /// <summary>uuid, versions 13+.</summary>
        [Field("13+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]int32, versions 7+.</summary>
        [Field("7+")]
        public List<int> Partitions { get; set; } = [];
    }
}

/// <summary>Fetch (API 1), answer; versions 0-18, flexible 12+.</summary>
[ApiMessage("0-18", "12+", Key = ApiKey.Fetch)]
public sealed partial record FetchResponse : IApiMessage
{
    /// <summary>int32, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 7+.</summary>
    [Field("7+", Ignorable = true)]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>int32, versions 7+.</summary>
    [Field("7+")]
    public int SessionId { get; set; }

    /// <summary>[]FetchableTopicResponse, versions 0+.</summary>
    [Field("0+")]
    public List<FetchableTopicResponse> Responses { get; set; } = [];

    /// <summary>[]NodeEndpoint, versions 16+; tag 0 in 16+.</summary>
    [Field("16+", Tagged = "16+", Tag = 0)]
    public List<NodeEndpoint> NodeEndpoints { get; set; } = [];

    /// <summary>Part of FetchResponse.</summary>
    public sealed partial record FetchableTopicResponse
    {
        /// <summary>string, versions 0-12.</summary>
        [Field("0-12", Ignorable = true)]
        public string Topic { get; set; } = "";

        /// <summary>uuid, versions 13+.</summary>
        [Field("13+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of FetchResponse.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long HighWatermark { get; set; }

        /// <summary>int64, versions 4+; default -1.</summary>
        [Field("4+", Ignorable = true)]
        public long LastStableOffset { get; set; } = -1;

        /// <summary>int64, versions 5+; default -1.</summary>
        [Field("5+", Ignorable = true)]
        public long LogStartOffset { get; set; } = -1;

        /// <summary>EpochEndOffset, versions 12+; tag 0 in 12+.</summary>
        [Field("12+", Tagged = "12+", Tag = 0)]
        public EpochEndOffset DivergingEpoch { get; set; } = new();

        /// <summary>LeaderIdAndEpoch, versions 12+; tag 1 in 12+.</summary>
        [Field("12+", Tagged = "12+", Tag = 1)]
        public LeaderIdAndEpoch CurrentLeader { get; set; } = new();

        /// <summary>SnapshotId, versions 12+; tag 2 in 12+.</summary>
        [Field("12+", Tagged = "12+", Tag = 2)]
        public SnapshotId SnapshotId { get; set; } = new();

        /// <summary>[]AbortedTransaction, versions 4+; null allowed in 4+.</summary>
        [Field("4+", Nullable = "4+", Ignorable = true)]
        public List<AbortedTransaction>? AbortedTransactions { get; set; } = [];

        /// <summary>int32, versions 11+; default -1.</summary>
        [Field("11+")]
        public int PreferredReadReplica { get; set; } = -1;

        /// <summary>records, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public RecordsPayload Records { get; set; }
    }

    /// <summary>Part of FetchResponse.</summary>
    public sealed partial record EpochEndOffset
    {
        /// <summary>int32, versions 12+; default -1.</summary>
        [Field("12+")]
        public int Epoch { get; set; } = -1;

        /// <summary>int64, versions 12+; default -1.</summary>
        [Field("12+")]
        public long EndOffset { get; set; } = -1;
    }

    /// <summary>Part of FetchResponse.</summary>
    public sealed partial record LeaderIdAndEpoch
    {
        /// <summary>int32, versions 12+; default -1.</summary>
        [Field("12+")]
        public int LeaderId { get; set; } = -1;

        /// <summary>int32, versions 12+; default -1.</summary>
        [Field("12+")]
        public int LeaderEpoch { get; set; } = -1;
    }

    /// <summary>Part of FetchResponse.</summary>
    public sealed partial record SnapshotId
    {
        /// <summary>int64, versions 4+; default -1.</summary>
        [Field("4+")]
        public long EndOffset { get; set; } = -1;

        /// <summary>int32, versions 4+; default -1.</summary>
        [Field("4+")]
        public int Epoch { get; set; } = -1;
    }

    /// <summary>Part of FetchResponse.</summary>
    public sealed partial record AbortedTransaction
    {
        /// <summary>int64, versions 4+.</summary>
        [Field("4+")]
        public long ProducerId { get; set; }

        /// <summary>int64, versions 4+.</summary>
        [Field("4+")]
        public long FirstOffset { get; set; }
    }

    /// <summary>Part of FetchResponse.</summary>
    public sealed partial record NodeEndpoint
    {
        /// <summary>int32, versions 16+.</summary>
        [Field("16+")]
        public int NodeId { get; set; }

        /// <summary>string, versions 16+.</summary>
        [Field("16+")]
        public string Host { get; set; } = "";

        /// <summary>int32, versions 16+.</summary>
        [Field("16+")]
        public int Port { get; set; }

        /// <summary>string, versions 16+; null allowed in 16+; default null.</summary>
        [Field("16+", Nullable = "16+")]
        public string? Rack { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>StreamsGroupHeartbeat (API 88), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.StreamsGroupHeartbeat)]
public sealed partial record StreamsGroupHeartbeatRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string MemberId { get; set; } = "";

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int MemberEpoch { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int EndpointInformationEpoch { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? InstanceId { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? RackId { get; set; }

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int RebalanceTimeoutMs { get; set; } = -1;

    /// <summary>Topology, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public TopologyEntry? Topology { get; set; }

    /// <summary>[]TaskIds, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<TaskIds>? ActiveTasks { get; set; }

    /// <summary>[]TaskIds, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<TaskIds>? StandbyTasks { get; set; }

    /// <summary>[]TaskIds, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<TaskIds>? WarmupTasks { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ProcessId { get; set; }

    /// <summary>Endpoint, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public Endpoint? UserEndpoint { get; set; }

    /// <summary>[]KeyValue, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<KeyValue>? ClientTags { get; set; }

    /// <summary>[]TaskOffset, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<TaskOffset>? TaskOffsets { get; set; }

    /// <summary>[]TaskOffset, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<TaskOffset>? TaskEndOffsets { get; set; }

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool ShutdownApplication { get; set; }

    /// <summary>Part of StreamsGroupHeartbeatRequest.</summary>
    public sealed partial record TopologyEntry
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Epoch { get; set; }

        /// <summary>[]Subtopology, versions 0+.</summary>
        [Field("0+")]
        public List<Subtopology> Subtopologies { get; set; } = [];
    }

    /// <summary>Part of StreamsGroupHeartbeatRequest.</summary>
    public sealed partial record Subtopology
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string SubtopologyId { get; set; } = "";

        /// <summary>[]string, versions 0+.</summary>
        [Field("0+")]
        public List<string> SourceTopics { get; set; } = [];

        /// <summary>[]string, versions 0+.</summary>
        [Field("0+")]
        public List<string> SourceTopicRegex { get; set; } = [];

        /// <summary>[]TopicInfo, versions 0+.</summary>
        [Field("0+")]
        public List<TopicInfo> StateChangelogTopics { get; set; } = [];

        /// <summary>[]string, versions 0+.</summary>
        [Field("0+")]
        public List<string> RepartitionSinkTopics { get; set; } = [];

        /// <summary>[]TopicInfo, versions 0+.</summary>
        [Field("0+")]
        public List<TopicInfo> RepartitionSourceTopics { get; set; } = [];

        /// <summary>[]CopartitionGroup, versions 0+.</summary>
        [Field("0+")]
        public List<CopartitionGroup> CopartitionGroups { get; set; } = [];
    }

    /// <summary>Part of StreamsGroupHeartbeatRequest.</summary>
    public sealed partial record TopicInfo
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partitions { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short ReplicationFactor { get; set; }

        /// <summary>[]KeyValue, versions 0+.</summary>
        [Field("0+")]
        public List<KeyValue> TopicConfigs { get; set; } = [];
    }

    /// <summary>Part of StreamsGroupHeartbeatRequest.</summary>
    public sealed partial record KeyValue
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Key { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Value { get; set; } = "";
    }

    /// <summary>Part of StreamsGroupHeartbeatRequest.</summary>
    public sealed partial record CopartitionGroup
    {
        /// <summary>[]int16, versions 0+.</summary>
        [Field("0+")]
        public List<short> SourceTopics { get; set; } = [];

        /// <summary>[]int16, versions 0+.</summary>
        [Field("0+")]
        public List<short> SourceTopicRegex { get; set; } = [];

        /// <summary>[]int16, versions 0+.</summary>
        [Field("0+")]
        public List<short> RepartitionSourceTopics { get; set; } = [];
    }

    /// <summary>Part of StreamsGroupHeartbeatRequest.</summary>
    public sealed partial record TaskIds
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string SubtopologyId { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }

    /// <summary>Part of StreamsGroupHeartbeatRequest.</summary>
    public sealed partial record Endpoint
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Host { get; set; } = "";

        /// <summary>uint16, versions 0+.</summary>
        [Field("0+")]
        public ushort Port { get; set; }
    }

    /// <summary>Part of StreamsGroupHeartbeatRequest.</summary>
    public sealed partial record TaskOffset
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string SubtopologyId { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long Offset { get; set; }
    }
}

/// <summary>StreamsGroupHeartbeat (API 88), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.StreamsGroupHeartbeat)]
public sealed partial record StreamsGroupHeartbeatResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string MemberId { get; set; } = "";

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int MemberEpoch { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int HeartbeatIntervalMs { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int AcceptableRecoveryLag { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int TaskOffsetIntervalMs { get; set; }

    /// <summary>[]Status, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public List<StatusEntry>? Status { get; set; } = [];

    /// <summary>[]TaskIds, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<TaskIds>? ActiveTasks { get; set; }

    /// <summary>[]TaskIds, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<TaskIds>? StandbyTasks { get; set; }

    /// <summary>[]TaskIds, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<TaskIds>? WarmupTasks { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int EndpointInformationEpoch { get; set; }

    /// <summary>[]EndpointToPartitions, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<EndpointToPartitions>? PartitionsByUserEndpoint { get; set; }

    /// <summary>Part of StreamsGroupHeartbeatResponse.</summary>
    public sealed partial record StatusEntry
    {
        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte StatusCode { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string StatusDetail { get; set; } = "";
    }

    /// <summary>Part of StreamsGroupHeartbeatResponse.</summary>
    public sealed partial record TaskIds
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string SubtopologyId { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }

    /// <summary>Part of StreamsGroupHeartbeatResponse.</summary>
    public sealed partial record EndpointToPartitions
    {
        /// <summary>Endpoint, versions 0+.</summary>
        [Field("0+")]
        public Endpoint UserEndpoint { get; set; } = new();

        /// <summary>[]TopicPartition, versions 0+.</summary>
        [Field("0+")]
        public List<TopicPartition> ActivePartitions { get; set; } = [];

        /// <summary>[]TopicPartition, versions 0+.</summary>
        [Field("0+")]
        public List<TopicPartition> StandbyPartitions { get; set; } = [];
    }

    /// <summary>Part of StreamsGroupHeartbeatResponse.</summary>
    public sealed partial record Endpoint
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Host { get; set; } = "";

        /// <summary>uint16, versions 0+.</summary>
        [Field("0+")]
        public ushort Port { get; set; }
    }

    /// <summary>Part of StreamsGroupHeartbeatResponse.</summary>
    public sealed partial record TopicPartition
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

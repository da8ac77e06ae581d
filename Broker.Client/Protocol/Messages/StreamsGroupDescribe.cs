namespace AkkaStream.Client.Protocol;

/// <summary>StreamsGroupDescribe (API 89), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.StreamsGroupDescribe)]
public sealed partial record StreamsGroupDescribeRequest : IApiMessage
{
    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> GroupIds { get; set; } = [];

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool IncludeAuthorizedOperations { get; set; }
}

/// <summary>StreamsGroupDescribe (API 89), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.StreamsGroupDescribe)]
public sealed partial record StreamsGroupDescribeResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]DescribedGroup, versions 0+.</summary>
    [Field("0+")]
    public List<DescribedGroup> Groups { get; set; } = [];

    /// <summary>Part of StreamsGroupDescribeResponse.</summary>
    public sealed partial record DescribedGroup
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string GroupId { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string GroupState { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int GroupEpoch { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int AssignmentEpoch { get; set; }

        /// <summary>Topology, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public Topology? Topology { get; set; }

        /// <summary>[]Member, versions 0+.</summary>
        [Field("0+")]
        public List<Member> Members { get; set; } = [];

        /// <summary>int32, versions 0+; default -2147483648.</summary>
        [Field("0+")]
        public int AuthorizedOperations { get; set; } = int.MinValue;
    }

    /// <summary>Part of StreamsGroupDescribeResponse.</summary>
    public sealed partial record Topology
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Epoch { get; set; }

        /// <summary>[]Subtopology, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public List<Subtopology>? Subtopologies { get; set; }
    }

    /// <summary>Part of StreamsGroupDescribeResponse.</summary>
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
        public List<string> RepartitionSinkTopics { get; set; } = [];

        /// <summary>[]TopicInfo, versions 0+.</summary>
        [Field("0+")]
        public List<TopicInfo> StateChangelogTopics { get; set; } = [];

        /// <summary>[]TopicInfo, versions 0+.</summary>
        [Field("0+")]
        public List<TopicInfo> RepartitionSourceTopics { get; set; } = [];
    }

    /// <summary>Part of StreamsGroupDescribeResponse.</summary>
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

    /// <summary>Part of StreamsGroupDescribeResponse.</summary>
    public sealed partial record KeyValue
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Key { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Value { get; set; } = "";
    }

    /// <summary>Part of StreamsGroupDescribeResponse.</summary>
    public sealed partial record Member
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string MemberId { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int MemberEpoch { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? InstanceId { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? RackId { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ClientId { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ClientHost { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int TopologyEpoch { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ProcessId { get; set; } = "";

        /// <summary>Endpoint, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public Endpoint? UserEndpoint { get; set; }

        /// <summary>[]KeyValue, versions 0+.</summary>
        [Field("0+")]
        public List<KeyValue> ClientTags { get; set; } = [];

        /// <summary>[]TaskOffset, versions 0+.</summary>
        [Field("0+")]
        public List<TaskOffset> TaskOffsets { get; set; } = [];

        /// <summary>[]TaskOffset, versions 0+.</summary>
        [Field("0+")]
        public List<TaskOffset> TaskEndOffsets { get; set; } = [];

        /// <summary>Assignment, versions 0+.</summary>
        [Field("0+")]
        public Assignment Assignment { get; set; } = new();

        /// <summary>Assignment, versions 0+.</summary>
        [Field("0+")]
        public Assignment TargetAssignment { get; set; } = new();

        /// <summary>bool, versions 0+.</summary>
        [Field("0+")]
        public bool IsClassic { get; set; }
    }

    /// <summary>Part of StreamsGroupDescribeResponse.</summary>
    public sealed partial record Endpoint
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Host { get; set; } = "";

        /// <summary>uint16, versions 0+.</summary>
        [Field("0+")]
        public ushort Port { get; set; }
    }

    /// <summary>Part of StreamsGroupDescribeResponse.</summary>
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

    /// <summary>Part of StreamsGroupDescribeResponse.</summary>
    public sealed partial record Assignment
    {
        /// <summary>[]TaskIds, versions 0+.</summary>
        [Field("0+")]
        public List<TaskIds> ActiveTasks { get; set; } = [];

        /// <summary>[]TaskIds, versions 0+.</summary>
        [Field("0+")]
        public List<TaskIds> StandbyTasks { get; set; } = [];

        /// <summary>[]TaskIds, versions 0+.</summary>
        [Field("0+")]
        public List<TaskIds> WarmupTasks { get; set; } = [];
    }

    /// <summary>Part of StreamsGroupDescribeResponse.</summary>
    public sealed partial record TaskIds
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string SubtopologyId { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>ConsumerGroupHeartbeat (API 68), request; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.ConsumerGroupHeartbeat)]
public sealed partial record ConsumerGroupHeartbeatRequest : IApiMessage
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

    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? InstanceId { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? RackId { get; set; }

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int RebalanceTimeoutMs { get; set; } = -1;

    /// <summary>[]string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<string>? SubscribedTopicNames { get; set; }

    /// <summary>string, versions 1+; null allowed in 1+; default null.</summary>
    [Field("1+", Nullable = "1+")]
    public string? SubscribedTopicRegex { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ServerAssignor { get; set; }

    /// <summary>[]TopicPartitions, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<TopicPartitionsEntry>? TopicPartitions { get; set; }

    /// <summary>Part of ConsumerGroupHeartbeatRequest.</summary>
    public sealed partial record TopicPartitionsEntry
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

/// <summary>ConsumerGroupHeartbeat (API 68), answer; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.ConsumerGroupHeartbeat)]
public sealed partial record ConsumerGroupHeartbeatResponse : IApiMessage
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

    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? MemberId { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int MemberEpoch { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int HeartbeatIntervalMs { get; set; }

    /// <summary>Assignment, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public AssignmentEntry? Assignment { get; set; }

    /// <summary>Part of ConsumerGroupHeartbeatResponse.</summary>
    public sealed partial record AssignmentEntry
    {
        /// <summary>[]TopicPartitions, versions 0+.</summary>
        [Field("0+")]
        public List<TopicPartitions> TopicPartitions { get; set; } = [];
    }

    /// <summary>Part of ConsumerGroupHeartbeatResponse.</summary>
    public sealed partial record TopicPartitions
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>ConsumerGroupDescribe (API 69), request; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.ConsumerGroupDescribe)]
public sealed partial record ConsumerGroupDescribeRequest : IApiMessage
{
    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> GroupIds { get; set; } = [];

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool IncludeAuthorizedOperations { get; set; }
}

/// <summary>ConsumerGroupDescribe (API 69), answer; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.ConsumerGroupDescribe)]
public sealed partial record ConsumerGroupDescribeResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]DescribedGroup, versions 0+.</summary>
    [Field("0+")]
    public List<DescribedGroup> Groups { get; set; } = [];

    /// <summary>Part of ConsumerGroupDescribeResponse.</summary>
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

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string AssignorName { get; set; } = "";

        /// <summary>[]Member, versions 0+.</summary>
        [Field("0+")]
        public List<Member> Members { get; set; } = [];

        /// <summary>int32, versions 0+; default -2147483648.</summary>
        [Field("0+")]
        public int AuthorizedOperations { get; set; } = int.MinValue;
    }

    /// <summary>Part of ConsumerGroupDescribeResponse.</summary>
    public sealed partial record Member
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string MemberId { get; set; } = "";

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? InstanceId { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? RackId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int MemberEpoch { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ClientId { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string ClientHost { get; set; } = "";

        /// <summary>[]string, versions 0+.</summary>
        [Field("0+")]
        public List<string> SubscribedTopicNames { get; set; } = [];

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? SubscribedTopicRegex { get; set; }

        /// <summary>Assignment, versions 0+.</summary>
        [Field("0+")]
        public Assignment Assignment { get; set; } = new();

        /// <summary>Assignment, versions 0+.</summary>
        [Field("0+")]
        public Assignment TargetAssignment { get; set; } = new();

        /// <summary>int8, versions 1+; default -1.</summary>
        [Field("1+", Ignorable = true)]
        public sbyte MemberType { get; set; } = -1;
    }

    /// <summary>Part of ConsumerGroupDescribeResponse.</summary>
    public sealed partial record Assignment
    {
        /// <summary>[]TopicPartitions, versions 0+.</summary>
        [Field("0+")]
        public List<TopicPartitions> TopicPartitions { get; set; } = [];
    }

    /// <summary>Part of ConsumerGroupDescribeResponse.</summary>
    public sealed partial record TopicPartitions
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

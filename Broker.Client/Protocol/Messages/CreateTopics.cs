namespace AkkaStream.Client.Protocol;

/// <summary>CreateTopics (API 19), request; versions 0-7, flexible 5+.</summary>
[ApiMessage("0-7", "5+", Key = ApiKey.CreateTopics)]
public sealed partial record CreateTopicsRequest : IApiMessage
{
    /// <summary>[]CreatableTopic, versions 0+.</summary>
    [Field("0+")]
    public List<CreatableTopic> Topics { get; set; } = [];

    /// <summary>int32, versions 0+; default 60000.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; } = 60000;

    /// <summary>bool, versions 1+.</summary>
    [Field("1+")]
    public bool ValidateOnly { get; set; }

    /// <summary>Part of CreateTopicsRequest.</summary>
    public sealed partial record CreatableTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int NumPartitions { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short ReplicationFactor { get; set; }

        /// <summary>[]CreatableReplicaAssignment, versions 0+.</summary>
        [Field("0+")]
        public List<CreatableReplicaAssignment> Assignments { get; set; } = [];

        /// <summary>[]CreatableTopicConfig, versions 0+.</summary>
        [Field("0+")]
        public List<CreatableTopicConfig> Configs { get; set; } = [];
    }

    /// <summary>Part of CreateTopicsRequest.</summary>
    public sealed partial record CreatableReplicaAssignment
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> BrokerIds { get; set; } = [];
    }

    /// <summary>Part of CreateTopicsRequest.</summary>
    public sealed partial record CreatableTopicConfig
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? Value { get; set; } = "";
    }
}

/// <summary>CreateTopics (API 19), answer; versions 0-7, flexible 5+.</summary>
[ApiMessage("0-7", "5+", Key = ApiKey.CreateTopics)]
public sealed partial record CreateTopicsResponse : IApiMessage
{
    /// <summary>int32, versions 2+.</summary>
    [Field("2+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]CreatableTopicResult, versions 0+.</summary>
    [Field("0+")]
    public List<CreatableTopicResult> Topics { get; set; } = [];

    /// <summary>Part of CreateTopicsResponse.</summary>
    public sealed partial record CreatableTopicResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>uuid, versions 7+.</summary>
        [Field("7+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 1+; null allowed in 0+.</summary>
        [Field("1+", Nullable = "0+", Ignorable = true)]
        public string? ErrorMessage { get; set; } = "";

        /// <summary>int16, versions 5+; tag 0 in 5+.</summary>
        [Field("5+", Tagged = "5+", Tag = 0, Ignorable = true)]
        public ErrorCode TopicConfigErrorCode { get; set; }

        /// <summary>int32, versions 5+; default -1.</summary>
        [Field("5+", Ignorable = true)]
        public int NumPartitions { get; set; } = -1;

        /// <summary>int16, versions 5+; default -1.</summary>
        [Field("5+", Ignorable = true)]
        public short ReplicationFactor { get; set; } = -1;

        /// <summary>[]CreatableTopicConfigs, versions 5+; null allowed in 5+.</summary>
        [Field("5+", Nullable = "5+", Ignorable = true)]
        public List<CreatableTopicConfigs>? Configs { get; set; } = [];
    }

    /// <summary>Part of CreateTopicsResponse.</summary>
    public sealed partial record CreatableTopicConfigs
    {
        /// <summary>string, versions 5+.</summary>
        [Field("5+")]
        public string Name { get; set; } = "";

        /// <summary>string, versions 5+; null allowed in 5+.</summary>
        [Field("5+", Nullable = "5+")]
        public string? Value { get; set; } = "";

        /// <summary>bool, versions 5+.</summary>
        [Field("5+")]
        public bool ReadOnly { get; set; }

        /// <summary>int8, versions 5+; default -1.</summary>
        [Field("5+", Ignorable = true)]
        public sbyte ConfigSource { get; set; } = -1;

        /// <summary>bool, versions 5+.</summary>
        [Field("5+")]
        public bool IsSensitive { get; set; }
    }
}

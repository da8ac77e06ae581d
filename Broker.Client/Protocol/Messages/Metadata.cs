namespace AkkaStream.Client.Protocol;

/// <summary>Metadata (API 3), request; versions 0-13, flexible 9+.</summary>
[ApiMessage("0-13", "9+", Key = ApiKey.Metadata)]
public sealed partial record MetadataRequest : IApiMessage
{
    /// <summary>[]MetadataRequestTopic, versions 0+; null allowed in 1+.</summary>
    [Field("0+", Nullable = "1+")]
    public List<MetadataRequestTopic>? Topics { get; set; } = [];

    /// <summary>bool, versions 4+; default true.</summary>
    [Field("4+")]
    public bool AllowAutoTopicCreation { get; set; } = true;

    /// <summary>bool, versions 8-10.</summary>
    [Field("8-10")]
    public bool IncludeClusterAuthorizedOperations { get; set; }

    /// <summary>bool, versions 8+.</summary>
    [Field("8+")]
    public bool IncludeTopicAuthorizedOperations { get; set; }

    /// <summary>Part of MetadataRequest.</summary>
    public sealed partial record MetadataRequestTopic
    {
        /// <summary>uuid, versions 10+.</summary>
        [Field("10+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>string, versions 0+; null allowed in 10+.</summary>
        [Field("0+", Nullable = "10+")]
        public string? Name { get; set; } = "";
    }
}

/// <summary>Metadata (API 3), answer; versions 0-13, flexible 9+.</summary>
[ApiMessage("0-13", "9+", Key = ApiKey.Metadata)]
public sealed partial record MetadataResponse : IApiMessage
{
    /// <summary>int32, versions 3+.</summary>
    [Field("3+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]MetadataResponseBroker, versions 0+.</summary>
    [Field("0+")]
    public List<MetadataResponseBroker> Brokers { get; set; } = [];

    /// <summary>string, versions 2+; null allowed in 2+; default null.</summary>
    [Field("2+", Nullable = "2+", Ignorable = true)]
    public string? ClusterId { get; set; }

    /// <summary>int32, versions 1+; default -1.</summary>
    [Field("1+", Ignorable = true)]
    public int ControllerId { get; set; } = -1;

    /// <summary>[]MetadataResponseTopic, versions 0+.</summary>
    [Field("0+")]
    public List<MetadataResponseTopic> Topics { get; set; } = [];

    /// <summary>int32, versions 8-10; default -2147483648.</summary>
    [Field("8-10")]
    public int ClusterAuthorizedOperations { get; set; } = int.MinValue;

    /// <summary>int16, versions 13+.</summary>
    [Field("13+", Ignorable = true)]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>Part of MetadataResponse.</summary>
    public sealed partial record MetadataResponseBroker
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int NodeId { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Host { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Port { get; set; }

        /// <summary>string, versions 1+; null allowed in 1+; default null.</summary>
        [Field("1+", Nullable = "1+", Ignorable = true)]
        public string? Rack { get; set; }
    }

    /// <summary>Part of MetadataResponse.</summary>
    public sealed partial record MetadataResponseTopic
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 12+.</summary>
        [Field("0+", Nullable = "12+")]
        public string? Name { get; set; } = "";

        /// <summary>uuid, versions 10+.</summary>
        [Field("10+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>bool, versions 1+.</summary>
        [Field("1+", Ignorable = true)]
        public bool IsInternal { get; set; }

        /// <summary>[]MetadataResponsePartition, versions 0+.</summary>
        [Field("0+")]
        public List<MetadataResponsePartition> Partitions { get; set; } = [];

        /// <summary>int32, versions 8+; default -2147483648.</summary>
        [Field("8+")]
        public int TopicAuthorizedOperations { get; set; } = int.MinValue;
    }

    /// <summary>Part of MetadataResponse.</summary>
    public sealed partial record MetadataResponsePartition
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderId { get; set; }

        /// <summary>int32, versions 7+; default -1.</summary>
        [Field("7+", Ignorable = true)]
        public int LeaderEpoch { get; set; } = -1;

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> ReplicaNodes { get; set; } = [];

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> IsrNodes { get; set; } = [];

        /// <summary>[]int32, versions 5+.</summary>
        [Field("5+", Ignorable = true)]
        public List<int> OfflineReplicas { get; set; } = [];
    }
}

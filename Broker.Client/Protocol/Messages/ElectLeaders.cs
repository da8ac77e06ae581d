namespace AkkaStream.Client.Protocol;

/// <summary>ElectLeaders (API 43), request; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.ElectLeaders)]
public sealed partial record ElectLeadersRequest : IApiMessage
{
    /// <summary>int8, versions 1+.</summary>
    [Field("1+")]
    public sbyte ElectionType { get; set; }

    /// <summary>[]TopicPartitions, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public List<TopicPartitionsEntry>? TopicPartitions { get; set; } = [];

    /// <summary>int32, versions 0+; default 60000.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; } = 60000;

    /// <summary>Part of ElectLeadersRequest.</summary>
    public sealed partial record TopicPartitionsEntry
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

/// <summary>ElectLeaders (API 43), answer; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.ElectLeaders)]
public sealed partial record ElectLeadersResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 1+.</summary>
    [Field("1+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]ReplicaElectionResult, versions 0+.</summary>
    [Field("0+")]
    public List<ReplicaElectionResult> ReplicaElectionResults { get; set; } = [];

    /// <summary>Part of ElectLeadersResponse.</summary>
    public sealed partial record ReplicaElectionResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>[]PartitionResult, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionResult> PartitionResult { get; set; } = [];
    }

    /// <summary>Part of ElectLeadersResponse.</summary>
    public sealed partial record PartitionResult
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionId { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; } = "";
    }
}

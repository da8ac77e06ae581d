namespace AkkaStream.Client.Protocol;

/// <summary>AlterPartitionReassignments (API 45), request; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.AlterPartitionReassignments)]
public sealed partial record AlterPartitionReassignmentsRequest : IApiMessage
{
    /// <summary>int32, versions 0+; default 60000.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; } = 60000;

    /// <summary>bool, versions 1+; default true.</summary>
    [Field("1+")]
    public bool AllowReplicationFactorChange { get; set; } = true;

    /// <summary>[]ReassignableTopic, versions 0+.</summary>
    [Field("0+")]
    public List<ReassignableTopic> Topics { get; set; } = [];

    /// <summary>Part of AlterPartitionReassignmentsRequest.</summary>
    public sealed partial record ReassignableTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]ReassignablePartition, versions 0+.</summary>
        [Field("0+")]
        public List<ReassignablePartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of AlterPartitionReassignmentsRequest.</summary>
    public sealed partial record ReassignablePartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>[]int32, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public List<int>? Replicas { get; set; }
    }
}

/// <summary>AlterPartitionReassignments (API 45), answer; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.AlterPartitionReassignments)]
public sealed partial record AlterPartitionReassignmentsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>bool, versions 1+; default true.</summary>
    [Field("1+", Ignorable = true)]
    public bool AllowReplicationFactorChange { get; set; } = true;

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; } = "";

    /// <summary>[]ReassignableTopicResponse, versions 0+.</summary>
    [Field("0+")]
    public List<ReassignableTopicResponse> Responses { get; set; } = [];

    /// <summary>Part of AlterPartitionReassignmentsResponse.</summary>
    public sealed partial record ReassignableTopicResponse
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]ReassignablePartitionResponse, versions 0+.</summary>
        [Field("0+")]
        public List<ReassignablePartitionResponse> Partitions { get; set; } = [];
    }

    /// <summary>Part of AlterPartitionReassignmentsResponse.</summary>
    public sealed partial record ReassignablePartitionResponse
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; } = "";
    }
}

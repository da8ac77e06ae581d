namespace AkkaStream.Client.Protocol;

/// <summary>ListPartitionReassignments (API 46), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.ListPartitionReassignments)]
public sealed partial record ListPartitionReassignmentsRequest : IApiMessage
{
    /// <summary>int32, versions 0+; default 60000.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; } = 60000;

    /// <summary>[]ListPartitionReassignmentsTopics, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public List<ListPartitionReassignmentsTopics>? Topics { get; set; }

    /// <summary>Part of ListPartitionReassignmentsRequest.</summary>
    public sealed partial record ListPartitionReassignmentsTopics
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> PartitionIndexes { get; set; } = [];
    }
}

/// <summary>ListPartitionReassignments (API 46), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.ListPartitionReassignments)]
public sealed partial record ListPartitionReassignmentsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; } = "";

    /// <summary>[]OngoingTopicReassignment, versions 0+.</summary>
    [Field("0+")]
    public List<OngoingTopicReassignment> Topics { get; set; } = [];

    /// <summary>Part of ListPartitionReassignmentsResponse.</summary>
    public sealed partial record OngoingTopicReassignment
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]OngoingPartitionReassignment, versions 0+.</summary>
        [Field("0+")]
        public List<OngoingPartitionReassignment> Partitions { get; set; } = [];
    }

    /// <summary>Part of ListPartitionReassignmentsResponse.</summary>
    public sealed partial record OngoingPartitionReassignment
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Replicas { get; set; } = [];

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> AddingReplicas { get; set; } = [];

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> RemovingReplicas { get; set; } = [];
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>CreatePartitions (API 37), request; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.CreatePartitions)]
public sealed partial record CreatePartitionsRequest : IApiMessage
{
    /// <summary>[]CreatePartitionsTopic, versions 0+.</summary>
    [Field("0+")]
    public List<CreatePartitionsTopic> Topics { get; set; } = [];

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; }

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool ValidateOnly { get; set; }

    /// <summary>Part of CreatePartitionsRequest.</summary>
    public sealed partial record CreatePartitionsTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Count { get; set; }

        /// <summary>[]CreatePartitionsAssignment, versions 0+; null allowed in 0+.</summary>
        [Field("0+", Nullable = "0+")]
        public List<CreatePartitionsAssignment>? Assignments { get; set; } = [];
    }

    /// <summary>Part of CreatePartitionsRequest.</summary>
    public sealed partial record CreatePartitionsAssignment
    {
        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> BrokerIds { get; set; } = [];
    }
}

/// <summary>CreatePartitions (API 37), answer; versions 0-3, flexible 2+.</summary>
[ApiMessage("0-3", "2+", Key = ApiKey.CreatePartitions)]
public sealed partial record CreatePartitionsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]CreatePartitionsTopicResult, versions 0+.</summary>
    [Field("0+")]
    public List<CreatePartitionsTopicResult> Results { get; set; } = [];

    /// <summary>Part of CreatePartitionsResponse.</summary>
    public sealed partial record CreatePartitionsTopicResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; }
    }
}

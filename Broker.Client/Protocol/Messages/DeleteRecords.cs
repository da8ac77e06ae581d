namespace AkkaStream.Client.Protocol;

/// <summary>DeleteRecords (API 21), request; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.DeleteRecords)]
public sealed partial record DeleteRecordsRequest : IApiMessage
{
    /// <summary>[]DeleteRecordsTopic, versions 0+.</summary>
    [Field("0+")]
    public List<DeleteRecordsTopic> Topics { get; set; } = [];

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int TimeoutMs { get; set; }

    /// <summary>Part of DeleteRecordsRequest.</summary>
    public sealed partial record DeleteRecordsTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]DeleteRecordsPartition, versions 0+.</summary>
        [Field("0+")]
        public List<DeleteRecordsPartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of DeleteRecordsRequest.</summary>
    public sealed partial record DeleteRecordsPartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long Offset { get; set; }
    }
}

/// <summary>DeleteRecords (API 21), answer; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.DeleteRecords)]
public sealed partial record DeleteRecordsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]DeleteRecordsTopicResult, versions 0+.</summary>
    [Field("0+")]
    public List<DeleteRecordsTopicResult> Topics { get; set; } = [];

    /// <summary>Part of DeleteRecordsResponse.</summary>
    public sealed partial record DeleteRecordsTopicResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]DeleteRecordsPartitionResult, versions 0+.</summary>
        [Field("0+")]
        public List<DeleteRecordsPartitionResult> Partitions { get; set; } = [];
    }

    /// <summary>Part of DeleteRecordsResponse.</summary>
    public sealed partial record DeleteRecordsPartitionResult
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long LowWatermark { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }
    }
}

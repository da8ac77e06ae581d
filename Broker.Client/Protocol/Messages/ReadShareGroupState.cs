namespace AkkaStream.Client.Protocol;

/// <summary>ReadShareGroupState (API 84), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.ReadShareGroupState)]
public sealed partial record ReadShareGroupStateRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>[]ReadStateData, versions 0+.</summary>
    [Field("0+")]
    public List<ReadStateData> Topics { get; set; } = [];

    /// <summary>Part of ReadShareGroupStateRequest.</summary>
    public sealed partial record ReadStateData
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of ReadShareGroupStateRequest.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }
    }
}

/// <summary>ReadShareGroupState (API 84), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.ReadShareGroupState)]
public sealed partial record ReadShareGroupStateResponse : IApiMessage
{
    /// <summary>[]ReadStateResult, versions 0+.</summary>
    [Field("0+")]
    public List<ReadStateResult> Results { get; set; } = [];

    /// <summary>Part of ReadShareGroupStateResponse.</summary>
    public sealed partial record ReadStateResult
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionResult, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionResult> Partitions { get; set; } = [];
    }

    /// <summary>Part of ReadShareGroupStateResponse.</summary>
    public sealed partial record PartitionResult
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? ErrorMessage { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int StateEpoch { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long StartOffset { get; set; }

        /// <summary>[]StateBatch, versions 0+.</summary>
        [Field("0+")]
        public List<StateBatch> StateBatches { get; set; } = [];
    }

    /// <summary>Part of ReadShareGroupStateResponse.</summary>
    public sealed partial record StateBatch
    {
        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long FirstOffset { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long LastOffset { get; set; }

        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte DeliveryState { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short DeliveryCount { get; set; }
    }
}

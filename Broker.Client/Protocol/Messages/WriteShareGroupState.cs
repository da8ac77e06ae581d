namespace AkkaStream.Client.Protocol;

/// <summary>WriteShareGroupState (API 85), request; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.WriteShareGroupState)]
public sealed partial record WriteShareGroupStateRequest : IApiMessage
{
    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string GroupId { get; set; } = "";

    /// <summary>[]WriteStateData, versions 0+.</summary>
    [Field("0+")]
    public List<WriteStateData> Topics { get; set; } = [];

    /// <summary>Part of WriteShareGroupStateRequest.</summary>
    public sealed partial record WriteStateData
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of WriteShareGroupStateRequest.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int StateEpoch { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long StartOffset { get; set; }

        /// <summary>int32, versions 1+; default -1.</summary>
        [Field("1+", Ignorable = true)]
        public int DeliveryCompleteCount { get; set; } = -1;

        /// <summary>[]StateBatch, versions 0+.</summary>
        [Field("0+")]
        public List<StateBatch> StateBatches { get; set; } = [];
    }

    /// <summary>Part of WriteShareGroupStateRequest.</summary>
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

/// <summary>WriteShareGroupState (API 85), answer; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.WriteShareGroupState)]
public sealed partial record WriteShareGroupStateResponse : IApiMessage
{
    /// <summary>[]WriteStateResult, versions 0+.</summary>
    [Field("0+")]
    public List<WriteStateResult> Results { get; set; } = [];

    /// <summary>Part of WriteShareGroupStateResponse.</summary>
    public sealed partial record WriteStateResult
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionResult, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionResult> Partitions { get; set; } = [];
    }

    /// <summary>Part of WriteShareGroupStateResponse.</summary>
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
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>AlterPartition (API 56), request; versions 0-3, flexible 0+.</summary>
[ApiMessage("0-3", "0+", Key = ApiKey.AlterPartition)]
public sealed partial record AlterPartitionRequest : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>int64, versions 0+; default -1.</summary>
    [Field("0+")]
    public long BrokerEpoch { get; set; } = -1;

    /// <summary>[]TopicData, versions 0+.</summary>
    [Field("0+")]
    public List<TopicData> Topics { get; set; } = [];

    /// <summary>Part of AlterPartitionRequest.</summary>
    public sealed partial record TopicData
    {
        /// <summary>string, versions 0-1.</summary>
        [Field("0-1", Ignorable = true)]
        public string TopicName { get; set; } = "";

        /// <summary>uuid, versions 2+.</summary>
        [Field("2+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of AlterPartitionRequest.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }

        /// <summary>[]int32, versions 0-2.</summary>
        [Field("0-2")]
        public List<int> NewIsr { get; set; } = [];

        /// <summary>[]BrokerState, versions 3+.</summary>
        [Field("3+")]
        public List<BrokerState> NewIsrWithEpochs { get; set; } = [];

        /// <summary>int8, versions 1+.</summary>
        [Field("1+")]
        public sbyte LeaderRecoveryState { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionEpoch { get; set; }
    }

    /// <summary>Part of AlterPartitionRequest.</summary>
    public sealed partial record BrokerState
    {
        /// <summary>int32, versions 3+.</summary>
        [Field("3+")]
        public int BrokerId { get; set; }

        /// <summary>int64, versions 3+; default -1.</summary>
        [Field("3+")]
        public long BrokerEpoch { get; set; } = -1;
    }
}

/// <summary>AlterPartition (API 56), answer; versions 0-3, flexible 0+.</summary>
[ApiMessage("0-3", "0+", Key = ApiKey.AlterPartition)]
public sealed partial record AlterPartitionResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]TopicData, versions 0+.</summary>
    [Field("0+")]
    public List<TopicData> Topics { get; set; } = [];

    /// <summary>Part of AlterPartitionResponse.</summary>
    public sealed partial record TopicData
    {
        /// <summary>string, versions 0-1.</summary>
        [Field("0-1", Ignorable = true)]
        public string TopicName { get; set; } = "";

        /// <summary>uuid, versions 2+.</summary>
        [Field("2+", Ignorable = true)]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of AlterPartitionResponse.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Isr { get; set; } = [];

        /// <summary>int8, versions 1+.</summary>
        [Field("1+", Ignorable = true)]
        public sbyte LeaderRecoveryState { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionEpoch { get; set; }
    }
}

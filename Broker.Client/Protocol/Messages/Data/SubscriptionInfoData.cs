namespace AkkaStream.Client.Protocol;

/// <summary>SubscriptionInfoData: data; versions 1-11, flexible none.</summary>
[ApiMessage("1-11", "none")]
public sealed partial record SubscriptionInfoData : IApiMessage
{
    /// <summary>int32, versions 1+.</summary>
    [Field("1+")]
    public int Version { get; set; }

    /// <summary>int32, versions 3+; default -1.</summary>
    [Field("3+")]
    public int LatestSupportedVersion { get; set; } = -1;

    /// <summary>uuid, versions 1+.</summary>
    [Field("1+")]
    public Guid ProcessId { get; set; }

    /// <summary>[]TaskId, versions 1-6.</summary>
    [Field("1-6")]
    public List<TaskId> PrevTasks { get; set; } = [];

    /// <summary>[]TaskId, versions 1-6.</summary>
    [Field("1-6")]
    public List<TaskId> StandbyTasks { get; set; } = [];

    /// <summary>bytes, versions 2+.</summary>
    [Field("2+")]
    public ReadOnlyMemory<byte> UserEndPoint { get; set; }

    /// <summary>[]TaskOffsetSum, versions 7+.</summary>
    [Field("7+")]
    public List<TaskOffsetSum> TaskOffsetSums { get; set; } = [];

    /// <summary>int8, versions 8+.</summary>
    [Field("8+")]
    public sbyte UniqueField { get; set; }

    /// <summary>int32, versions 9+.</summary>
    [Field("9+")]
    public int ErrorCode { get; set; }

    /// <summary>[]ClientTag, versions 11+.</summary>
    [Field("11+")]
    public List<ClientTag> ClientTags { get; set; } = [];

    /// <summary>Part of SubscriptionInfoData.</summary>
    public sealed partial record TaskId
    {
        /// <summary>int32, versions 1-6.</summary>
        [Field("1-6")]
        public int TopicGroupId { get; set; }

        /// <summary>int32, versions 1-6.</summary>
        [Field("1-6")]
        public int Partition { get; set; }
    }

    /// <summary>Part of SubscriptionInfoData.</summary>
    public sealed partial record TaskOffsetSum
    {
        /// <summary>int32, versions 7+.</summary>
        [Field("7+")]
        public int TopicGroupId { get; set; }

        /// <summary>int32, versions 10+.</summary>
        [Field("10+")]
        public int Partition { get; set; }

        /// <summary>int64, versions 10+.</summary>
        [Field("10+")]
        public long OffsetSum { get; set; }

        /// <summary>string, versions 10+; null allowed in 10+.</summary>
        [Field("10+", Nullable = "10+")]
        public string? NamedTopology { get; set; } = "";

        /// <summary>[]PartitionToOffsetSum, versions 7-9.</summary>
        [Field("7-9")]
        public List<PartitionToOffsetSum> PartitionToOffsetSum { get; set; } = [];
    }

    /// <summary>Part of SubscriptionInfoData.</summary>
    public sealed partial record PartitionToOffsetSum
    {
        /// <summary>int32, versions 7-9.</summary>
        [Field("7-9")]
        public int Partition { get; set; }

        /// <summary>int64, versions 7-9.</summary>
        [Field("7-9")]
        public long OffsetSum { get; set; }
    }

    /// <summary>Part of SubscriptionInfoData.</summary>
    public sealed partial record ClientTag
    {
        /// <summary>bytes, versions 11+.</summary>
        [Field("11+")]
        public ReadOnlyMemory<byte> Key { get; set; }

        /// <summary>bytes, versions 11+.</summary>
        [Field("11+")]
        public ReadOnlyMemory<byte> Value { get; set; }
    }
}

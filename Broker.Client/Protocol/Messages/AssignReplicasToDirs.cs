namespace AkkaStream.Client.Protocol;

/// <summary>AssignReplicasToDirs (API 73), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.AssignReplicasToDirs)]
public sealed partial record AssignReplicasToDirsRequest : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>int64, versions 0+; default -1.</summary>
    [Field("0+")]
    public long BrokerEpoch { get; set; } = -1;

    /// <summary>[]DirectoryData, versions 0+.</summary>
    [Field("0+")]
    public List<DirectoryData> Directories { get; set; } = [];

    /// <summary>Part of AssignReplicasToDirsRequest.</summary>
    public sealed partial record DirectoryData
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid Id { get; set; }

        /// <summary>[]TopicData, versions 0+.</summary>
        [Field("0+")]
        public List<TopicData> Topics { get; set; } = [];
    }

    /// <summary>Part of AssignReplicasToDirsRequest.</summary>
    public sealed partial record TopicData
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of AssignReplicasToDirsRequest.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }
    }
}

/// <summary>AssignReplicasToDirs (API 73), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.AssignReplicasToDirs)]
public sealed partial record AssignReplicasToDirsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]DirectoryData, versions 0+.</summary>
    [Field("0+")]
    public List<DirectoryData> Directories { get; set; } = [];

    /// <summary>Part of AssignReplicasToDirsResponse.</summary>
    public sealed partial record DirectoryData
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid Id { get; set; }

        /// <summary>[]TopicData, versions 0+.</summary>
        [Field("0+")]
        public List<TopicData> Topics { get; set; } = [];
    }

    /// <summary>Part of AssignReplicasToDirsResponse.</summary>
    public sealed partial record TopicData
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]PartitionData, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionData> Partitions { get; set; } = [];
    }

    /// <summary>Part of AssignReplicasToDirsResponse.</summary>
    public sealed partial record PartitionData
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }
    }
}

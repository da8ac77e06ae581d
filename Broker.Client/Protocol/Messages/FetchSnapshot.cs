namespace AkkaStream.Client.Protocol;

/// <summary>FetchSnapshot (API 59), request; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.FetchSnapshot)]
public sealed partial record FetchSnapshotRequest : IApiMessage
{
    /// <summary>string, versions 0+; null allowed in 0+; tag 0 in 0+; default null.</summary>
    [Field("0+", Nullable = "0+", Tagged = "0+", Tag = 0)]
    public string? ClusterId { get; set; }

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int ReplicaId { get; set; } = -1;

    /// <summary>int32, versions 0+; default 2147483647.</summary>
    [Field("0+")]
    public int MaxBytes { get; set; } = int.MaxValue;

    /// <summary>[]TopicSnapshot, versions 0+.</summary>
    [Field("0+")]
    public List<TopicSnapshot> Topics { get; set; } = [];

    /// <summary>Part of FetchSnapshotRequest.</summary>
    public sealed partial record TopicSnapshot
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]PartitionSnapshot, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionSnapshot> Partitions { get; set; } = [];
    }

    /// <summary>Part of FetchSnapshotRequest.</summary>
    public sealed partial record PartitionSnapshot
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int CurrentLeaderEpoch { get; set; }

        /// <summary>SnapshotId, versions 0+.</summary>
        [Field("0+")]
        public SnapshotId SnapshotId { get; set; } = new();

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long Position { get; set; }

        /// <summary>uuid, versions 1+; tag 0 in 1+.</summary>
        [Field("1+", Tagged = "1+", Tag = 0, Ignorable = true)]
        public Guid ReplicaDirectoryId { get; set; }
    }

    /// <summary>Part of FetchSnapshotRequest.</summary>
    public sealed partial record SnapshotId
    {
        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long EndOffset { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Epoch { get; set; }
    }
}

/// <summary>FetchSnapshot (API 59), answer; versions 0-1, flexible 0+.</summary>
[ApiMessage("0-1", "0+", Key = ApiKey.FetchSnapshot)]
public sealed partial record FetchSnapshotResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]TopicSnapshot, versions 0+.</summary>
    [Field("0+")]
    public List<TopicSnapshot> Topics { get; set; } = [];

    /// <summary>[]NodeEndpoint, versions 1+; tag 0 in 1+.</summary>
    [Field("1+", Tagged = "1+", Tag = 0)]
    public List<NodeEndpoint> NodeEndpoints { get; set; } = [];

    /// <summary>Part of FetchSnapshotResponse.</summary>
    public sealed partial record TopicSnapshot
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]PartitionSnapshot, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionSnapshot> Partitions { get; set; } = [];
    }

    /// <summary>Part of FetchSnapshotResponse.</summary>
    public sealed partial record PartitionSnapshot
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Index { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>SnapshotId, versions 0+.</summary>
        [Field("0+")]
        public SnapshotId SnapshotId { get; set; } = new();

        /// <summary>LeaderIdAndEpoch, versions 0+; tag 0 in 0+.</summary>
        [Field("0+", Tagged = "0+", Tag = 0)]
        public LeaderIdAndEpoch CurrentLeader { get; set; } = new();

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long Size { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long Position { get; set; }

        /// <summary>records, versions 0+.</summary>
        [Field("0+")]
        public RecordsPayload UnalignedRecords { get; set; }
    }

    /// <summary>Part of FetchSnapshotResponse.</summary>
    public sealed partial record SnapshotId
    {
        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long EndOffset { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Epoch { get; set; }
    }

    /// <summary>Part of FetchSnapshotResponse.</summary>
    public sealed partial record LeaderIdAndEpoch
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderId { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }
    }

    /// <summary>Part of FetchSnapshotResponse.</summary>
    public sealed partial record NodeEndpoint
    {
        /// <summary>int32, versions 1+.</summary>
        [Field("1+")]
        public int NodeId { get; set; }

        /// <summary>string, versions 1+.</summary>
        [Field("1+")]
        public string Host { get; set; } = "";

        /// <summary>uint16, versions 1+.</summary>
        [Field("1+")]
        public ushort Port { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>RemoteLogSegmentMetadataUpdateRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record RemoteLogSegmentMetadataUpdateRecord : IApiMessage
{
    /// <summary>RemoteLogSegmentIdEntry, versions 0+.</summary>
    [Field("0+")]
    public RemoteLogSegmentIdEntry RemoteLogSegmentId { get; set; } = new();

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long EventTimestampMs { get; set; }

    /// <summary>bytes, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public ReadOnlyMemory<byte>? CustomMetadata { get; set; }

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte RemoteLogSegmentState { get; set; }

    /// <summary>Part of RemoteLogSegmentMetadataUpdateRecord.</summary>
    public sealed partial record RemoteLogSegmentIdEntry
    {
        /// <summary>TopicIdPartitionEntry, versions 0+.</summary>
        [Field("0+")]
        public TopicIdPartitionEntry TopicIdPartition { get; set; } = new();

        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid Id { get; set; }
    }

    /// <summary>Part of RemoteLogSegmentMetadataUpdateRecord.</summary>
    public sealed partial record TopicIdPartitionEntry
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid Id { get; set; }

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>RemoteLogSegmentMetadataSnapshotRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record RemoteLogSegmentMetadataSnapshotRecord : IApiMessage
{
    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid SegmentId { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long StartOffset { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long EndOffset { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long MaxTimestampMs { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long EventTimestampMs { get; set; }

    /// <summary>[]SegmentLeaderEpochEntry, versions 0+.</summary>
    [Field("0+")]
    public List<SegmentLeaderEpochEntry> SegmentLeaderEpochs { get; set; } = [];

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int SegmentSizeInBytes { get; set; }

    /// <summary>bytes, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public ReadOnlyMemory<byte>? CustomMetadata { get; set; }

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte RemoteLogSegmentState { get; set; }

    /// <summary>bool, versions 0+; tag 0 in 0+.</summary>
    [Field("0+", Tagged = "0+", Tag = 0)]
    public bool TxnIndexEmpty { get; set; }

    /// <summary>Part of RemoteLogSegmentMetadataSnapshotRecord.</summary>
    public sealed partial record SegmentLeaderEpochEntry
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int LeaderEpoch { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long Offset { get; set; }
    }
}

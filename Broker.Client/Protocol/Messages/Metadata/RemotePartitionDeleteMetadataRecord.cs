namespace AkkaStream.Client.Protocol;

/// <summary>RemotePartitionDeleteMetadataRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record RemotePartitionDeleteMetadataRecord : IApiMessage
{
    /// <summary>TopicIdPartitionEntry, versions 0+.</summary>
    [Field("0+")]
    public TopicIdPartitionEntry TopicIdPartition { get; set; } = new();

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long EventTimestampMs { get; set; }

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte RemotePartitionDeleteState { get; set; }

    /// <summary>Part of RemotePartitionDeleteMetadataRecord.</summary>
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

namespace AkkaStream.Client.Protocol;

/// <summary>ConsumerGroupPartitionMetadataKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record ConsumerGroupPartitionMetadataKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";
}

/// <summary>ConsumerGroupPartitionMetadataValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ConsumerGroupPartitionMetadataValue : IApiMessage
{
    /// <summary>[]TopicMetadata, versions 0+.</summary>
    [Field("0+")]
    public List<TopicMetadata> Topics { get; set; } = [];

    /// <summary>Part of ConsumerGroupPartitionMetadataValue.</summary>
    public sealed partial record TopicMetadata
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int NumPartitions { get; set; }

        /// <summary>[]PartitionMetadata, versions 0+.</summary>
        [Field("0+")]
        public List<PartitionMetadata> PartitionMetadata { get; set; } = [];
    }

    /// <summary>Part of ConsumerGroupPartitionMetadataValue.</summary>
    public sealed partial record PartitionMetadata
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partition { get; set; }

        /// <summary>[]string, versions 0+.</summary>
        [Field("0+")]
        public List<string> Racks { get; set; } = [];
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>ShareGroupStatePartitionMetadataKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record ShareGroupStatePartitionMetadataKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";
}

/// <summary>ShareGroupStatePartitionMetadataValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ShareGroupStatePartitionMetadataValue : IApiMessage
{
    /// <summary>[]TopicPartitionsInfo, versions 0+.</summary>
    [Field("0+")]
    public List<TopicPartitionsInfo> InitializingTopics { get; set; } = [];

    /// <summary>[]TopicPartitionsInfo, versions 0+.</summary>
    [Field("0+")]
    public List<TopicPartitionsInfo> InitializedTopics { get; set; } = [];

    /// <summary>[]TopicInfo, versions 0+.</summary>
    [Field("0+")]
    public List<TopicInfo> DeletingTopics { get; set; } = [];

    /// <summary>Part of ShareGroupStatePartitionMetadataValue.</summary>
    public sealed partial record TopicPartitionsInfo
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }

    /// <summary>Part of ShareGroupStatePartitionMetadataValue.</summary>
    public sealed partial record TopicInfo
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";
    }
}

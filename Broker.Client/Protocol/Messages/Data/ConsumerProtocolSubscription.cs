namespace AkkaStream.Client.Protocol;

/// <summary>ConsumerProtocolSubscription: data; versions 0-3, flexible none.</summary>
[ApiMessage("0-3", "none")]
public sealed partial record ConsumerProtocolSubscription : IApiMessage
{
    /// <summary>[]string, versions 0+.</summary>
    [Field("0+")]
    public List<string> Topics { get; set; } = [];

    /// <summary>bytes, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public ReadOnlyMemory<byte>? UserData { get; set; }

    /// <summary>[]TopicPartition, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public List<TopicPartition> OwnedPartitions { get; set; } = [];

    /// <summary>int32, versions 2+; default -1.</summary>
    [Field("2+", Ignorable = true)]
    public int GenerationId { get; set; } = -1;

    /// <summary>string, versions 3+; null allowed in 3+; default null.</summary>
    [Field("3+", Nullable = "3+", Ignorable = true)]
    public string? RackId { get; set; }

    /// <summary>Part of ConsumerProtocolSubscription.</summary>
    public sealed partial record TopicPartition
    {
        /// <summary>string, versions 1+.</summary>
        [Field("1+")]
        public string Topic { get; set; } = "";

        /// <summary>[]int32, versions 1+.</summary>
        [Field("1+")]
        public List<int> Partitions { get; set; } = [];
    }
}

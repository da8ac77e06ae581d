namespace AkkaStream.Client.Protocol;

/// <summary>ConsumerProtocolAssignment: data; versions 0-3, flexible none.</summary>
[ApiMessage("0-3", "none")]
public sealed partial record ConsumerProtocolAssignment : IApiMessage
{
    /// <summary>[]TopicPartition, versions 0+.</summary>
    [Field("0+")]
    public List<TopicPartition> AssignedPartitions { get; set; } = [];

    /// <summary>bytes, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public ReadOnlyMemory<byte>? UserData { get; set; }

    /// <summary>Part of ConsumerProtocolAssignment.</summary>
    public sealed partial record TopicPartition
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

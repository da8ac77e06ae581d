namespace AkkaStream.Client.Protocol;

/// <summary>ConsumerGroupTargetAssignmentMemberKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record ConsumerGroupTargetAssignmentMemberKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";

    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string MemberId { get; set; } = "";
}

/// <summary>ConsumerGroupTargetAssignmentMemberValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ConsumerGroupTargetAssignmentMemberValue : IApiMessage
{
    /// <summary>[]TopicPartition, versions 0+.</summary>
    [Field("0+")]
    public List<TopicPartition> TopicPartitions { get; set; } = [];

    /// <summary>Part of ConsumerGroupTargetAssignmentMemberValue.</summary>
    public sealed partial record TopicPartition
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

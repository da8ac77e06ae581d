namespace AkkaStream.Client.Protocol;

/// <summary>ShareGroupTargetAssignmentMemberKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record ShareGroupTargetAssignmentMemberKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";

    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string MemberId { get; set; } = "";
}

/// <summary>ShareGroupTargetAssignmentMemberValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ShareGroupTargetAssignmentMemberValue : IApiMessage
{
    /// <summary>[]TopicPartition, versions 0+.</summary>
    [Field("0+")]
    public List<TopicPartition> TopicPartitions { get; set; } = [];

    /// <summary>Part of ShareGroupTargetAssignmentMemberValue.</summary>
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

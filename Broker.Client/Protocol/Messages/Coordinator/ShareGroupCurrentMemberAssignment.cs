namespace AkkaStream.Client.Protocol;

/// <summary>ShareGroupCurrentMemberAssignmentKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record ShareGroupCurrentMemberAssignmentKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";

    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string MemberId { get; set; } = "";
}

/// <summary>ShareGroupCurrentMemberAssignmentValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ShareGroupCurrentMemberAssignmentValue : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int MemberEpoch { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int PreviousMemberEpoch { get; set; }

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte State { get; set; }

    /// <summary>[]TopicPartitions, versions 0+.</summary>
    [Field("0+")]
    public List<TopicPartitions> AssignedPartitions { get; set; } = [];

    /// <summary>Part of ShareGroupCurrentMemberAssignmentValue.</summary>
    public sealed partial record TopicPartitions
    {
        /// <summary>uuid, versions 0+.</summary>
        [Field("0+")]
        public Guid TopicId { get; set; }

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

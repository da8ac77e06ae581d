namespace AkkaStream.Client.Protocol;

/// <summary>StreamsGroupTargetAssignmentMemberKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record StreamsGroupTargetAssignmentMemberKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";

    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string MemberId { get; set; } = "";
}

/// <summary>StreamsGroupTargetAssignmentMemberValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record StreamsGroupTargetAssignmentMemberValue : IApiMessage
{
    /// <summary>[]TaskIds, versions 0+.</summary>
    [Field("0+")]
    public List<TaskIds> ActiveTasks { get; set; } = [];

    /// <summary>[]TaskIds, versions 0+.</summary>
    [Field("0+")]
    public List<TaskIds> StandbyTasks { get; set; } = [];

    /// <summary>[]TaskIds, versions 0+.</summary>
    [Field("0+")]
    public List<TaskIds> WarmupTasks { get; set; } = [];

    /// <summary>Part of StreamsGroupTargetAssignmentMemberValue.</summary>
    public sealed partial record TaskIds
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string SubtopologyId { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>StreamsGroupCurrentMemberAssignmentKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record StreamsGroupCurrentMemberAssignmentKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";

    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string MemberId { get; set; } = "";
}

/// <summary>StreamsGroupCurrentMemberAssignmentValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record StreamsGroupCurrentMemberAssignmentValue : IApiMessage
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

    /// <summary>[]TaskIds, versions 0+.</summary>
    [Field("0+")]
    public List<TaskIds> ActiveTasks { get; set; } = [];

    /// <summary>[]TaskIds, versions 0+.</summary>
    [Field("0+")]
    public List<TaskIds> StandbyTasks { get; set; } = [];

    /// <summary>[]TaskIds, versions 0+.</summary>
    [Field("0+")]
    public List<TaskIds> WarmupTasks { get; set; } = [];

    /// <summary>[]TaskIds, versions 0+.</summary>
    [Field("0+")]
    public List<TaskIds> ActiveTasksPendingRevocation { get; set; } = [];

    /// <summary>[]TaskIds, versions 0+.</summary>
    [Field("0+")]
    public List<TaskIds> StandbyTasksPendingRevocation { get; set; } = [];

    /// <summary>[]TaskIds, versions 0+.</summary>
    [Field("0+")]
    public List<TaskIds> WarmupTasksPendingRevocation { get; set; } = [];

    /// <summary>Part of StreamsGroupCurrentMemberAssignmentValue.</summary>
    public sealed partial record TaskIds
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string SubtopologyId { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];

        /// <summary>[]int32, versions 0+; null allowed in 0+; tag 0 in 0+.</summary>
        [Field("0+", Nullable = "0+", Tagged = "0+", Tag = 0)]
        public List<int>? AssignmentEpochs { get; set; } = [];
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>StreamsGroupTargetAssignmentMetadataKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record StreamsGroupTargetAssignmentMetadataKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";
}

/// <summary>StreamsGroupTargetAssignmentMetadataValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record StreamsGroupTargetAssignmentMetadataValue : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int AssignmentEpoch { get; set; }

    /// <summary>int64, versions 0+; tag 0 in 0+.</summary>
    [Field("0+", Tagged = "0+", Tag = 0, Ignorable = true)]
    public long AssignmentTimestamp { get; set; }
}

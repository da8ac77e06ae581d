namespace AkkaStream.Client.Protocol;

/// <summary>PartitionChangeRecord: metadata record; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+")]
public sealed partial record PartitionChangeRecord : IApiMessage
{
    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int PartitionId { get; set; } = -1;

    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid TopicId { get; set; }

    /// <summary>[]int32, versions 0+; null allowed in 0+; tag 0 in 0+; default null.</summary>
    [Field("0+", Nullable = "0+", Tagged = "0+", Tag = 0)]
    public List<int>? Isr { get; set; }

    /// <summary>int32, versions 0+; tag 1 in 0+; default -2.</summary>
    [Field("0+", Tagged = "0+", Tag = 1)]
    public int Leader { get; set; } = -2;

    /// <summary>[]int32, versions 0+; null allowed in 0+; tag 2 in 0+; default null.</summary>
    [Field("0+", Nullable = "0+", Tagged = "0+", Tag = 2)]
    public List<int>? Replicas { get; set; }

    /// <summary>[]int32, versions 0+; null allowed in 0+; tag 3 in 0+; default null.</summary>
    [Field("0+", Nullable = "0+", Tagged = "0+", Tag = 3)]
    public List<int>? RemovingReplicas { get; set; }

    /// <summary>[]int32, versions 0+; null allowed in 0+; tag 4 in 0+; default null.</summary>
    [Field("0+", Nullable = "0+", Tagged = "0+", Tag = 4)]
    public List<int>? AddingReplicas { get; set; }

    /// <summary>int8, versions 0+; tag 5 in 0+; default -1.</summary>
    [Field("0+", Tagged = "0+", Tag = 5)]
    public sbyte LeaderRecoveryState { get; set; } = -1;

    /// <summary>[]uuid, versions 1+; null allowed in 1+; tag 8 in 1+; default null.</summary>
    [Field("1+", Nullable = "1+", Tagged = "1+", Tag = 8)]
    public List<Guid>? Directories { get; set; }

    /// <summary>[]int32, versions 2+; null allowed in 2+; tag 6 in 2+; default null.</summary>
    [Field("2+", Nullable = "2+", Tagged = "2+", Tag = 6)]
    public List<int>? EligibleLeaderReplicas { get; set; }

    /// <summary>[]int32, versions 2+; null allowed in 2+; tag 7 in 2+; default null.</summary>
    [Field("2+", Nullable = "2+", Tagged = "2+", Tag = 7)]
    public List<int>? LastKnownElr { get; set; }
}

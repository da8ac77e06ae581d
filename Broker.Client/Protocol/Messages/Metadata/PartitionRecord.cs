namespace AkkaStream.Client.Protocol;

/// <summary>PartitionRecord: metadata record; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+")]
public sealed partial record PartitionRecord : IApiMessage
{
    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int PartitionId { get; set; } = -1;

    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid TopicId { get; set; }

    /// <summary>[]int32, versions 0+.</summary>
    [Field("0+")]
    public List<int> Replicas { get; set; } = [];

    /// <summary>[]int32, versions 0+.</summary>
    [Field("0+")]
    public List<int> Isr { get; set; } = [];

    /// <summary>[]int32, versions 0+.</summary>
    [Field("0+")]
    public List<int> RemovingReplicas { get; set; } = [];

    /// <summary>[]int32, versions 0+.</summary>
    [Field("0+")]
    public List<int> AddingReplicas { get; set; } = [];

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int Leader { get; set; } = -1;

    /// <summary>int8, versions 0+; tag 0 in 0+.</summary>
    [Field("0+", Tagged = "0+", Tag = 0)]
    public sbyte LeaderRecoveryState { get; set; }

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int LeaderEpoch { get; set; } = -1;

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int PartitionEpoch { get; set; } = -1;

    /// <summary>[]uuid, versions 1+.</summary>
    [Field("1+")]
    public List<Guid> Directories { get; set; } = [];

    /// <summary>[]int32, versions 2+; null allowed in 2+; tag 1 in 2+; default null.</summary>
    [Field("2+", Nullable = "2+", Tagged = "2+", Tag = 1)]
    public List<int>? EligibleLeaderReplicas { get; set; }

    /// <summary>[]int32, versions 2+; null allowed in 2+; tag 2 in 2+; default null.</summary>
    [Field("2+", Nullable = "2+", Tagged = "2+", Tag = 2)]
    public List<int>? LastKnownElr { get; set; }
}

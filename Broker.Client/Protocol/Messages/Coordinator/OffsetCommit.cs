namespace AkkaStream.Client.Protocol;

/// <summary>OffsetCommitKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record OffsetCommitKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string Group { get; set; } = "";

    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string Topic { get; set; } = "";

    /// <summary>int32, versions 0.</summary>
    [Field("0")]
    public int Partition { get; set; }
}

/// <summary>OffsetCommitValue: value of a coordinator record; versions 0-4, flexible 4+.</summary>
[ApiMessage("0-4", "4+")]
public sealed partial record OffsetCommitValue : IApiMessage
{
    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long Offset { get; set; }

    /// <summary>int32, versions 3+; default -1.</summary>
    [Field("3+", Ignorable = true)]
    public int LeaderEpoch { get; set; } = -1;

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string Metadata { get; set; } = "";

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long CommitTimestamp { get; set; }

    /// <summary>int64, versions 1; default -1.</summary>
    [Field("1", Ignorable = true)]
    public long ExpireTimestamp { get; set; } = -1;

    /// <summary>uuid, versions 4+; tag 0 in 4+.</summary>
    [Field("4+", Tagged = "4+", Tag = 0, Ignorable = true)]
    public Guid TopicId { get; set; }
}

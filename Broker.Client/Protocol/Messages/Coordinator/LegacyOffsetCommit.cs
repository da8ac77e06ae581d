namespace AkkaStream.Client.Protocol;

/// <summary>LegacyOffsetCommitKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record LegacyOffsetCommitKey : IApiMessage
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

/// <summary>LegacyOffsetCommitValue: value of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record LegacyOffsetCommitValue : IApiMessage
{
    /// <summary>int64, versions 0.</summary>
    [Field("0")]
    public long Offset { get; set; }

    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string Metadata { get; set; } = "";

    /// <summary>int64, versions 0.</summary>
    [Field("0")]
    public long CommitTimestamp { get; set; }
}

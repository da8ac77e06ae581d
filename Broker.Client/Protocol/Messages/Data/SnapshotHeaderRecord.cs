namespace AkkaStream.Client.Protocol;

/// <summary>SnapshotHeaderRecord: data; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record SnapshotHeaderRecord : IApiMessage
{
    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short Version { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long LastContainedLogTimestamp { get; set; }
}

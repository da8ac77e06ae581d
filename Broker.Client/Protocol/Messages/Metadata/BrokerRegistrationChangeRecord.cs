namespace AkkaStream.Client.Protocol;

/// <summary>BrokerRegistrationChangeRecord: metadata record; versions 0-3, flexible 0+.</summary>
[ApiMessage("0-3", "0+")]
public sealed partial record BrokerRegistrationChangeRecord : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long BrokerEpoch { get; set; }

    /// <summary>int8, versions 0+; tag 0 in 0+.</summary>
    [Field("0+", Tagged = "0+", Tag = 0)]
    public sbyte Fenced { get; set; }

    /// <summary>int8, versions 1+; tag 1 in 1+.</summary>
    [Field("1+", Tagged = "1+", Tag = 1)]
    public sbyte InControlledShutdown { get; set; }

    /// <summary>[]uuid, versions 2+; tag 2 in 2+.</summary>
    [Field("2+", Tagged = "2+", Tag = 2)]
    public List<Guid> LogDirs { get; set; } = [];

    /// <summary>[]uuid, versions 3+; null allowed in 3+; tag 3 in 3+; default null.</summary>
    [Field("3+", Nullable = "3+", Tagged = "3+", Tag = 3)]
    public List<Guid>? CordonedLogDirs { get; set; }
}

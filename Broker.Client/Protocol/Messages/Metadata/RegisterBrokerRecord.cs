namespace AkkaStream.Client.Protocol;

/// <summary>RegisterBrokerRecord: metadata record; versions 0-4, flexible 0+.</summary>
[ApiMessage("0-4", "0+")]
public sealed partial record RegisterBrokerRecord : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>bool, versions 2+.</summary>
    [Field("2+")]
    public bool IsMigratingZkBroker { get; set; }

    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid IncarnationId { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long BrokerEpoch { get; set; }

    /// <summary>[]BrokerEndpoint, versions 0+.</summary>
    [Field("0+")]
    public List<BrokerEndpoint> EndPoints { get; set; } = [];

    /// <summary>[]BrokerFeature, versions 0+.</summary>
    [Field("0+")]
    public List<BrokerFeature> Features { get; set; } = [];

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? Rack { get; set; } = "";

    /// <summary>bool, versions 0+; default true.</summary>
    [Field("0+")]
    public bool Fenced { get; set; } = true;

    /// <summary>bool, versions 1+.</summary>
    [Field("1+")]
    public bool InControlledShutdown { get; set; }

    /// <summary>[]uuid, versions 3+; tag 0 in 3+.</summary>
    [Field("3+", Tagged = "3+", Tag = 0)]
    public List<Guid> LogDirs { get; set; } = [];

    /// <summary>[]uuid, versions 4+; null allowed in 4+; tag 1 in 4+; default null.</summary>
    [Field("4+", Nullable = "4+", Tagged = "4+", Tag = 1)]
    public List<Guid>? CordonedLogDirs { get; set; }

    /// <summary>Part of RegisterBrokerRecord.</summary>
    public sealed partial record BrokerEndpoint
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Host { get; set; } = "";

        /// <summary>uint16, versions 0+.</summary>
        [Field("0+")]
        public ushort Port { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short SecurityProtocol { get; set; }
    }

    /// <summary>Part of RegisterBrokerRecord.</summary>
    public sealed partial record BrokerFeature
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short MinSupportedVersion { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short MaxSupportedVersion { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>BrokerRegistration (API 62), request; versions 0-4, flexible 0+.</summary>
[ApiMessage("0-4", "0+", Key = ApiKey.BrokerRegistration)]
public sealed partial record BrokerRegistrationRequest : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int BrokerId { get; set; }

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string ClusterId { get; set; } = "";

    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid IncarnationId { get; set; }

    /// <summary>[]Listener, versions 0+.</summary>
    [Field("0+")]
    public List<Listener> Listeners { get; set; } = [];

    /// <summary>[]Feature, versions 0+.</summary>
    [Field("0+")]
    public List<Feature> Features { get; set; } = [];

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? Rack { get; set; } = "";

    /// <summary>bool, versions 1+.</summary>
    [Field("1+")]
    public bool IsMigratingZkBroker { get; set; }

    /// <summary>[]uuid, versions 2+.</summary>
    [Field("2+", Ignorable = true)]
    public List<Guid> LogDirs { get; set; } = [];

    /// <summary>int64, versions 3+; default -1.</summary>
    [Field("3+", Ignorable = true)]
    public long PreviousBrokerEpoch { get; set; } = -1;

    /// <summary>Part of BrokerRegistrationRequest.</summary>
    public sealed partial record Listener
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

    /// <summary>Part of BrokerRegistrationRequest.</summary>
    public sealed partial record Feature
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

/// <summary>BrokerRegistration (API 62), answer; versions 0-4, flexible 0+.</summary>
[ApiMessage("0-4", "0+", Key = ApiKey.BrokerRegistration)]
public sealed partial record BrokerRegistrationResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>int64, versions 0+; default -1.</summary>
    [Field("0+")]
    public long BrokerEpoch { get; set; } = -1;
}

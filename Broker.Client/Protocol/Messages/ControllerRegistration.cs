namespace AkkaStream.Client.Protocol;

/// <summary>ControllerRegistration (API 70), request; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.ControllerRegistration)]
public sealed partial record ControllerRegistrationRequest : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ControllerId { get; set; }

    /// <summary>uuid, versions 0+.</summary>
    [Field("0+")]
    public Guid IncarnationId { get; set; }

    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool ZkMigrationReady { get; set; }

    /// <summary>[]Listener, versions 0+.</summary>
    [Field("0+")]
    public List<Listener> Listeners { get; set; } = [];

    /// <summary>[]Feature, versions 0+.</summary>
    [Field("0+")]
    public List<Feature> Features { get; set; } = [];

    /// <summary>Part of ControllerRegistrationRequest.</summary>
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

    /// <summary>Part of ControllerRegistrationRequest.</summary>
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

/// <summary>ControllerRegistration (API 70), answer; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+", Key = ApiKey.ControllerRegistration)]
public sealed partial record ControllerRegistrationResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; } = "";
}

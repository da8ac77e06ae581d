namespace AkkaStream.Client.Protocol;

/// <summary>RegisterControllerRecord: metadata record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record RegisterControllerRecord : IApiMessage
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

    /// <summary>[]ControllerEndpoint, versions 0+.</summary>
    [Field("0+")]
    public List<ControllerEndpoint> EndPoints { get; set; } = [];

    /// <summary>[]ControllerFeature, versions 0+.</summary>
    [Field("0+")]
    public List<ControllerFeature> Features { get; set; } = [];

    /// <summary>Part of RegisterControllerRecord.</summary>
    public sealed partial record ControllerEndpoint
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

    /// <summary>Part of RegisterControllerRecord.</summary>
    public sealed partial record ControllerFeature
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

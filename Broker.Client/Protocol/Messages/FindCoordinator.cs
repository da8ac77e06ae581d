namespace AkkaStream.Client.Protocol;

/// <summary>FindCoordinator (API 10), request; versions 0-6, flexible 3+.</summary>
[ApiMessage("0-6", "3+", Key = ApiKey.FindCoordinator)]
public sealed partial record FindCoordinatorRequest : IApiMessage
{
    /// <summary>string, versions 0-3.</summary>
    [Field("0-3")]
    public string Key { get; set; } = "";

    /// <summary>int8, versions 1+.</summary>
    [Field("1+")]
    public sbyte KeyType { get; set; }

    /// <summary>[]string, versions 4+.</summary>
    [Field("4+")]
    public List<string> CoordinatorKeys { get; set; } = [];
}

/// <summary>FindCoordinator (API 10), answer; versions 0-6, flexible 3+.</summary>
[ApiMessage("0-6", "3+", Key = ApiKey.FindCoordinator)]
public sealed partial record FindCoordinatorResponse : IApiMessage
{
    /// <summary>int32, versions 1+.</summary>
    [Field("1+", Ignorable = true)]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0-3.</summary>
    [Field("0-3")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 1-3; null allowed in 1-3.</summary>
    [Field("1-3", Nullable = "1-3", Ignorable = true)]
    public string? ErrorMessage { get; set; } = "";

    /// <summary>int32, versions 0-3.</summary>
    [Field("0-3")]
    public int NodeId { get; set; }

    /// <summary>string, versions 0-3.</summary>
    [Field("0-3")]
    public string Host { get; set; } = "";

    /// <summary>int32, versions 0-3.</summary>
    [Field("0-3")]
    public int Port { get; set; }

    /// <summary>[]Coordinator, versions 4+.</summary>
    [Field("4+")]
    public List<Coordinator> Coordinators { get; set; } = [];

    /// <summary>Part of FindCoordinatorResponse.</summary>
    public sealed partial record Coordinator
    {
        /// <summary>string, versions 4+.</summary>
        [Field("4+")]
        public string Key { get; set; } = "";

        /// <summary>int32, versions 4+.</summary>
        [Field("4+")]
        public int NodeId { get; set; }

        /// <summary>string, versions 4+.</summary>
        [Field("4+")]
        public string Host { get; set; } = "";

        /// <summary>int32, versions 4+.</summary>
        [Field("4+")]
        public int Port { get; set; }

        /// <summary>int16, versions 4+.</summary>
        [Field("4+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 4+; null allowed in 4+.</summary>
        [Field("4+", Nullable = "4+", Ignorable = true)]
        public string? ErrorMessage { get; set; } = "";
    }
}

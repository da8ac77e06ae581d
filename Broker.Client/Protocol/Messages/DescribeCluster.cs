namespace AkkaStream.Client.Protocol;

/// <summary>DescribeCluster (API 60), request; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.DescribeCluster)]
public sealed partial record DescribeClusterRequest : IApiMessage
{
    /// <summary>bool, versions 0+.</summary>
    [Field("0+")]
    public bool IncludeClusterAuthorizedOperations { get; set; }

    /// <summary>int8, versions 1+; default 1.</summary>
    [Field("1+")]
    public sbyte EndpointType { get; set; } = 1;

    /// <summary>bool, versions 2+.</summary>
    [Field("2+")]
    public bool IncludeFencedBrokers { get; set; }
}

/// <summary>DescribeCluster (API 60), answer; versions 0-2, flexible 0+.</summary>
[ApiMessage("0-2", "0+", Key = ApiKey.DescribeCluster)]
public sealed partial record DescribeClusterResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
    [Field("0+", Nullable = "0+")]
    public string? ErrorMessage { get; set; }

    /// <summary>int8, versions 1+; default 1.</summary>
    [Field("1+")]
    public sbyte EndpointType { get; set; } = 1;

    /// <summary>string, versions 0+.</summary>
    [Field("0+")]
    public string ClusterId { get; set; } = "";

    /// <summary>int32, versions 0+; default -1.</summary>
    [Field("0+")]
    public int ControllerId { get; set; } = -1;

    /// <summary>[]DescribeClusterBroker, versions 0+.</summary>
    [Field("0+")]
    public List<DescribeClusterBroker> Brokers { get; set; } = [];

    /// <summary>int32, versions 0+; default -2147483648.</summary>
    [Field("0+")]
    public int ClusterAuthorizedOperations { get; set; } = int.MinValue;

    /// <summary>Part of DescribeClusterResponse.</summary>
    public sealed partial record DescribeClusterBroker
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int BrokerId { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Host { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Port { get; set; }

        /// <summary>string, versions 0+; null allowed in 0+; default null.</summary>
        [Field("0+", Nullable = "0+")]
        public string? Rack { get; set; }

        /// <summary>bool, versions 2+.</summary>
        [Field("2+")]
        public bool IsFenced { get; set; }

        /// <summary>bool, versions 2+; tag 1001 in 2+. AkkaStream's own: the broker is about to stop. Others do not know the tag and pass over it.</summary>
        [Field("2+", Tagged = "2+", Tag = 1001, Ignorable = true)]
        public bool IsShuttingDown { get; set; }
    }
}

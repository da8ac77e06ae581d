namespace AkkaStream.Client.Protocol;

/// <summary>DescribeLogDirs (API 35), request; versions 0-5, flexible 2+.</summary>
[ApiMessage("0-5", "2+", Key = ApiKey.DescribeLogDirs)]
public sealed partial record DescribeLogDirsRequest : IApiMessage
{
    /// <summary>[]DescribableLogDirTopic, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public List<DescribableLogDirTopic>? Topics { get; set; } = [];

    /// <summary>Part of DescribeLogDirsRequest.</summary>
    public sealed partial record DescribableLogDirTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

/// <summary>DescribeLogDirs (API 35), answer; versions 0-5, flexible 2+.</summary>
[ApiMessage("0-5", "2+", Key = ApiKey.DescribeLogDirs)]
public sealed partial record DescribeLogDirsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>int16, versions 3+.</summary>
    [Field("3+", Ignorable = true)]
    public ErrorCode ErrorCode { get; set; }

    /// <summary>[]DescribeLogDirsResult, versions 0+.</summary>
    [Field("0+")]
    public List<DescribeLogDirsResult> Results { get; set; } = [];

    /// <summary>Part of DescribeLogDirsResponse.</summary>
    public sealed partial record DescribeLogDirsResult
    {
        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string LogDir { get; set; } = "";

        /// <summary>[]DescribeLogDirsTopic, versions 0+.</summary>
        [Field("0+")]
        public List<DescribeLogDirsTopic> Topics { get; set; } = [];

        /// <summary>int64, versions 4+; default -1.</summary>
        [Field("4+", Ignorable = true)]
        public long TotalBytes { get; set; } = -1;

        /// <summary>int64, versions 4+; default -1.</summary>
        [Field("4+", Ignorable = true)]
        public long UsableBytes { get; set; } = -1;

        /// <summary>bool, versions 5+.</summary>
        [Field("5+", Ignorable = true)]
        public bool IsCordoned { get; set; }
    }

    /// <summary>Part of DescribeLogDirsResponse.</summary>
    public sealed partial record DescribeLogDirsTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]DescribeLogDirsPartition, versions 0+.</summary>
        [Field("0+")]
        public List<DescribeLogDirsPartition> Partitions { get; set; } = [];
    }

    /// <summary>Part of DescribeLogDirsResponse.</summary>
    public sealed partial record DescribeLogDirsPartition
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long PartitionSize { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long OffsetLag { get; set; }

        /// <summary>bool, versions 0+.</summary>
        [Field("0+")]
        public bool IsFutureKey { get; set; }
    }
}

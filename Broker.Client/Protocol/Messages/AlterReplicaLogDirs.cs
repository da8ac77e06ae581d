namespace AkkaStream.Client.Protocol;

/// <summary>AlterReplicaLogDirs (API 34), request; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.AlterReplicaLogDirs)]
public sealed partial record AlterReplicaLogDirsRequest : IApiMessage
{
    /// <summary>[]AlterReplicaLogDir, versions 0+.</summary>
    [Field("0+")]
    public List<AlterReplicaLogDir> Dirs { get; set; } = [];

    /// <summary>Part of AlterReplicaLogDirsRequest.</summary>
    public sealed partial record AlterReplicaLogDir
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Path { get; set; } = "";

        /// <summary>[]AlterReplicaLogDirTopic, versions 0+.</summary>
        [Field("0+")]
        public List<AlterReplicaLogDirTopic> Topics { get; set; } = [];
    }

    /// <summary>Part of AlterReplicaLogDirsRequest.</summary>
    public sealed partial record AlterReplicaLogDirTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> Partitions { get; set; } = [];
    }
}

/// <summary>AlterReplicaLogDirs (API 34), answer; versions 0-2, flexible 2+.</summary>
[ApiMessage("0-2", "2+", Key = ApiKey.AlterReplicaLogDirs)]
public sealed partial record AlterReplicaLogDirsResponse : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int ThrottleTimeMs { get; set; }

    /// <summary>[]AlterReplicaLogDirTopicResult, versions 0+.</summary>
    [Field("0+")]
    public List<AlterReplicaLogDirTopicResult> Results { get; set; } = [];

    /// <summary>Part of AlterReplicaLogDirsResponse.</summary>
    public sealed partial record AlterReplicaLogDirTopicResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string TopicName { get; set; } = "";

        /// <summary>[]AlterReplicaLogDirPartitionResult, versions 0+.</summary>
        [Field("0+")]
        public List<AlterReplicaLogDirPartitionResult> Partitions { get; set; } = [];
    }

    /// <summary>Part of AlterReplicaLogDirsResponse.</summary>
    public sealed partial record AlterReplicaLogDirPartitionResult
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }
    }
}

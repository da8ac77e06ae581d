namespace AkkaStream.Client.Protocol;

/// <summary>StreamsGroupTopologyKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record StreamsGroupTopologyKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";
}

/// <summary>StreamsGroupTopologyValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record StreamsGroupTopologyValue : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int Epoch { get; set; }

    /// <summary>[]Subtopology, versions 0+.</summary>
    [Field("0+")]
    public List<Subtopology> Subtopologies { get; set; } = [];

    /// <summary>Part of StreamsGroupTopologyValue.</summary>
    public sealed partial record Subtopology
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string SubtopologyId { get; set; } = "";

        /// <summary>[]string, versions 0+.</summary>
        [Field("0+")]
        public List<string> SourceTopics { get; set; } = [];

        /// <summary>[]string, versions 0+.</summary>
        [Field("0+")]
        public List<string> SourceTopicRegex { get; set; } = [];

        /// <summary>[]TopicInfo, versions 0+.</summary>
        [Field("0+")]
        public List<TopicInfo> StateChangelogTopics { get; set; } = [];

        /// <summary>[]string, versions 0+.</summary>
        [Field("0+")]
        public List<string> RepartitionSinkTopics { get; set; } = [];

        /// <summary>[]TopicInfo, versions 0+.</summary>
        [Field("0+")]
        public List<TopicInfo> RepartitionSourceTopics { get; set; } = [];

        /// <summary>[]CopartitionGroup, versions 0+.</summary>
        [Field("0+")]
        public List<CopartitionGroup> CopartitionGroups { get; set; } = [];
    }

    /// <summary>Part of StreamsGroupTopologyValue.</summary>
    public sealed partial record TopicInfo
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int Partitions { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short ReplicationFactor { get; set; }

        /// <summary>[]TopicConfig, versions 0+.</summary>
        [Field("0+")]
        public List<TopicConfig> TopicConfigs { get; set; } = [];
    }

    /// <summary>Part of StreamsGroupTopologyValue.</summary>
    public sealed partial record TopicConfig
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Key { get; set; } = "";

        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Value { get; set; } = "";
    }

    /// <summary>Part of StreamsGroupTopologyValue.</summary>
    public sealed partial record CopartitionGroup
    {
        /// <summary>[]int16, versions 0+.</summary>
        [Field("0+")]
        public List<short> SourceTopics { get; set; } = [];

        /// <summary>[]int16, versions 0+.</summary>
        [Field("0+")]
        public List<short> SourceTopicRegex { get; set; } = [];

        /// <summary>[]int16, versions 0+.</summary>
        [Field("0+")]
        public List<short> RepartitionSourceTopics { get; set; } = [];
    }
}

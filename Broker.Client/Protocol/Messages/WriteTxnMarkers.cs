namespace AkkaStream.Client.Protocol;

/// <summary>WriteTxnMarkers (API 27), request; versions 0-2, flexible 1+.</summary>
[ApiMessage("0-2", "1+", Key = ApiKey.WriteTxnMarkers)]
public sealed partial record WriteTxnMarkersRequest : IApiMessage
{
    /// <summary>[]WritableTxnMarker, versions 0+.</summary>
    [Field("0+")]
    public List<WritableTxnMarker> Markers { get; set; } = [];

    /// <summary>Part of WriteTxnMarkersRequest.</summary>
    public sealed partial record WritableTxnMarker
    {
        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long ProducerId { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short ProducerEpoch { get; set; }

        /// <summary>bool, versions 0+.</summary>
        [Field("0+")]
        public bool TransactionResult { get; set; }

        /// <summary>[]WritableTxnMarkerTopic, versions 0+.</summary>
        [Field("0+")]
        public List<WritableTxnMarkerTopic> Topics { get; set; } = [];

        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int CoordinatorEpoch { get; set; }

        /// <summary>int8, versions 2+.</summary>
        [Field("2+", Ignorable = true)]
        public sbyte TransactionVersion { get; set; }
    }

    /// <summary>Part of WriteTxnMarkersRequest.</summary>
    public sealed partial record WritableTxnMarkerTopic
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> PartitionIndexes { get; set; } = [];
    }
}

/// <summary>WriteTxnMarkers (API 27), answer; versions 0-2, flexible 1+.</summary>
[ApiMessage("0-2", "1+", Key = ApiKey.WriteTxnMarkers)]
public sealed partial record WriteTxnMarkersResponse : IApiMessage
{
    /// <summary>[]WritableTxnMarkerResult, versions 0+.</summary>
    [Field("0+")]
    public List<WritableTxnMarkerResult> Markers { get; set; } = [];

    /// <summary>Part of WriteTxnMarkersResponse.</summary>
    public sealed partial record WritableTxnMarkerResult
    {
        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long ProducerId { get; set; }

        /// <summary>[]WritableTxnMarkerTopicResult, versions 0+.</summary>
        [Field("0+")]
        public List<WritableTxnMarkerTopicResult> Topics { get; set; } = [];
    }

    /// <summary>Part of WriteTxnMarkersResponse.</summary>
    public sealed partial record WritableTxnMarkerTopicResult
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Name { get; set; } = "";

        /// <summary>[]WritableTxnMarkerPartitionResult, versions 0+.</summary>
        [Field("0+")]
        public List<WritableTxnMarkerPartitionResult> Partitions { get; set; } = [];
    }

    /// <summary>Part of WriteTxnMarkersResponse.</summary>
    public sealed partial record WritableTxnMarkerPartitionResult
    {
        /// <summary>int32, versions 0+.</summary>
        [Field("0+")]
        public int PartitionIndex { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public ErrorCode ErrorCode { get; set; }
    }
}

namespace AkkaStream.Client.Protocol;

/// <summary>ShareSnapshotKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record ShareSnapshotKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string GroupId { get; set; } = "";

    /// <summary>uuid, versions 0.</summary>
    [Field("0")]
    public Guid TopicId { get; set; }

    /// <summary>int32, versions 0.</summary>
    [Field("0")]
    public int Partition { get; set; }
}

/// <summary>ShareSnapshotValue: value of a coordinator record; versions 0, flexible 0+.</summary>
[ApiMessage("0", "0+")]
public sealed partial record ShareSnapshotValue : IApiMessage
{
    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int SnapshotEpoch { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int StateEpoch { get; set; }

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int LeaderEpoch { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long StartOffset { get; set; }

    /// <summary>int32, versions 0+; tag 0 in 0+; default -1.</summary>
    [Field("0+", Tagged = "0+", Tag = 0)]
    public int DeliveryCompleteCount { get; set; } = -1;

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long CreateTimestamp { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long WriteTimestamp { get; set; }

    /// <summary>[]StateBatch, versions 0+.</summary>
    [Field("0+")]
    public List<StateBatch> StateBatches { get; set; } = [];

    /// <summary>Part of ShareSnapshotValue.</summary>
    public sealed partial record StateBatch
    {
        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long FirstOffset { get; set; }

        /// <summary>int64, versions 0+.</summary>
        [Field("0+")]
        public long LastOffset { get; set; }

        /// <summary>int8, versions 0+.</summary>
        [Field("0+")]
        public sbyte DeliveryState { get; set; }

        /// <summary>int16, versions 0+.</summary>
        [Field("0+")]
        public short DeliveryCount { get; set; }
    }
}

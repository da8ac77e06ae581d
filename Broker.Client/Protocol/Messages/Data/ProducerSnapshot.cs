namespace AkkaStream.Client.Protocol;

/// <summary>ProducerSnapshot: data; versions 1, flexible none.</summary>
[ApiMessage("1", "none")]
public sealed partial record ProducerSnapshot : IApiMessage
{
    /// <summary>uint32, versions 1.</summary>
    [Field("1")]
    public uint Crc { get; set; }

    /// <summary>[]ProducerEntry, versions 1.</summary>
    [Field("1")]
    public List<ProducerEntry> ProducerEntries { get; set; } = [];

    /// <summary>Part of ProducerSnapshot.</summary>
    public sealed partial record ProducerEntry
    {
        /// <summary>int64, versions 1.</summary>
        [Field("1")]
        public long ProducerId { get; set; }

        /// <summary>int16, versions 1.</summary>
        [Field("1")]
        public short Epoch { get; set; }

        /// <summary>int32, versions 1.</summary>
        [Field("1")]
        public int LastSequence { get; set; }

        /// <summary>int64, versions 1.</summary>
        [Field("1")]
        public long LastOffset { get; set; }

        /// <summary>int32, versions 1.</summary>
        [Field("1")]
        public int OffsetDelta { get; set; }

        /// <summary>int64, versions 1.</summary>
        [Field("1")]
        public long Timestamp { get; set; }

        /// <summary>int32, versions 1.</summary>
        [Field("1")]
        public int CoordinatorEpoch { get; set; }

        /// <summary>int64, versions 1.</summary>
        [Field("1")]
        public long CurrentTxnFirstOffset { get; set; }
    }
}

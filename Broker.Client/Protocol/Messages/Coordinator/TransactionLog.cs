namespace AkkaStream.Client.Protocol;

/// <summary>TransactionLogKey: key of a coordinator record; versions 0, flexible none.</summary>
[ApiMessage("0", "none")]
public sealed partial record TransactionLogKey : IApiMessage
{
    /// <summary>string, versions 0.</summary>
    [Field("0")]
    public string TransactionalId { get; set; } = "";
}

/// <summary>TransactionLogValue: value of a coordinator record; versions 0-1, flexible 1+.</summary>
[ApiMessage("0-1", "1+")]
public sealed partial record TransactionLogValue : IApiMessage
{
    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long ProducerId { get; set; }

    /// <summary>int64, versions 1+; tag 0 in 1+; default -1.</summary>
    [Field("1+", Tagged = "1+", Tag = 0)]
    public long PreviousProducerId { get; set; } = -1;

    /// <summary>int64, versions 1+; tag 1 in 1+; default -1.</summary>
    [Field("1+", Tagged = "1+", Tag = 1)]
    public long NextProducerId { get; set; } = -1;

    /// <summary>int16, versions 0+.</summary>
    [Field("0+")]
    public short ProducerEpoch { get; set; }

    /// <summary>int16, versions 1+; tag 3 in 1+; default -1.</summary>
    [Field("1+", Tagged = "1+", Tag = 3)]
    public short NextProducerEpoch { get; set; } = -1;

    /// <summary>int32, versions 0+.</summary>
    [Field("0+")]
    public int TransactionTimeoutMs { get; set; }

    /// <summary>int8, versions 0+.</summary>
    [Field("0+")]
    public sbyte TransactionStatus { get; set; }

    /// <summary>[]PartitionsSchema, versions 0+; null allowed in 0+.</summary>
    [Field("0+", Nullable = "0+")]
    public List<PartitionsSchema>? TransactionPartitions { get; set; } = [];

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long TransactionLastUpdateTimestampMs { get; set; }

    /// <summary>int64, versions 0+.</summary>
    [Field("0+")]
    public long TransactionStartTimestampMs { get; set; }

    /// <summary>int16, versions 1+; tag 2 in 1+.</summary>
    [Field("1+", Tagged = "1+", Tag = 2)]
    public short ClientTransactionVersion { get; set; }

    /// <summary>Part of TransactionLogValue.</summary>
    public sealed partial record PartitionsSchema
    {
        /// <summary>string, versions 0+.</summary>
        [Field("0+")]
        public string Topic { get; set; } = "";

        /// <summary>[]int32, versions 0+.</summary>
        [Field("0+")]
        public List<int> PartitionIds { get; set; } = [];
    }
}

namespace AkkaStream.Client.Records;

/// <summary>What a record's timestamp means.</summary>
public enum TimestampType : byte
{
    /// <summary>The producer's: when the record was made.</summary>
    CreateTime = 0,

    /// <summary>The broker's: when the batch was appended; all records of a batch show its maximum timestamp.</summary>
    LogAppendTime = 1,
}

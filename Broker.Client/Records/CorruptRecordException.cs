namespace AkkaStream.Client.Records;

/// <summary>What is wrong with bytes that should be records.</summary>
public enum RecordFault
{
    /// <summary>The batch is not as its checksum says, or its lengths are impossible.</summary>
    Corrupt,

    /// <summary>The records do not fit what the batch says about them.</summary>
    Invalid,

    /// <summary>The codec refuses the bytes.</summary>
    Compression,

    /// <summary>The codec does not exist, or its library is not on this machine.</summary>
    UnsupportedCompression,

    /// <summary>What the bytes unfold to is over a limit.</summary>
    TooLarge,
}

/// <summary>Bytes that should be records cannot be read.</summary>
public sealed class CorruptRecordException : Exception
{
    /// <summary>An error with its cause in one sentence.</summary>
    public CorruptRecordException(RecordFault fault, string message, Exception? cause = null)
        : base(message, cause)
        => Fault = fault;

    /// <summary>What is wrong.</summary>
    public RecordFault Fault { get; }
}

namespace AkkaStream.Client.Compression;

/// <summary>How the records of a batch are compressed: the low three bits of its attributes. 5 to 7 do not exist.</summary>
public enum CompressionType : byte
{
    /// <summary>Not at all.</summary>
    None = 0,

    /// <summary>gzip (RFC 1952).</summary>
    Gzip = 1,

    /// <summary>snappy, in xerial's framing or as one raw block.</summary>
    Snappy = 2,

    /// <summary>LZ4 frames with independent blocks.</summary>
    Lz4 = 3,

    /// <summary>Zstandard frames.</summary>
    Zstd = 4,
}

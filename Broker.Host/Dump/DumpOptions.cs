namespace AkkaStream.Host.Dump;

/// <summary>What is shown of a file.</summary>
public sealed record DumpOptions
{
    /// <summary>Also the records of each batch: offset, time, sizes, header names.</summary>
    public bool Records { get; init; }

    /// <summary>Also keys and values of the records, as text.</summary>
    public bool Data { get; init; }

    /// <summary>Of the records only keys and values.</summary>
    public bool WithoutMetadata { get; init; }

    /// <summary>Bytes of a log after which the dump ends.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>What the records' keys and values are; other than <see cref="DumpDecoder.None"/> shows them.</summary>
    public DumpDecoder Decoder { get; init; }

    /// <summary>Indexes are compared with their log, and only what is wrong is shown.</summary>
    public bool VerifiesOnly { get; init; }

    /// <summary>Of an index only whether a start would believe it.</summary>
    public bool ChecksOnly { get; init; }

    /// <summary>Bytes of the largest batch that an index may point at.</summary>
    public int MaxMessageSize { get; init; } = 5 << 20;

    /// <summary>JSON objects, one a line, instead of text.</summary>
    public bool Json { get; init; }

    /// <summary>Whether a log's records are shown.</summary>
    internal bool ShowsRecords => Records || Data || Decoder != DumpDecoder.None;
}

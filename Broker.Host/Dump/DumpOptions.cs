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

    /// <summary>JSON objects, one a line, instead of text.</summary>
    public bool Json { get; init; }
}

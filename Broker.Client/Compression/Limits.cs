namespace AkkaStream.Client;

/// <summary>The named limits of the client, the codecs and the record format: how much of anything there may be, and what happens then.</summary>
public static partial class Limits
{
    /// <summary>What any batch may unfold to, in bytes, however small it is. Beyond it and the ratio the batch is refused as too large.</summary>
    public const int DecompressedFloor = 64 << 20;

    /// <summary>How many times its size a batch may unfold to once it is past the floor: a little more than gzip can reach.</summary>
    public const int DecompressionRatio = 1100;

    /// <summary>Base-2 logarithm of the largest zstd window that is accepted (zstd's own default): a batch that asks for more is refused.</summary>
    public const int ZstdWindowLog = 27;

    /// <summary>Idle codec contexts of one kind that are kept for reuse. More are freed.</summary>
    public const int PooledCodecContexts = 4;

    /// <summary>A codec context that grew beyond so many bytes is freed, not kept.</summary>
    public const int PooledCodecContextBytes = 4 << 20;

    /// <summary>The most that <paramref name="compressed"/> bytes of a batch may unfold to.</summary>
    public static long DecompressedBytes(int compressed)
        => Math.Min(int.MaxValue, Math.Max(DecompressedFloor, (long)compressed * DecompressionRatio));
}

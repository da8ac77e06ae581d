namespace AkkaStream.Actors;

public static partial class Limits
{
    /// <summary>
    /// Bytes of records that a coordinator gathers into one batch before it sends the batch off although an earlier one is still under way. What one
    /// message writes is never divided, so a batch may be larger by that.
    /// </summary>
    public const int CoordinatorBatchBytes = 512 << 10;

    /// <summary>A coordinator's batch buffer that grew beyond so many bytes is given back after use instead of being kept.</summary>
    public const int CoordinatorBufferBytes = 64 << 10;

    /// <summary>Batch buffers that a coordinator keeps for its next batches.</summary>
    public const int CoordinatorBuffers = 2;

    /// <summary>Producers whose last marker a coordinator remembers. Beyond that all are forgotten, and a client that is committing offsets in a transaction at that moment has to ask once more.</summary>
    public const int RecentMarkers = 10_000;

    /// <summary>Pause, in ms, before a coordinator whose partition could not be read tries again.</summary>
    public const int CoordinatorReloadMs = 5000;
}

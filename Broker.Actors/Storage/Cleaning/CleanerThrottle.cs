namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>The rate that all cleanings of a broker share. Safe from any thread.</summary>
internal sealed class CleanerThrottle
{
    private readonly Lock _gate = new();
    private double _freeAtMs;

    /// <summary>So many bytes were read and written: how long to wait before the next.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="bytesPerSecond">The rate now.</param>
    /// <param name="nowMs">Now, milliseconds since 1970.</param>
    public TimeSpan Take(long bytes, double bytesPerSecond, long nowMs)
    {
        lock (_gate)
        {
            // What was not used before is not saved up.
            _freeAtMs = Math.Max(_freeAtMs, nowMs) + (bytes * 1000.0 / Math.Max(bytesPerSecond, 1));
            var wait = Math.Min(_freeAtMs - nowMs, Limits.CleanerLongestPauseMs);
            return wait < 1 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(wait);
        }
    }
}

namespace AkkaStream.Actors;

public static partial class Limits
{
    /// <summary>Bytes of a cleaned segment that are written before they are made durable.</summary>
    internal const int CleanerUnflushedBytes = 32 << 20;

    /// <summary>A buffer of unfolded records that grew beyond so many bytes is given back before the next batch.</summary>
    internal const int CleanerUnfoldedBytes = 4 << 20;

    /// <summary>Most segments that become one in a cleaning: all of them are open while they are swapped.</summary>
    internal const int CleanerGroupSegments = 200;

    /// <summary>Longest pause of the cleaner, in ms, whatever its configuration says: a new configuration is seen no later.</summary>
    internal const int CleanerLongestPauseMs = 60 * 60 * 1000;

    /// <summary>Pause, in ms, before a log is tried again whose cleaning the disk refused.</summary>
    internal const int CleanerRetryMs = 60 * 1000;

    /// <summary>Least bytes of one of the cleaner's two buffers, whatever <c>log.cleaner.io.buffer.size</c> says.</summary>
    internal const int CleanerLeastBuffer = 4 << 10;

    /// <summary>Most bytes of one of the cleaner's two buffers, whatever <c>log.cleaner.io.buffer.size</c> says; a larger batch makes it grow.</summary>
    internal const int CleanerMostBuffer = 4 << 20;
}

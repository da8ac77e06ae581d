using AkkaStream.Actors.Storage.Cleaning;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions;

/// <summary>Asks a partition what a cleaning of its log would work on; answered with <see cref="CleaningPrepared"/>.</summary>
/// <param name="FirstDirty">Offset below which the log is clean.</param>
internal sealed record PrepareCleaning(long FirstDirty);

/// <summary>The answer to <see cref="PrepareCleaning"/>; null where there is nothing to clean.</summary>
internal sealed record CleaningPrepared(CleaningJob? Job);

/// <summary>Asks a partition to put a cleaned segment in its place; answered with <see cref="GroupSwapped"/>.</summary>
internal sealed record SwapGroup(CleanedGroup Group);

/// <summary>The answer to <see cref="SwapGroup"/>.</summary>
internal sealed record GroupSwapped(ErrorCode Error);

/// <summary>Tells a cleaning to go on.</summary>
internal sealed record ContinueCleaning
{
    public static readonly ContinueCleaning Instance = new();
}

/// <summary>A cleaning has ended.</summary>
/// <param name="Partition">Whose.</param>
/// <param name="State">How.</param>
/// <param name="Failure">Why it failed, or null.</param>
/// <param name="IsPassing">The disk failed, which may end: the log is worth another try.</param>
/// <param name="NextDirty">Where the log is dirty from now on, where it was done.</param>
/// <param name="BytesRead">Bytes read.</param>
/// <param name="BytesWritten">Bytes written.</param>
internal sealed record CleaningEnded(PartitionHandle Partition, CleaningState State, string? Failure, bool IsPassing, long NextDirty, long BytesRead, long BytesWritten);

/// <summary>Tells the cleaner to look for work.</summary>
internal sealed record LookForWork
{
    public static readonly LookForWork Instance = new();
}

/// <summary>Tells the cleaner to break off what is under way and to begin nothing more: logs will be closed.</summary>
/// <param name="Done">Called when nothing is under way any more.</param>
internal sealed record StopCleaning(Action Done);

using System.Collections.Frozen;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>What the cleaner did so far and where it stands; for metrics. From any thread.</summary>
public sealed class CleanerStatus
{
    private IReadOnlyDictionary<PartitionName, SetAsideLog> _aside = FrozenDictionary<PartitionName, SetAsideLog>.Empty;
    private long _cleanings;
    private long _bytesRead;
    private long _bytesWritten;
    private int _underWay;

    /// <summary>Cleanings that were done.</summary>
    public long Cleanings => Volatile.Read(ref _cleanings);

    /// <summary>Bytes that they read, each segment twice where it was dirty.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Bytes of the segments that they wrote.</summary>
    public long BytesWritten => Volatile.Read(ref _bytesWritten);

    /// <summary>Cleanings under way.</summary>
    public int UnderWay => Volatile.Read(ref _underWay);

    /// <summary>Logs that cannot be cleaned, and why.</summary>
    public IReadOnlyDictionary<PartitionName, SetAsideLog> Uncleanable => Volatile.Read(ref _aside);

    internal void Done(long read, long written)
    {
        Interlocked.Increment(ref _cleanings);
        Interlocked.Add(ref _bytesRead, read);
        Interlocked.Add(ref _bytesWritten, written);
    }

    internal void Show(CleanerChoice choice)
    {
        Volatile.Write(ref _underWay, choice.UnderWay.Count);
        Volatile.Write(ref _aside, choice.Aside.ToFrozenDictionary());
    }
}

namespace AkkaStream.Actors;

public static partial class Limits
{
    /// <summary>Bytes of the events of one persist in a journal's log; more are refused, and the actor goes on without them.</summary>
    public const int JournalBatchBytes = 16 << 20;

    /// <summary>Bytes of a snapshot; a larger one is not kept, and said so.</summary>
    public const int SnapshotBytes = 64 << 20;

    /// <summary>Bytes of a journal's log that are read at a time.</summary>
    internal const int JournalReadBytes = 256 << 10;
}

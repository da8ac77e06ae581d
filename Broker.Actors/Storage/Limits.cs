namespace AkkaStream.Actors;

/// <summary>The named limits of the broker: what each bounds, and what happens there.</summary>
public static partial class Limits
{
    /// <summary>
    /// Idempotent producers that one partition remembers; beyond, the ones that were silent longest are forgotten, an eighth at a time. One with an open
    /// transaction is never dropped: where all have one, a producer that is not known yet is refused with <c>THROTTLING_QUOTA_EXCEEDED</c>.
    /// </summary>
    public const int ProducersOfPartition = 100_000;

    /// <summary>Producers of one partition whose transactions are being verified at their coordinators; beyond, the one that was asked about first has to be asked about again.</summary>
    public const int TransactionVerifications = 10_000;

    /// <summary>Aborted transactions in the answer for one partition; where more concern the records, fewer records are given.</summary>
    public const int AbortedTransactionsOfFetch = 50_000;

    /// <summary>Aborted transactions that wait in memory while a log is recovered; beyond, they are written.</summary>
    internal const int WaitingAbortedTransactions = 64;

    /// <summary>Bytes of a checkpoint, snapshot or metadata file that are read; a longer file counts as damaged.</summary>
    public const int SmallFileBytes = 64 << 20;

    /// <summary>
    /// Log and index files that are held open for the next reader or writer: at most this many, and at most half of what the system lets the process open. Beyond,
    /// one that was not used lately is closed.
    /// </summary>
    public const int OpenLogFiles = 8192;

    /// <summary>Bytes read at a time while a segment is scanned. A longer batch is checked in pieces.</summary>
    public const int ScanBufferBytes = 256 << 10;

    /// <summary>Bytes read at a time while a batch is looked for behind an index entry.</summary>
    public const int ProbeBytes = 4096;

    /// <summary>Ranges of a segment that are remembered as checked; beyond, the smallest is forgotten and read once more when it is served again.</summary>
    internal const int CheckedRangesOfSegment = 32;

    /// <summary>Damaged places of a segment that are told; readers get the error at others too, without a line in the log.</summary>
    internal const int DamagesToldOfSegment = 16;

    /// <summary>Bytes of one batch that are unfolded to find the record for a timestamp; in a larger one the batch's first offset is the answer.</summary>
    public const int TimeLookupBatchBytes = 128 << 20;

    /// <summary>Bytes that must be free, a twentieth of a small volume, before a directory without room counts as one with room again.</summary>
    internal const long RoomAfterOutage = 64 << 20;

    /// <summary>Writes in a row that must have worked for the same, where free bytes do not tell: a quota, descriptors.</summary>
    internal const int WritesAfterOutage = 1000;

    /// <summary>Bytes that must be free for each partition that is to be made: its directory and first files. Where they are not, its topic is refused.</summary>
    internal const long RoomForPartition = 16 << 10;

    /// <summary>Characters of a file's name: what common file systems take. Longer ones are cut.</summary>
    internal const int FileNameLength = 255;
}

namespace AkkaStream.Actors;

public static partial class Limits
{
    /// <summary>
    /// Bytes that a partition may append before they are made durable in the background: what a start after a crash has to read again, and a clean stop
    /// has to wait for. Nothing waits for that flush, so the figure costs no acknowledgement anything.
    /// </summary>
    public const long UnflushedBytes = 64 << 20;

    /// <summary>Milliseconds that a transaction's first batch waits for its coordinator; then it is refused with <c>REQUEST_TIMED_OUT</c>, and all behind it.</summary>
    public const long VerificationWaitMs = 30_000;

    /// <summary>Milliseconds between two tries to open a log that could not be opened for lack of room.</summary>
    public const long ReopenMs = 10_000;

    /// <summary>Bytes that the scrubber reads at a time: what others wait for at most behind it.</summary>
    public const int ScrubStepBytes = 1 << 20;

    /// <summary>Bytes a second that the scrubber reads at most; it gets slower where the disk is, never faster.</summary>
    public const int ScrubBytesPerSecond = 64 << 20;

    /// <summary>Bytes that a move between log directories copies at a time, before another move has its turn; one batch where that is larger.</summary>
    public const int MovePieceBytes = 1 << 20;

    /// <summary>Bytes that the last step of a move copies at most while appends wait; where more came meanwhile, the copying goes on beside them.</summary>
    public const int MoveTailBytes = 4 << 20;

    /// <summary>Partitions that are not there yet and have a directory wished for them (AlterReplicaLogDirs); beyond, a wish is not remembered.</summary>
    public const int WishedDirectories = 10_000;
}

namespace AkkaStream.Host;

/// <summary>The limits of the Kafka door: what it holds at most, and what happens there.</summary>
public static partial class Limits
{
    /// <summary>Bytes of a connection's small receive buffer. A frame that fits is decoded where it lies; a larger one gets a buffer of its own.</summary>
    public const int ReceiveBlockBytes = 16 * 1024;

    /// <summary>Bytes that are read at a venture after a large frame: more would be copied for nothing when another large one follows.</summary>
    public const int ReadAheadAfterLargeFrame = 2 * 1024;

    /// <summary>Bytes of requests that all connections together may hold; a connection that needs more reads nothing until there is room. One frame may exceed it when it is alone.</summary>
    public const long RequestMemoryBytes = 32L * 1024 * 1024;

    /// <summary>Bytes of free buffers that are kept for the next frames; beyond it a buffer goes back to the system at once.</summary>
    public const long IdleBufferBytes = 16L * 1024 * 1024;

    /// <summary>Requests of one connection that may wait for their answers; at the limit the connection reads no more until half of them are sent.</summary>
    public const int UnansweredRequests = 1024;

    /// <summary>Bytes of unsent answers in memory that one connection may have; at the limit it reads no more requests until half of them are sent.</summary>
    public const long UnsentAnswerBytes = 2L * 1024 * 1024;

    /// <summary>Bytes that one turn of a connection receives or sends before other connections have theirs.</summary>
    public const int BytesOfATurn = 4 * 1024 * 1024;

    /// <summary>Bytes received by a loop's thread in one round up to which it takes the turns of the partitions itself; above, writing is the thread pool's, beside the next receiving.</summary>
    public const int LoopTurnBytes = 64 * 1024;

    /// <summary>Turns that wait for a loop's thread; what comes on top goes to the thread pool.</summary>
    public const int LoopTurnsWaiting = 256;

    /// <summary>Turns that a loop's thread takes before it looks at its sockets again; the rest goes to the thread pool.</summary>
    public const int LoopTurnsInARow = 256;

    /// <summary>Turns that together took a loop's thread longer than this (a disk that makes writers wait) go to the thread pool for <see cref="LoopTurnPause"/>.</summary>
    public static readonly TimeSpan LoopTurnPatience = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a loop's thread takes no turns after they took it too long.</summary>
    public static readonly TimeSpan LoopTurnPause = TimeSpan.FromSeconds(1);

    /// <summary>Bytes that a thread which is not the connection's own sends on the spot; more is left to the connection's thread.</summary>
    public const int InlineSendBytes = 128 * 1024;

    /// <summary>File ranges up to this many bytes are read and sent with the answer's head in one piece; larger ones go by sendfile.</summary>
    public const int ReadInsteadOfSendfile = 16 * 1024;

    /// <summary>Bytes of a file that are read at a time where sendfile cannot be used (TLS).</summary>
    public const int FilePieceBytes = 64 * 1024;

    /// <summary>Bytes of small answers that go with one system call; the rest goes with the next.</summary>
    public const int GatheredSendBytes = 64 * 1024;

    /// <summary>Writers of answers that are kept for the next answer.</summary>
    public const int IdleWriters = 64;

    /// <summary>Bytes of an answer's buffer up to which its writer is kept.</summary>
    public const int IdleWriterBytes = 64 * 1024;

    /// <summary>A connection that is in the middle of a frame while others wait for memory is closed when nothing comes for this long.</summary>
    public static readonly TimeSpan StalledFrame = TimeSpan.FromSeconds(10);

    /// <summary>How long a stopping door waits for fetches: they may be waiting for records that nobody sends, and a client repeats them elsewhere.</summary>
    public static readonly TimeSpan FetchesAtStop = TimeSpan.FromMilliseconds(100);

    /// <summary>Lines about clients that a door logs in a second; the others are counted and told in one line.</summary>
    public const int LogLinesOfASecond = 20;

    /// <summary>Connections that wait to be accepted by this process.</summary>
    public const int AcceptBacklog = 512;

    /// <summary>How long no connection is accepted after the system refused one (no file handles left).</summary>
    public static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a TLS handshake may take; the connection is closed then.</summary>
    public static readonly TimeSpan TlsHandshake = TimeSpan.FromSeconds(30);

    /// <summary>Buffers that nobody used for this long go back to the system.</summary>
    public static readonly TimeSpan IdleBuffer = TimeSpan.FromSeconds(10);
}

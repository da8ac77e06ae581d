namespace AkkaStream.Actors;

public static partial class Limits
{
    /// <summary>The most voters of the controller's quorum; a larger set is refused.</summary>
    public const int QuorumVoters = 15;

    /// <summary>Bytes of the controller's log that go in one message where several batches fit; a larger batch goes alone.</summary>
    public const int QuorumReadBytes = 64 << 10;

    /// <summary>Bytes of the events of one write of the controller: what asks for more is refused. A frame between brokers must hold it and 64 KiB more.</summary>
    public const int QuorumBatchBytes = 16 << 20;

    /// <summary>Bytes of a snapshot of the controller's log that go in one message where several batches fit; a larger batch goes alone.</summary>
    public const int QuorumSnapshotPieceBytes = 256 << 10;

    /// <summary>Bytes of a snapshot of the controller's log; a voter takes no larger one from elsewhere.</summary>
    public const long QuorumSnapshotBytes = 4L << 30;

    /// <summary>Bytes that a voter keeps its promise in; a longer file counts as damaged.</summary>
    internal const int QuorumPromiseBytes = 4096;
}

namespace AkkaStream.Actors;

public static partial class Limits
{
    /// <summary>Bytes of log in one message to a follower; one batch where that is larger. Small enough for the collector's youngest generation.</summary>
    public const int ReplicaChunkBytes = 64 << 10;

    /// <summary>Bytes on their way to one follower of one partition; what is over waits in the log. One chunk may go beyond.</summary>
    public const int ReplicaWindowBytes = 2 << 20;

    /// <summary>Bytes on their way to all followers on one broker, below what remoting queues for it; what is over waits in the logs.</summary>
    public const long ReplicationBytes = 32 << 20;

    /// <summary>Bytes of arrays for records to followers that lie ready to be used again.</summary>
    public const long ReplicaFramesKept = 8 << 20;

    /// <summary>Milliseconds after which a subscription that was not answered is sent again, and between tries at a leader that refuses.</summary>
    public const long SubscribeRetryMs = 500;

    /// <summary>Milliseconds after which a leader asks a follower that said nothing of what was sent to subscribe again; doubles up to <see cref="ReplicaSilenceMaxMs"/>.</summary>
    public const long ReplicaSilenceMs = 2_000;

    /// <summary>The longest such pause.</summary>
    public const long ReplicaSilenceMaxMs = 30_000;

    /// <summary>Milliseconds before a leader asks the controller again for an in-sync set that was refused, or that it heard nothing about.</summary>
    public const long ProposalRetryMs = 1_000;

    /// <summary>Milliseconds between two times that a replica says that it has no room.</summary>
    public const long TroubleToldMs = 500;
}

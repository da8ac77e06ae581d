using Akka.Actor;
using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions.Moving;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Partitions;

/// <summary>
/// A partition as request handlers reach it: its actor for what changes it, its log's published view for what only reads. Found without a
/// lock and used from any thread.
/// </summary>
public sealed class PartitionHandle
{
    private TopicConfig config;
    private PartitionImage? image;
    private int leaderEpoch;
    private bool isLeader = true;
    private IActorRef? coordinator;
    private RecentMarkers? markers;
    private bool isRemoved;
    private PartitionLog log;
    private LogDirectory? home;
    private ReplicaMove? move;
    private int checkpointDue;
    private long housekeepAt = long.MaxValue;

    /// <summary>A handle to a partition whose actor owns the log.</summary>
    public PartitionHandle(string topic, Guid topicId, int index, int leaderEpoch, PartitionLog log, TopicConfig config)
    {
        Topic = topic;
        TopicId = topicId;
        Index = index;
        this.leaderEpoch = leaderEpoch;
        this.log = log;
        this.config = config;
    }

    /// <summary>The topic's name.</summary>
    public string Topic { get; }

    /// <summary>The topic's id.</summary>
    public Guid TopicId { get; }

    /// <summary>The partition's number.</summary>
    public int Index { get; }

    /// <summary>
    /// The epoch of the present leadership, this broker's or another's, as the partition's actor acts on it; a newer one may be in the metadata already. From any thread.
    /// </summary>
    public int LeaderEpoch
    {
        get => Volatile.Read(ref leaderEpoch);
        internal set => Volatile.Write(ref leaderEpoch, value);
    }

    /// <summary>
    /// Whether this broker leads the partition, which always holds for a lone broker's. Requests of clients are answered with NOT_LEADER_OR_FOLLOWER otherwise, and so are appends that
    /// were told to the actor before that was known. From any thread.
    /// </summary>
    public bool IsLeader
    {
        get => Volatile.Read(ref isLeader);
        internal set => Volatile.Write(ref isLeader, value);
    }

    /// <summary>The partition as the controller decided it last, as far as it is known here; null where a test made it without. From any thread.</summary>
    public PartitionImage? Image
    {
        get => Volatile.Read(ref image);
        internal set => Volatile.Write(ref image, value);
    }

    /// <summary>
    /// The log: handlers read it, only the actor writes. Where <see cref="IsOffline"/>, it is not to be used. It is another one after a move to another log
    /// directory: whoever reads takes it once and keeps to it, which stays good for seconds after the move.
    /// </summary>
    public PartitionLog Log => Volatile.Read(ref log);

    /// <summary>The log directory in which the partition lies.</summary>
    public required LogDirectory Home
    {
        get => Volatile.Read(ref home)!;
        init => home = value;
    }

    /// <summary>The log could not be opened.</summary>
    public bool IsUnopened { get; internal set; }

    /// <summary>The move to another log directory that is on its way, or null.</summary>
    public ReplicaMove? Move
    {
        get => Volatile.Read(ref move);
        internal set => Volatile.Write(ref move, value);
    }

    /// <summary>Whether the log cannot be used, because its directory is offline: requests for the partition are answered with KAFKA_STORAGE_ERROR.</summary>
    public bool IsOffline => IsUnopened || Home.IsOffline;

    /// <summary>Topic and number, as directories and checkpoints name it.</summary>
    public PartitionName Name => new(Topic, Index);

    /// <summary>The actor that owns the log.</summary>
    public IActorRef Actor { get; internal set; } = ActorRefs.Nobody;

    /// <summary>The coordinator of an internal topic's partition, or null: the actor's child.</summary>
    internal IActorRef? Coordinator
    {
        get => Volatile.Read(ref coordinator);
        set => Volatile.Write(ref coordinator, value);
    }

    /// <summary>Fetches that wait for records.</summary>
    public FetchWaiters Waiters { get; } = new();

    /// <summary>The topic's configuration now.</summary>
    public TopicConfig Config
    {
        get => Volatile.Read(ref config);
        internal set => Volatile.Write(ref config, value);
    }

    /// <summary>What records are judged by now.</summary>
    public RecordRules Rules => Config.ToRecordRules();

    /// <summary>
    /// The partition was deleted. Set before its directory goes, because a log of the same name may take its place: its actor writes nothing from then on.
    /// </summary>
    public bool IsRemoved
    {
        get => Volatile.Read(ref isRemoved);
        internal set => Volatile.Write(ref isRemoved, value);
    }

    /// <summary>Whose transactions have ended in an internal topic's partition; null before the first has.</summary>
    internal RecentMarkers? Markers
    {
        get => Volatile.Read(ref markers);
        set => Volatile.Write(ref markers, value);
    }

    /// <summary>Tells the partition's coordinator something; the message is refused where the partition has none.</summary>
    public void TellCoordinator(CoordinatorMessage message) => (Coordinator ?? Actor).Tell(message, ActorRefs.NoSender);

    /// <summary>
    /// Judges the leader epoch that a client names: <see cref="ErrorCode.FencedLeaderEpoch"/> for an older one than this leadership's,
    /// <see cref="ErrorCode.UnknownLeaderEpoch"/> for a newer one; -1 names none. <see cref="ErrorCode.KafkaStorageError"/> before all that where it is offline, and <see cref="ErrorCode.NotLeaderOrFollower"/> after it where another broker leads.
    /// </summary>
    /// <param name="named">The epoch, or -1.</param>
    /// <param name="mayFollow">A replica that follows will do.</param>
    public ErrorCode CheckEpoch(int named, bool mayFollow = false)
    {
        if (IsOffline) return ErrorCode.KafkaStorageError;
        if (named < 0 || named == LeaderEpoch) return mayFollow || IsLeader ? ErrorCode.None : ErrorCode.NotLeaderOrFollower;
        return named < LeaderEpoch ? ErrorCode.FencedLeaderEpoch : ErrorCode.UnknownLeaderEpoch;
    }

    /// <summary>The log lies elsewhere from now on. On the partition's turn.</summary>
    internal void MoveTo(PartitionLog moved, LogDirectory directory)
    {
        Volatile.Write(ref log, moved);
        Volatile.Write(ref home, directory);
    }

    /// <summary>Its place in a checkpoint is out of date: true where nobody had said so yet.</summary>
    internal bool MarkForCheckpoint() => Interlocked.Exchange(ref checkpointDue, 1) == 0;

    internal void UnmarkForCheckpoint() => Volatile.Write(ref checkpointDue, 0);

    /// <summary>When it is looked after next, milliseconds since 1970. The schedule's own; others read it for a guess.</summary>
    internal long HousekeepAt
    {
        get => Volatile.Read(ref housekeepAt);
        set => Volatile.Write(ref housekeepAt, value);
    }

    /// <summary>Where it stands in the schedule, or -1. The schedule's own.</summary>
    internal int HousekeepPlace { get; set; } = -1;

    /// <inheritdoc/>
    public override string ToString() => $"{Topic}-{Index}";
}

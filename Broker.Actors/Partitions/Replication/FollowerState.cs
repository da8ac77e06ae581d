using Akka.Actor;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>What a follower makes of its leader's messages. Plain: the log's facts come with the calls.</summary>
/// <code>
/// Idle (no leader) | Asking --data, state--> Streaming
///   Asking --diverged, out of range--> (cut the log) Asking
///   Asking --refused, no answer in time--> Asking, later
///   Streaming --a gap, the leader's or a connection's word--> Asking
/// </code>
internal sealed class FollowerState(PartitionImage image)
{
    private const int LongestRetryFactor = 8;
    private int session;
    private long retryMs = Limits.SubscribeRetryMs;
    private long highWatermark;
    private long logStart;

    /// <summary>The leader's broker, or -1.</summary>
    public int Leader => image.Leader;

    /// <summary>The leadership that is followed.</summary>
    public int LeaderEpoch => image.LeaderEpoch;

    /// <summary>The leader's actor, once it answered.</summary>
    public IActorRef? LeaderActor { get; private set; }

    /// <summary>A subscription is not answered yet.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>When to ask again; <see cref="long.MaxValue"/> where nothing is outstanding.</summary>
    public long RetryAtMs { get; private set; } = long.MaxValue;

    /// <summary>Whether it subscribed as one that is throttled.</summary>
    public bool IsThrottled { get; private set; }

    /// <summary>Until when a throttle keeps the report back that would bring more.</summary>
    public Holding Held { get; set; }

    /// <summary>The subscription that counts.</summary>
    public int Session => session;

    /// <summary>The leader's high watermark, as far as it was told.</summary>
    public long HighWatermark => highWatermark;

    /// <summary>The leader's first offset, as far as it was told.</summary>
    public long LogStart => logStart;

    /// <summary>Asks the leader for the log from its own end on.</summary>
    /// <param name="name">The partition.</param>
    /// <param name="self">This broker and its registration.</param>
    /// <param name="log">How the log stands.</param>
    /// <param name="isThrottled">It takes one piece at a time: what was on its way already could not be held back.</param>
    /// <param name="nowMs">Now.</param>
    public Subscribe Ask((Guid TopicId, int Partition) name, (int Id, long Epoch) self, in FollowerLog log, bool isThrottled, long nowMs)
    {
        IsThrottled = isThrottled;
        session++;
        IsAsking = true;
        RetryAtMs = nowMs + retryMs;
        retryMs = Math.Min(retryMs * 2, Limits.SubscribeRetryMs * LongestRetryFactor);
        return new Subscribe(name.TopicId, name.Partition, self.Id, self.Epoch, LeaderEpoch, session, log.End, log.Counted, log.LastEpoch, isThrottled ? 1 : Limits.ReplicaWindowBytes);
    }

    /// <summary>Records came. What becomes of them depends on where the log ends.</summary>
    public TakeData Take(ReplicaData data, IActorRef leader, long stagedEnd)
    {
        if (data.LeaderEpoch != LeaderEpoch) return TakeData.Nothing;
        Hear(leader, data.HighWatermark, data.LogStart);
        if (data.FirstOffset > stagedEnd) return IsAsking ? TakeData.Nothing : TakeData.AskAgain;
        Answered();
        return TakeData.Append;
    }

    /// <summary>The leader's state came: false where it is not the leader's that is followed.</summary>
    public bool Take(LeaderState state, IActorRef leader)
    {
        if (state.LeaderEpoch != LeaderEpoch) return false;
        Hear(leader, state.HighWatermark, state.LogStart);
        Answered();
        return true;
    }

    /// <summary>Where the log has to be cut; -1 where the message is not for the present subscription.</summary>
    /// <param name="told">What the leader said.</param>
    /// <param name="own">Where the epoch that it named ended here.</param>
    public long CutAt(Diverged told, EpochStart own)
    {
        if (!IsFor(told.LeaderEpoch, told.Session)) return -1;
        return own.Epoch == told.Epoch ? Math.Min(own.StartOffset, told.EndOffset) : own.StartOffset;
    }

    /// <summary>Whether an answer is for the present subscription.</summary>
    public bool IsFor(int leaderEpoch, int answered) => IsAsking && leaderEpoch == LeaderEpoch && answered == session;

    /// <summary>The leader refused: it is asked again after a while, sooner where it may not know of its leadership yet.</summary>
    public void Refused(SubscribeRefused told, long nowMs)
    {
        if (!IsAsking || told.Session != session) return;
        RetryAtMs = nowMs + (told.Error == ErrorCode.UnknownLeaderEpoch ? Limits.SubscribeRetryMs / 10 : retryMs);
    }

    /// <summary>Ask again at a time, whatever was asked before.</summary>
    public void RetryAt(long atMs) => RetryAtMs = atMs;

    private void Hear(IActorRef leader, long newHighWatermark, long newStart)
    {
        LeaderActor = leader;
        highWatermark = Math.Max(highWatermark, newHighWatermark);
        logStart = Math.Max(logStart, newStart);
    }

    private void Answered()
    {
        IsAsking = false;
        RetryAtMs = long.MaxValue;
        retryMs = Limits.SubscribeRetryMs;
    }
}

/// <summary>What a follower does with records that came.</summary>
internal enum TakeData
{
    /// <summary>They are another leadership's, or an answer is on its way that says more.</summary>
    Nothing,

    /// <summary>Those that are not there yet are appended.</summary>
    Append,

    /// <summary>Some between them and the log's end were lost: it subscribes again.</summary>
    AskAgain,
}

/// <summary>How a follower's log stands.</summary>
/// <param name="End">Where it ends.</param>
/// <param name="Counted">Up to where it counts.</param>
/// <param name="LastEpoch">Epoch of its last records, or -1.</param>
internal readonly record struct FollowerLog(long End, long Counted, int LastEpoch);

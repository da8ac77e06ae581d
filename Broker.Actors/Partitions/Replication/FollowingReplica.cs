using Akka.Actor;

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>What a leader knows of one follower: how far it is, what is on its way to it, since when it lags. Plain.</summary>
internal sealed class FollowingReplica(int id, long nowMs)
{
    private readonly Queue<(long End, int Bytes)> underWay = new();
    private readonly Queue<ReplicaFrame> held = new();
    private long caughtUpMs = nowMs;
    private long markEnd;
    private long markMs = nowMs;
    private int windowBytes;

    /// <summary>Its broker.</summary>
    public int Id => id;

    /// <summary>Its actor; null before it subscribed to this leadership.</summary>
    public IActorRef? Actor { get; private set; }

    /// <summary>Its broker's registration, -1 before it subscribed.</summary>
    public long BrokerEpoch { get; private set; } = -1;

    /// <summary>Its subscription.</summary>
    public int Session { get; private set; }

    /// <summary>Up to where it has the log, -1 where that is not known.</summary>
    public long End { get; private set; } = -1;

    /// <summary>What is sent to it next.</summary>
    public long Next { get; private set; }

    /// <summary>Bytes on their way to it.</summary>
    public long BytesUnderWay { get; private set; }

    /// <summary>The high watermark that it was told.</summary>
    public long ToldHighWatermark { get; set; } = -1;

    /// <summary>The log start that it was told.</summary>
    public long ToldStart { get; set; } = -1;

    /// <summary>Nothing more is sent to it before it subscribes again.</summary>
    public bool IsStalled { get; private set; }

    /// <summary>When it is asked to subscribe again, should it say nothing; <see cref="long.MaxValue"/> where nothing is on its way.</summary>
    public long SilentAtMs { get; private set; } = long.MaxValue;

    /// <summary>It is not proposed for the in-sync set before this time: the controller refused it.</summary>
    public long NotBeforeMs { get; set; }

    /// <summary>Until when a throttle keeps the next piece back.</summary>
    public Holding Held { get; set; }

    /// <summary>Whether it follows this leadership.</summary>
    public bool IsSubscribed => Actor is not null;

    private long silenceMs = Limits.ReplicaSilenceMs;

    /// <summary>It subscribes. Gives the bytes that are not on their way any more.</summary>
    public long Subscribe(Subscribe asked, IActorRef actor, long logEnd, long nowMs)
    {
        var given = Forget();
        Actor = actor;
        BrokerEpoch = asked.BrokerEpoch;
        Session = asked.Session;
        Next = asked.Offset;
        windowBytes = Math.Clamp(asked.WindowBytes, 1, Limits.ReplicaWindowBytes);
        (ToldHighWatermark, ToldStart) = (-1, -1);
        IsStalled = false;
        silenceMs = Limits.ReplicaSilenceMs;
        // What it lost does not count any more.
        End = asked.Counted;
        Progress(logEnd, nowMs);
        return given;
    }

    /// <summary>Whether a subscription or a report of this life and session counts: a former life had records that are lost perhaps.</summary>
    public bool Knows(long brokerEpoch, int session) => IsSubscribed && brokerEpoch == BrokerEpoch && session == Session;

    /// <summary>Whether the next piece may be sent.</summary>
    public bool Takes(long logEnd) => IsSubscribed && !IsStalled && Next < logEnd && BytesUnderWay < windowBytes;

    /// <summary>A piece is on its way.</summary>
    public void Sent(ReplicaFrame frame, long nowMs)
    {
        if (underWay.Count == 0) SilentAtMs = nowMs + silenceMs;
        var bytes = frame.Data.Frame.Length;
        underWay.Enqueue((frame.Next, bytes));
        BytesUnderWay += bytes;
        Next = frame.Next;
        frame.Use();
        held.Enqueue(frame);
    }

    /// <summary>It is done with everything up to that number: arrays that no other follower may still need go back.</summary>
    public void Release(long number, ReplicaFrames frames)
    {
        while (held.TryPeek(out var oldest) && oldest.Data.Number <= number)
        {
            held.Dequeue();
            if (oldest.Arrived()) frames.Return(oldest.Data.Frame);
        }
    }

    /// <summary>It has the log up to here. Gives the bytes that are not on their way any more.</summary>
    public long Reported(long end, long logEnd, long nowMs)
    {
        if (end <= End && underWay.Count == 0) return 0;
        End = Math.Max(End, end);
        var given = 0L;
        while (underWay.TryPeek(out var piece) && piece.End <= end)
        {
            underWay.Dequeue();
            given += piece.Bytes;
        }

        BytesUnderWay -= given;
        Progress(logEnd, nowMs);
        // One that gets nothing before it subscribes again has to be asked to, whatever it says of what it got before.
        if (IsStalled) return given;
        silenceMs = Limits.ReplicaSilenceMs;
        SilentAtMs = underWay.Count == 0 ? long.MaxValue : nowMs + silenceMs;
        return given;
    }

    /// <summary>Nothing was heard of it: it gets nothing until it subscribes again. Gives the bytes that count as lost.</summary>
    public long Stall(long nowMs)
    {
        var given = Forget();
        IsStalled = true;
        silenceMs = Math.Min(silenceMs * 2, Limits.ReplicaSilenceMaxMs);
        SilentAtMs = nowMs + silenceMs;
        return given;
    }

    /// <summary>The leadership ends, or the replica goes. Gives the bytes that are not on their way any more.</summary>
    public long Forget()
    {
        var given = BytesUnderWay;
        BytesUnderWay = 0;
        underWay.Clear();
        // Those may still lie in a queue somewhere.
        held.Clear();
        SilentAtMs = long.MaxValue;
        return given;
    }

    /// <summary>The leader appended: what had everything begins to lag now.</summary>
    public void LeaderAppended(long endBefore, long nowMs)
    {
        if (End >= endBefore) caughtUpMs = nowMs;
    }

    /// <summary>Whether it has lacked something for too long.</summary>
    public bool LagsTooLong(in TrackerFacts facts) => End < facts.LogEnd && facts.NowMs - caughtUpMs > facts.LagTimeMaxMs;

    /// <summary>When it will have lacked something for too long, <see cref="long.MaxValue"/> where it has everything.</summary>
    public long LagDueMs(in TrackerFacts facts) => End < facts.LogEnd ? caughtUpMs + facts.LagTimeMaxMs + 1 : long.MaxValue;

    // Under load it never has everything, but has what was there a moment ago: then it counts as caught up with that moment.
    private void Progress(long logEnd, long nowMs)
    {
        if (End >= logEnd)
        {
            caughtUpMs = nowMs;
        }
        else if (End < markEnd)
        {
            return;
        }
        else
        {
            caughtUpMs = Math.Max(caughtUpMs, markMs);
        }

        (markEnd, markMs) = (logEnd, nowMs);
    }
}

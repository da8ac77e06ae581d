using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Partitions;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Coordinators;

/// <summary>How a partition's coordinator is made.</summary>
/// <param name="Create">A fresh state machine for the partition.</param>
/// <param name="PieceBytes">Bytes read at a time while the partition is loaded.</param>
public sealed record CoordinatorSetup(Func<PartitionHandle, ICoordinator> Create, int PieceBytes)
{
    /// <summary>
    /// Answers of one batch are given last one first. A connection sends in the order of its requests: the first one, given last, takes all that stand
    /// behind it along in one send. Only for a state machine to which the order of its answers does not matter.
    /// </summary>
    public bool AnswersLastFirst { get; init; }
}

/// <summary>
/// The coordinator of one partition of an internal topic: the child of the partition's leader, so it lives exactly as long as the leadership.
/// <code>
/// Loading --read to the end, and every in-sync replica has it--> Active --an append failed--> Loading (a fresh state)
///    |  cannot be read: again after a while
/// </code>
/// </summary>
public sealed class CoordinatorActor : UntypedActor, ICoordinatorEffects
{
    private readonly PartitionHandle handle;
    private readonly CoordinatorSetup setup;
    private readonly IActorRef self;
    private readonly IScheduler scheduler;
    private readonly int epoch;
    private CoordinatorWriter writer;
    private ICoordinator state;
    private CoordinatorLoader? loader;
    private CommitWaiter? waiter;
    private ICancelable? timer;
    private long timerAt = long.MaxValue;
    private bool flushTold;
    private bool failing;

    /// <summary>The coordinator of a partition that this broker leads.</summary>
    public CoordinatorActor(PartitionHandle handle, CoordinatorSetup setup)
    {
        this.handle = handle;
        this.setup = setup;
        epoch = handle.LeaderEpoch;
        self = Self;
        scheduler = Context.System.Scheduler;
        writer = NewWriter();
        state = setup.Create(handle);
    }

    // A former leadership's, or of a partition that is gone: it ends with what is in its mailbox, and takes nothing more.
    private bool IsOver => handle.IsRemoved || !handle.IsLeader || handle.LeaderEpoch != epoch;

    /// <inheritdoc/>
    public long NowMs => scheduler.Now.ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue) => writer.Write(NowMs, key, value, hasValue);

    /// <inheritdoc/>
    public void WriteInTransaction(long producerId, short producerEpoch) => writer.BeginTransactional(producerId, producerEpoch);

    /// <inheritdoc/>
    public void WhenCommitted(Action<ErrorCode> done) => writer.WhenCommitted(done);

    /// <inheritdoc/>
    protected override void PreStart()
    {
        loader = new CoordinatorLoader(handle.Log, state, setup.PieceBytes);
        // An empty partition, and a short one, is there before the first message comes.
        Load();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        timer?.Cancel();
        if (waiter is not null) handle.Waiters.Remove(waiter);
        state.Abandon(ErrorCode.NotCoordinator);
        writer.Abandon(ErrorCode.NotCoordinator);
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case CoordinatorMessage told when IsOver: told.Refuse(ErrorCode.NotCoordinator); break;
            case CoordinatorMessage told when loader is not null || failing: told.Refuse(ErrorCode.CoordinatorLoadInProgress); break;
            case CoordinatorMarker marker: End(marker); break;
            case CoordinatorMessage told: Handle(told); break;
            case Flush:
                flushTold = false;
                if (!writer.IsBusy) writer.Send();
                break;
            case BatchEnded ended: Ended(ended.Batch); break;
            case Tick: Expire(); break;
            case LoadMore: Load(); break;
            case CoordinatorClosed: Close(); break;
            default: Unhandled(message); break;
        }
    }

    private CoordinatorWriter NewWriter()
    {
        var self = this.self;
        return new CoordinatorWriter(
            append => handle.Actor.Tell(append, ActorRefs.NoSender),
            batch => self.Tell(new BatchEnded(batch), ActorRefs.NoSender),
            Client.Compression.CompressionType.None,
            epoch);
    }

    // A mistake in the state machine costs this one state, which is read again, and never an answer.
    private void Handle(CoordinatorMessage told)
    {
        try
        {
            state.Handle(told, this);
            MessageEnds();
        }
        catch (Exception mistake)
        {
            Context.GetLogger().Error(mistake, "{0}: its coordinator failed at a {1}; it reads its partition again", handle, told.GetType().Name);
            told.Refuse(ErrorCode.UnknownServerError);
            Fail(ErrorCode.NotCoordinator);
            if (!writer.IsBusy) Reload();
        }
    }

    private void End(CoordinatorMarker marker)
    {
        writer.WriteMarker(NowMs, marker);
        (handle.Markers ??= new RecentMarkers()).Ended(marker.ProducerId);
        state.ReplayMarker(marker.ProducerId, marker.IsCommit);
        writer.WhenCommitted(marker.Done);
        MessageEnds();
    }

    private void MessageEnds()
    {
        if (writer.MessageEnds())
        {
            writer.Send();
        }
        else if (writer.HasGathered && !writer.IsBusy && !flushTold)
        {
            flushTold = true;
            Self.Tell(Flush.Instance, ActorRefs.NoSender);
        }

        Rewind();
    }

    private void Ended(CoordinatorWriter.Batch batch)
    {
        writer.Ended(batch);
        var error = CoordinatorWriter.ForClients(batch.Outcome.Error);
        if (error != ErrorCode.None && !failing)
        {
            var outcome = batch.Outcome;
            Context.GetLogger().Warning("{0}: its coordinator cannot write ({1}{2}); it reads its partition again", handle, outcome.Error.Name(), outcome.Message is { } why ? ": " + why : "");
            Fail(error);
        }

        // What the log has is told, also when something behind it was refused: nothing that is refused stands before it.
        if (setup.AnswersLastFirst) batch.Answers.Reverse();
        foreach (var answer in batch.Answers) answer(error);
        if (failing)
        {
            if (!writer.IsBusy) Reload();
            return;
        }

        if (!writer.IsBusy) writer.Send();
    }

    // The state is ahead of the log: it is thrown away, and once nothing is under way any more it is read again.
    private void Fail(ErrorCode error)
    {
        failing = true;
        state.Abandon(error);
        writer.Abandon(error);
    }

    private void Reload()
    {
        failing = false;
        if (IsOver) return;
        writer = NewWriter();
        state = setup.Create(handle);
        loader = new CoordinatorLoader(handle.Log, state, setup.PieceBytes);
        Load();
    }

    private void Load()
    {
        if (loader is not { } loading) return;
        try
        {
            if (!loading.Step())
            {
                Self.Tell(LoadMore.Instance, ActorRefs.NoSender);
                return;
            }
        }
        catch (Exception damaged) when (damaged is InvalidDataException or IOException or CorruptRecordException or MalformedMessageException or UnsupportedVersionException)
        {
            Context.GetLogger().Error("{0}: its coordinator cannot read it: {1}. Groups or transactions that belong to it are not available; it is tried again", handle, damaged.Message);
            state = setup.Create(handle);
            loader = new CoordinatorLoader(handle.Log, state, setup.PieceBytes);
            scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(Limits.CoordinatorReloadMs), Self, LoadMore.Instance, ActorRefs.NoSender);
            return;
        }

        if (!IsCommitted(loading.End)) return;
        loader = null;
        if (loading.Records > 0) Context.GetLogger().Debug("{0}: its coordinator has read {1} records", handle, loading.Records);
        state.Loaded(this);
        MessageEnds();
    }

    // What not every in-sync replica has may still be lost with this broker: whoever acted on it, or told it, would have done so for nothing.
    private bool IsCommitted(long end)
    {
        if (handle.Log.View.HighWatermark >= end)
        {
            if (waiter is null) return true;
            handle.Waiters.Remove(waiter);
            waiter = null;
            return true;
        }

        if (waiter is not null) return false;
        waiter = new CommitWaiter(self);
        handle.Waiters.Add(waiter);
        // Where it is the disk that failed, nothing else may come that would have it tried again.
        scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(Limits.CoordinatorReloadMs), handle.Actor, Housekeep.Instance, ActorRefs.NoSender);
        if (handle.Log.View.HighWatermark >= end) self.Tell(LoadMore.Instance, ActorRefs.NoSender);
        return false;
    }

    private void Expire()
    {
        timerAt = long.MaxValue;
        if (loader is not null || failing || IsOver) return;
        if (state.NextDeadlineMs <= NowMs) state.Expire(this);
        MessageEnds();
    }

    // One timer for all deadlines; a deadline that moved later costs one tick in vain.
    private void Rewind()
    {
        var next = state.NextDeadlineMs;
        if (next >= timerAt) return;
        timer?.Cancel();
        timerAt = next;
        var delay = TimeSpan.FromMilliseconds(Math.Clamp(next - NowMs, 1, int.MaxValue));
        timer = scheduler.ScheduleTellOnceCancelable(delay, self, Tick.Instance, ActorRefs.NoSender);
    }

    // The partition is gone; those who still tell something are refused until the leader ends and this with it.
    private void Close()
    {
        state.Abandon(ErrorCode.NotCoordinator);
        writer.Abandon(ErrorCode.NotCoordinator);
    }

    private sealed class CommitWaiter(IActorRef coordinator) : IFetchWaiter
    {
        public void Progress(int bytes) => coordinator.Tell(LoadMore.Instance, ActorRefs.NoSender);
    }

    private sealed record BatchEnded(CoordinatorWriter.Batch Batch);

    private sealed record Flush
    {
        public static readonly Flush Instance = new();
    }

    private sealed record Tick
    {
        public static readonly Tick Instance = new();
    }

    private sealed record LoadMore
    {
        public static readonly LoadMore Instance = new();
    }
}

/// <summary>Tells a coordinator that its partition was deleted.</summary>
internal sealed record CoordinatorClosed
{
    public static readonly CoordinatorClosed Instance = new();
}

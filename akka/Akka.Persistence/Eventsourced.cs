using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>What an actor has to do when an event of its is written.</summary>
public interface IPendingHandlerInvocation
{
    /// <summary>The event.</summary>
    object Event { get; }

    /// <summary>What to do.</summary>
    Action<object> Handler { get; }
}

/// <summary>Commands wait for it.</summary>
public sealed class StashingHandlerInvocation(object evt, Action<object> handler) : IPendingHandlerInvocation
{
    /// <inheritdoc/>
    public object Event { get; } = evt;

    /// <inheritdoc/>
    public Action<object> Handler { get; } = handler;
}

/// <summary>Commands do not wait for it.</summary>
public sealed class AsyncHandlerInvocation(object evt, Action<object> handler) : IPendingHandlerInvocation
{
    /// <inheritdoc/>
    public object Event { get; } = evt;

    /// <inheritdoc/>
    public Action<object> Handler { get; } = handler;
}

/// <summary>
/// An actor whose state is the sum of its events: it recovers by replaying them, and changes only by events that its journal has. Commands wait while it recovers and
/// while events of <see cref="Persist{TEvent}(TEvent, Action{TEvent})"/> are written. A failed write stops the actor.
/// </summary>
public abstract partial class Eventsourced : ActorBase, IPersistentIdentity, IPersistenceStash, IPersistenceRecovery, ISnapshotter
{
    /// <summary>Which of the messages put aside come back: not those that only the recovery concerned.</summary>
    public static readonly Func<Envelope, bool> UnstashFilterPredicate = envelope => envelope.Message is not (WriteMessageSuccess or ReplayedMessage);

    private static int _lastInstance;

    private readonly int _instance = Interlocked.Increment(ref _lastInstance);
    private readonly string _writerGuid;
    private readonly ActorStash _waitingCommands;
    private readonly LinkedList<IPendingHandlerInvocation> _pending = new();
    private readonly List<IPersistentEnvelope> _eventBatch = [];
    private readonly Queue<IPersistentEnvelope> _journalBatch = new();
    private int _maxBatch;
    private TimeSpan _recoveryTimeout;
    private PersistentStash? _stash;
    private IActorRef? _journal;
    private IActorRef? _snapshots;
    private ILoggingAdapter? _log;
    private State _state = State.WaitingForPermit;
    private ICancelable? _recoveryTimer;
    private bool _sawEvent;
    private bool _writing;
    private bool _endsByTask;
    private int _stashing;
    private long _sequenceNr;

    /// <summary>The actor's journal and snapshot store are found at its start.</summary>
    protected Eventsourced()
    {
        Extension = Persistence.Instance.Apply(Context.System);
        var cell = Cell;
        _waitingCommands = new ActorStash(cell, cell.SystemImpl.Mailboxes.StashCapacity(cell.Props, cell.Dispatcher.Configurator.Config, -1));
        _writerGuid = string.Create(CultureInfo.InvariantCulture, $"{cell.SystemImpl.Dice.Next():x16}{cell.SystemImpl.Dice.Next():x16}");
    }

    private enum State
    {
        WaitingForPermit,
        LoadingSnapshot,
        Replaying,
        Commands,
        Persisting,
    }

    /// <summary>The system's persistence.</summary>
    protected PersistenceExtension Extension { get; }

    /// <inheritdoc/>
    public abstract string PersistenceId { get; }

    /// <inheritdoc/>
    public virtual Recovery Recovery => Recovery.Default;

    /// <inheritdoc/>
    public virtual IStashOverflowStrategy InternalStashOverflowStrategy => Extension.DefaultInternalStashOverflowStrategy;

    /// <summary>Messages put aside for later.</summary>
    public IStash Stash
    {
        get => _stash!;
        set => _stash = new PersistentStash(value, _waitingCommands);
    }

    /// <inheritdoc/>
    public string JournalPluginId { get; protected set; } = "";

    /// <inheritdoc/>
    public string SnapshotPluginId { get; protected set; } = "";

    /// <summary>The journal.</summary>
    public IActorRef Journal => _journal ??= Extension.JournalFor(JournalPluginId);

    /// <summary>The snapshot store.</summary>
    public IActorRef SnapshotStore => _snapshots ??= Extension.SnapshotStoreFor(SnapshotPluginId);

    /// <inheritdoc/>
    public string SnapshotterId => PersistenceId;

    /// <summary>Whether events are being replayed.</summary>
    public bool IsRecovering => _state is not (State.Commands or State.Persisting);

    /// <summary>Whether all events were replayed.</summary>
    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>The number of the last event that was written or replayed.</summary>
    public long LastSequenceNr { get; private set; }

    /// <inheritdoc/>
    public long SnapshotSequenceNr => LastSequenceNr;

    /// <summary>Logs as this actor.</summary>
    protected virtual ILoggingAdapter Log => _log ??= Context.GetLogger();

    /// <inheritdoc/>
    public void LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria, long toSequenceNr)
        => SnapshotStore.Tell(new LoadSnapshot(persistenceId, criteria, toSequenceNr), Self);

    /// <inheritdoc/>
    public void SaveSnapshot(object snapshot) => SnapshotStore.Tell(new SaveSnapshot(new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr), snapshot), Self);

    /// <inheritdoc/>
    public void DeleteSnapshot(long sequenceNr) => SnapshotStore.Tell(new DeleteSnapshot(new SnapshotMetadata(SnapshotterId, sequenceNr)), Self);

    /// <inheritdoc/>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) => SnapshotStore.Tell(new DeleteSnapshots(SnapshotterId, criteria), Self);

    /// <summary>
    /// Writes an event, then calls the handler, and handles no other command until then. Events and handlers of one command keep their order.
    /// Throws <see cref="InvalidOperationException"/> during a recovery.
    /// </summary>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        RefuseWhileRecovering("persist");
        Add(new StashingHandlerInvocation(@event!, evt => handler((TEvent)evt)));
        _eventBatch.Add(new AtomicWrite(Next(@event!)));
    }

    /// <summary>As <see cref="Persist{TEvent}(TEvent, Action{TEvent})"/>, for events that are written together or not at all; the handler is called for each.</summary>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler)
    {
        RefuseWhileRecovering("persist");
        AddAll(events, evt => Add(new StashingHandlerInvocation(evt, given => handler((TEvent)given))));
    }

    /// <summary>As <see cref="Persist{TEvent}(TEvent, Action{TEvent})"/>, but other commands are handled meanwhile.</summary>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler)
    {
        RefuseWhileRecovering("persist");
        Add(new AsyncHandlerInvocation(@event!, evt => handler((TEvent)evt)));
        _eventBatch.Add(new AtomicWrite(Next(@event!)));
    }

    /// <summary>As <see cref="PersistAll{TEvent}(IEnumerable{TEvent}, Action{TEvent})"/>, but other commands are handled meanwhile.</summary>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler)
    {
        RefuseWhileRecovering("persist");
        AddAll(events, evt => Add(new AsyncHandlerInvocation(evt, given => handler((TEvent)given))));
    }

    /// <summary>Calls the handler when all events before are written and handled; at once where there are none. Nothing is written.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler)
    {
        RefuseWhileRecovering("defer");
        if (_pending.Count == 0)
        {
            handler(evt);
            return;
        }

        Add(new AsyncHandlerInvocation(evt!, given => handler((TEvent)given)));
        _eventBatch.Add(new NonPersistentMessage(evt!, Sender));
    }

    /// <summary>Deletes events up to a number; <see cref="DeleteMessagesSuccess"/> or <see cref="DeleteMessagesFailure"/> tells how that went.</summary>
    public void DeleteMessages(long toSequenceNr) => Journal.Tell(new DeleteMessagesTo(PersistenceId, toSequenceNr, Self), Self);

    /// <summary>Handles a replayed event, a <see cref="SnapshotOffer"/>, or <see cref="RecoveryCompleted"/>; false for what it does not know.</summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Handles a command; false for one it does not know.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <summary>A recovery failed, with the event where it is about one. The actor is stopped after that. Logs by default.</summary>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null)
        => Log.Error(reason, "Exception in ReceiveRecover when replaying event type [{0}] with sequence number [{1}] for persistenceId [{2}]", message?.GetType().Name ?? "none", LastSequenceNr, PersistenceId);

    /// <summary>An event could not be written. The actor is stopped after that: nobody knows what the journal has. Logs by default.</summary>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr)
        => Log.Error(cause, "Failed to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}].", @event.GetType(), sequenceNr, PersistenceId);

    /// <summary>The journal refused an event; the actor goes on without it. Logs by default.</summary>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr)
        => Log.Warning("Rejected to persist event type [{0}] with sequence number [{1}] for persistenceId [{2}] due to [{3}].", @event.GetType(), sequenceNr, PersistenceId, cause.Message);

    /// <summary>The replay is through.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    /// <summary>Runs an asynchronous piece of work; no further message is handled until it is done, and events persisted in it are written after it.</summary>
    protected void RunTask(Func<Task> action)
    {
        _endsByTask = true;
        Dispatch.ActorTaskScheduler.RunTask(async () =>
        {
            var failed = true;
            try
            {
                await action();
                failed = false;
            }
            finally
            {
                CommandEnded(failed);
            }
        });
    }

    private void RefuseWhileRecovering(string what)
    {
        if (IsRecovering) throw new InvalidOperationException($"Cannot {what} during replay. Events can be persisted when receiving RecoveryCompleted or later.");
    }

    private void AddAll<TEvent>(IEnumerable<TEvent> events, Action<object> add)
    {
        var representations = ImmutableList.CreateBuilder<IPersistentRepresentation>();
        foreach (var evt in events)
        {
            add(evt!);
            representations.Add(Next(evt!));
        }

        if (representations.Count > 0) _eventBatch.Add(new AtomicWrite(representations.ToImmutable()));
    }

    private void Add(IPendingHandlerInvocation invocation)
    {
        if (invocation is StashingHandlerInvocation) _stashing++;
        _pending.AddLast(invocation);
    }

    private Persistent Next(object evt) => new(evt, ++_sequenceNr, PersistenceId, null, false, Sender, _writerGuid);

    /// <summary>A stash whose messages come back before the commands that wait for a write: they are older.</summary>
    private sealed class PersistentStash(IStash inner, ActorStash waiting) : IStash
    {
        public int Count => inner.Count;

        public bool IsEmpty => inner.IsEmpty;

        public bool NonEmpty => inner.NonEmpty;

        public bool IsFull => inner.IsFull;

        public int Capacity => inner.Capacity;

        public void Stash() => inner.Stash();

        public void Unstash() => inner.Unstash();

        public void UnstashAll() => waiting.Prepend(inner.ClearStash());

        public void UnstashAll(Func<Envelope, bool> predicate) => waiting.Prepend(inner.ClearStash().Where(predicate));

        public IEnumerable<Envelope> ClearStash() => inner.ClearStash();

        public void Prepend(IEnumerable<Envelope> envelopes) => inner.Prepend(envelopes);
    }
}

using Akka.Actor;
using Akka.Event;
using Akka.Persistence.Internal;

namespace Akka.Persistence;

/// <content>What happens with a message in each state.</content>
public abstract partial class Eventsourced
{
    /// <inheritdoc/>
    public override void AroundPreStart()
    {
        if (string.IsNullOrEmpty(PersistenceId)) throw new ArgumentException($"PersistenceId is [{PersistenceId}] for PersistentActor [{Self.Path}]: it must not be empty");
        _ = Journal;
        _ = SnapshotStore;
        Extension.RecoveryPermitter.Tell(RequestRecoveryPermit.Instance, Self);
        base.AroundPreStart();
    }

    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object? message)
    {
        LeaveTurns();
        var concerned = message switch
        {
            WriteMessageSuccess written => written.Persistent,
            LoopMessageSuccess looped => looped.Message,
            ReplayedMessage replayed => replayed.Persistent,
            _ => message,
        };
        base.AroundPreRestart(cause, concerned);
    }

    /// <inheritdoc/>
    public override void AroundPostRestart(Exception reason, object? message)
    {
        Extension.RecoveryPermitter.Tell(RequestRecoveryPermit.Instance, Self);
        base.AroundPostRestart(reason, message);
    }

    /// <inheritdoc/>
    public override void AroundPostStop()
    {
        LeaveTurns();
        base.AroundPostStop();
    }

    /// <inheritdoc/>
    protected override void Unhandled(object message)
    {
        switch (message)
        {
            case RecoveryCompleted or SaveSnapshotSuccess or DeleteMessagesSuccess or DeleteSnapshotSuccess or DeleteSnapshotsSuccess:
                return;
            case SaveSnapshotFailure failed:
                Log.Warning("Failed to SaveSnapshot given metadata [{0}] due to: [{1}]", failed.Metadata, failed.Cause.Message);
                return;
            case DeleteSnapshotFailure failed:
                Log.Warning("Failed to DeleteSnapshot given metadata [{0}] due to: [{1}]", failed.Metadata, failed.Cause.Message);
                return;
            case DeleteSnapshotsFailure failed:
                Log.Warning("Failed to DeleteSnapshots given criteria [{0}] due to: [{1}]", failed.Criteria, failed.Cause.Message);
                return;
            case DeleteMessagesFailure failed:
                Log.Warning("Failed to DeleteMessages ToSequenceNr [{0}] for PersistenceId [{1}] due to: [{2}]", failed.ToSequenceNr, PersistenceId, failed.Cause.Message);
                return;
            default:
                base.Unhandled(message);
                return;
        }
    }

    /// <inheritdoc/>
    protected override bool AroundReceive(Receive receive, object message)
    {
        switch (_state)
        {
            case State.WaitingForPermit:
                if (message is RecoveryPermitGranted) BeginRecovery();
                else PutAside(message);
                break;
            case State.LoadingSnapshot:
                LoadingSnapshot(message);
                break;
            case State.Replaying:
                Replaying(message);
                break;
            default:
                if (!TakesAnswer(message)) Command(receive, message);
                break;
        }

        return true;
    }

    private void Command(Receive receive, object message)
    {
        if (message is RecoveryTick or RecoveryPermitGranted) return;
        if (_state == State.Persisting)
        {
            PutAside(message);
            return;
        }

        var failed = true;
        _endsByTask = false;
        try
        {
            base.AroundReceive(receive, message);
            failed = false;
        }
        finally
        {
            if (!_endsByTask) CommandEnded(failed);
        }
    }

    private void CommandEnded(bool failed)
    {
        Flush();
        if (_stashing > 0) _state = State.Persisting;
        else Next(failed);
    }

    // One waiting command at a time: it may persist, and then the others go on waiting.
    private void Next(bool all)
    {
        if (all) _waitingCommands.UnstashAll();
        else _waitingCommands.Unstash();
    }

    private bool TakesAnswer(object message)
    {
        switch (message)
        {
            case WriteMessageSuccess success:
                if (success.ActorInstanceId == _instance) Written(success.Persistent.SequenceNr, success.Persistent.Payload);
                return true;
            case LoopMessageSuccess loop:
                if (loop.ActorInstanceId == _instance) Written(LastSequenceNr, loop.Message);
                return true;
            case WriteMessageRejected rejected:
                if (rejected.ActorInstanceId == _instance) Rejected(rejected);
                return true;
            case WriteMessageFailure failure:
                if (failure.ActorInstanceId == _instance) Failed(failure);
                return true;
            case WriteMessagesSuccessful or WriteMessagesFailed:
                _writing = false;
                Write();
                return true;
            default:
                return false;
        }
    }

    private void Written(long sequenceNr, object payload)
    {
        LastSequenceNr = Math.Max(LastSequenceNr, sequenceNr);
        var failed = true;
        try
        {
            _pending.First!.Value.Handler(payload);
            failed = false;
        }
        finally
        {
            Flush();
            Handled(failed);
        }
    }

    private void Rejected(WriteMessageRejected rejected)
    {
        LastSequenceNr = Math.Max(LastSequenceNr, rejected.Persistent.SequenceNr);
        Handled(false);
        OnPersistRejected(rejected.Cause, rejected.Persistent.Payload, rejected.Persistent.SequenceNr);
    }

    private void Failed(WriteMessageFailure failure)
    {
        Handled(false);
        try
        {
            OnPersistFailure(failure.Cause, failure.Persistent.Payload, failure.Persistent.SequenceNr);
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    private void Handled(bool failed)
    {
        var invocation = _pending.First!.Value;
        _pending.RemoveFirst();
        if (invocation is StashingHandlerInvocation) _stashing--;
        if (_state == State.Persisting && _stashing > 0) return;
        if (_state == State.Commands && _stashing > 0)
        {
            // A handler of PersistAsync persisted: from here on commands wait.
            _state = State.Persisting;
            return;
        }

        _state = State.Commands;
        Next(failed);
    }

    private void Flush()
    {
        foreach (var envelope in _eventBatch) _journalBatch.Enqueue(envelope);
        _eventBatch.Clear();
        Write();
    }

    // One write at a time: what comes meanwhile goes together with the next one.
    private void Write()
    {
        if (_writing || _journalBatch.Count == 0) return;
        var batch = new List<IPersistentEnvelope>();
        for (var size = 0; _journalBatch.TryPeek(out var next) && (size == 0 || size + next.Size <= _maxBatch); size += next.Size) batch.Add(_journalBatch.Dequeue());
        _writing = true;
        Journal.Tell(new WriteMessages(batch, Self, _instance), Self);
    }

    private void PutAside(object message)
    {
        try
        {
            _waitingCommands.Stash();
        }
        catch (StashOverflowException)
        {
            switch (InternalStashOverflowStrategy)
            {
                case DiscardToDeadLetterStrategy:
                    Context.System.DeadLetters.Tell(new DeadLetter(message, Sender, Self), Sender);
                    break;
                case ReplyToStrategy reply:
                    Sender.Tell(reply.Response, Self);
                    break;
                default:
                    throw;
            }
        }
    }

    // The commands that wait are for the next instance, or the dead letters.
    private void LeaveTurns()
    {
        _recoveryTimer?.Cancel();
        _waitingCommands.UnstashAll(UnstashFilterPredicate);
        if (IsRecovering) Extension.RecoveryPermitter.Tell(ReturnRecoveryPermit.Instance, Self);
    }
}

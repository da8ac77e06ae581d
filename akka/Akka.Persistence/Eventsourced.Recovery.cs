using Akka.Actor;
using Akka.Persistence.Internal;

namespace Akka.Persistence;

/// <summary>Whether something came since the last one.</summary>
public sealed class RecoveryTick(bool snapshot)
{
    /// <summary>Whether a snapshot is waited for, not an event.</summary>
    public bool Snapshot { get; } = snapshot;
}

/// <content>From the permit to the first command.</content>
public abstract partial class Eventsourced
{
    private void BeginRecovery()
    {
        (_maxBatch, _recoveryTimeout) = Extension.LimitsOfJournal(JournalPluginId);
        _state = State.LoadingSnapshot;
        var recovery = Recovery;
        _recoveryTimer = Context.System.Scheduler.ScheduleTellOnceCancelable(_recoveryTimeout, Self, new RecoveryTick(true), Self);
        LoadSnapshot(SnapshotterId, recovery.FromSnapshot, recovery.ToSequenceNr);
    }

    private void LoadingSnapshot(object message)
    {
        switch (message)
        {
            case LoadSnapshotResult loaded:
                _recoveryTimer?.Cancel();
                if (TryTake(loaded.Snapshot)) BeginReplay(loaded.ToSequenceNr);
                break;
            case LoadSnapshotFailed failed:
                RecoveryFailed(failed.Cause, null);
                break;
            case RecoveryTick { Snapshot: true }:
                RecoveryFailed(new RecoveryTimedOutException($"Recovery timed out, didn't get snapshot within {_recoveryTimeout.TotalSeconds}s."), null);
                break;
            default:
                PutAside(message);
                break;
        }
    }

    private bool TryTake(SelectedSnapshot? snapshot)
    {
        if (snapshot is null) return true;
        LastSequenceNr = _sequenceNr = snapshot.Metadata.SequenceNr;
        return TryRecover(new SnapshotOffer(snapshot.Metadata, snapshot.Snapshot));
    }

    private void BeginReplay(long to)
    {
        _state = State.Replaying;
        _sawEvent = false;
        _recoveryTimer = Context.System.Scheduler.ScheduleTellRepeatedlyCancelable(_recoveryTimeout, _recoveryTimeout, Self, new RecoveryTick(false), Self);
        Journal.Tell(new ReplayMessages(LastSequenceNr + 1, to, Recovery.ReplayMax, PersistenceId, Self), Self);
    }

    private void Replaying(object message)
    {
        switch (message)
        {
            case ReplayedMessage replayed:
                _sawEvent = true;
                LastSequenceNr = _sequenceNr = Math.Max(LastSequenceNr, replayed.Persistent.SequenceNr);
                TryRecover(replayed.Persistent.Payload);
                break;
            case RecoverySuccess success:
                EndRecovery(success.HighestSequenceNr);
                break;
            case ReplayMessagesFailure failure:
                RecoveryFailed(failure.Cause, null);
                break;
            case RecoveryTick { Snapshot: false }:
                if (!_sawEvent) RecoveryFailed(new RecoveryTimedOutException($"Recovery timed out, didn't get event within {_recoveryTimeout.TotalSeconds}s, highest sequence number seen {LastSequenceNr}."), null);
                _sawEvent = false;
                break;
            case RecoveryTick:
                break;
            default:
                PutAside(message);
                break;
        }
    }

    private void EndRecovery(long highest)
    {
        _recoveryTimer?.Cancel();
        OnReplaySuccess();
        LastSequenceNr = _sequenceNr = Math.Max(highest, LastSequenceNr);
        _state = State.Commands;
        Extension.RecoveryPermitter.Tell(ReturnRecoveryPermit.Instance, Self);
        try
        {
            if (!ReceiveRecover(RecoveryCompleted.Instance)) Unhandled(RecoveryCompleted.Instance);
        }
        finally
        {
            CommandEnded(true);
        }
    }

    private bool TryRecover(object message)
    {
        try
        {
            if (!ReceiveRecover(message)) Unhandled(message);
            return true;
        }
        catch (Exception e)
        {
            RecoveryFailed(e, message);
            return false;
        }
    }

    private void RecoveryFailed(Exception cause, object? message)
    {
        _recoveryTimer?.Cancel();
        try
        {
            OnRecoveryFailure(cause, message);
        }
        finally
        {
            Context.Stop(Self);
        }
    }
}

using Akka.Dispatch;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor.Internal;

/// <summary>Beginning and end.</summary>
internal sealed partial class ActorCell
{
    private const int DefaultStashCapacity = 1000;

    private ActorTimers? _timers;

    /// <summary>Any thread: lets the actor begin.</summary>
    public void Start(ActorInitializationException? failure)
    {
        Mailbox.Dispatcher.Attach();
        Mailbox.EnqueueSystem(new Create(failure));
    }

    private void CreateActor(ActorInitializationException? failure)
    {
        if (failure is not null) throw failure;
        try
        {
            var actor = NewActor();
            actor.AroundPreStart();
            if (SystemImpl.Settings.DebugLifecycle) Debug($"Started ({actor.GetType()})");
            if (_receiveTimeout is not null) CheckReceiveTimeout(null);
        }
        catch (Exception e)
        {
            if (_actor is { } failed) ClearActorFields(failed);
            throw new ActorInitializationException(_self, $"Exception during creation: {e.Message}", e);
        }
    }

    private ActorBase NewActor()
    {
        _below = null;
        _actor = null;
        _creating = true;
        ActorBase instance;
        try
        {
            instance = Props.NewActor();
        }
        finally
        {
            _creating = false;
        }

        if (instance is null) throw new ActorInitializationException(_self, "The producer made no actor");
        if (!ReferenceEquals(instance, _actor)) throw new ActorInitializationException(_self, "The producer must make a new actor each time");
        if (_faults is not null) _faults.Strategy = null;
        (instance as ReceiveActor)?.EndConstruction();
        if (instance is IActorStash stash) stash.Stash = new ActorStash(this, StashCapacity(instance));
        if (instance is IWithTimers timers) timers.Timers = _timers = new ActorTimers(this);
        return instance;
    }

    private int StashCapacity(ActorBase instance) => instance switch
    {
        IWithBoundedStash => SystemImpl.Mailboxes.StashCapacity(Props, Dispatcher.Configurator.Config, DefaultStashCapacity),
        IWithStash => SystemImpl.Mailboxes.StashCapacity(Props, Dispatcher.Configurator.Config, -1),
        _ => -1,
    };

    private void Terminate()
    {
        SetReceiveTimeout(null);
        UnwatchWatchedActors();
        if (_self.Path.Depth <= 1) MakeRoomForChildren();
        var wasTerminating = IsTerminating;

        // No more children first: a guardian's come from any thread, and one that came after the others were stopped would live, and be waited for, for ever.
        var waits = SetChildrenTerminationReason(ChildrenWait.Termination);
        foreach (var child in ChildRefs()) Stop(child);
        if (!waits)
        {
            FinishTerminate();
            return;
        }

        if (wasTerminating) return;

        // No user messages while the children end.
        Mailbox.SuspendTurns();
        SetFailed(_self);
        if (SystemImpl.Settings.DebugLifecycle) Debug("stopping");
    }

    private void FinishTerminate()
    {
        var actor = _actor;
        try
        {
            if (actor is not null) EndIncarnation(actor, static a => a.AroundPostStop());
        }
        catch (Exception e)
        {
            SystemImpl.EventStream.Publish(new Error(e, _self.Path.ToString(), actor!.GetType(), e.Message));
        }

        _timers?.CancelAll();
        if (_children is not null) _children.Terminated = true;
        Mailbox.Dispatcher.Detach();
        Mailbox.Close();
        _self.Parent.SendSystemMessage(new DeathWatchNotification(_self, true, false));
        TellWatchersWeDied();
        UnwatchWatchedActors();
        if (SystemImpl.Settings.DebugLifecycle) Debug("stopped");
        if (actor is null) return;
        ClearActorFields(actor);
        Props.Release(actor);
    }

    // The stash's messages are not lost with the instance: they go back to the mailbox, and from there on or to the dead letters.
    private void EndIncarnation(ActorBase actor, Action<ActorBase> call)
    {
        try
        {
            if (actor is IActorStash { Stash: { } stash }) stash.UnstashAll();
        }
        finally
        {
            call(actor);
        }
    }

    private void ClearActorFields(ActorBase actor)
    {
        actor.MarkCleared();
        _timers?.CancelAll();
        _timers = null;
        _taskScheduler = null;
        if (_awaits > 0)
        {
            _awaits = 0;
            Mailbox.SetAwaiting(false);
        }

        _current = default;
        _behavior = null;
        _below = null;
        _actor = null;
    }
}

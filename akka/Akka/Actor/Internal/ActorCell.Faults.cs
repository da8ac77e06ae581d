using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor.Internal;

/// <summary>Failures, the actor's own and its children's.</summary>
internal sealed partial class ActorCell
{
    // Null while the actor never failed, nor a child of it.
    private Faults? _faults;

    private SupervisorStrategy Strategy => Troubles.Strategy ??= Props.SupervisorStrategy ?? _actor?.Strategy() ?? Actor.SupervisorStrategy.DefaultStrategy;

    private Faults Troubles => _faults ??= new Faults();

    private IActorRef? FailedBy => _faults?.By;

    private void SetFailed(IActorRef perpetrator) => Troubles.By = perpetrator;

    private void ForgetFailure()
    {
        if (_faults is not null) _faults.By = null;
    }

    private void HandleInvokeFailure(Exception failure, List<IActorRef>? childrenNotToSuspend)
    {
        // A failure while the supervisor still decides on another one, or during the end, changes nothing.
        if (FailedBy is not null || IsTerminated) return;
        try
        {
            Mailbox.SuspendTurns();
            if (Troubles.Handling is { } failed)
            {
                SetFailed(failed.Child);
                (childrenNotToSuspend ??= []).Add(failed.Child);
            }
            else
            {
                SetFailed(_self);
                Troubles.Message = _current;
            }

            SuspendChildren(childrenNotToSuspend);
            _self.Parent.SendSystemMessage(new Failed(_self, failure, _self.Path.Uid));
        }
        catch (Exception e)
        {
            SystemImpl.EventStream.Publish(new Error(e, _self.Path.ToString(), typeof(ActorCell), $"emergency stop: exception in failure handling for {failure.GetType()}"));
            foreach (var child in ChildRefs()) Stop(child);
            FinishTerminate();
        }
    }

    private void FaultSuspend()
    {
        Mailbox.SuspendTurns();
        SuspendChildren(null);
    }

    private void FaultResume(Exception? causedByFailure)
    {
        if (_actor is null && !IsNormal)
        {
            // The old instance is gone, the new one waits for children to end: it begins by itself.
            Mailbox.ResumeTurns();
            return;
        }

        if (_actor is null)
        {
            SystemImpl.EventStream.Publish(new Error(null, _self.Path.ToString(), typeof(ActorCell), $"changing Resume into Create after {causedByFailure}"));
            FaultCreate();
            return;
        }

        var perpetrator = FailedBy;
        if (causedByFailure is not null) ForgetFailure();
        Mailbox.ResumeTurns();
        ResumeChildren(causedByFailure, perpetrator);
    }

    // Restarting an actor that was never made is making it.
    private void FaultCreate()
    {
        SetReceiveTimeout(null);
        foreach (var child in ChildRefs()) Stop(child);
        if (!SetChildrenTerminationReason(ChildrenWait.Creation)) FinishCreate();
    }

    private void FinishCreate()
    {
        ForgetFailure();
        Mailbox.ResumeTurns();
        CreateActor(null);
    }

    private void FaultRecreate(Exception cause)
    {
        if (_actor is not { } failed)
        {
            SystemImpl.EventStream.Publish(new Error(cause, _self.Path.ToString(), typeof(ActorCell), $"changing Recreate into Create after {cause}"));
            FaultCreate();
            return;
        }

        if (!IsNormal)
        {
            FaultResume(null);
            return;
        }

        if (SystemImpl.Settings.DebugLifecycle) Debug("restarting");
        // The sender of the failed message is still at hand in PreRestart.
        _current = Troubles.Message;
        Troubles.Message = default;
        var message = _current.Message;
        try
        {
            EndIncarnation(failed, actor => actor.AroundPreRestart(cause, message));
        }
        catch (Exception e)
        {
            var wrapped = new PreRestartException(_self, e, cause, message);
            SystemImpl.EventStream.Publish(new Error(wrapped, _self.Path.ToString(), failed.GetType(), e.Message));
        }

        ClearActorFields(failed);
        if (!SetChildrenTerminationReason(ChildrenWait.Recreation, cause)) FinishRecreate(cause, failed);
    }

    private void FinishRecreate(Exception cause, ActorBase? failed)
    {
        if (failed is not null) Props.Release(failed);

        // The children that outlived the restart are told only when the new instance stands.
        var survivors = ChildRefs();
        try
        {
            ForgetFailure();
            Mailbox.ResumeTurns();
            var fresh = NewActor();
            fresh.AroundPostRestart(cause, null);
            if (_receiveTimeout is not null) CheckReceiveTimeout(null);
            if (SystemImpl.Settings.DebugLifecycle) Debug("restarted");
            foreach (var child in survivors) ((IInternalActorRef)child).Restart(cause);
        }
        catch (Exception e)
        {
            if (_actor is { } half) ClearActorFields(half);
            HandleInvokeFailure(new PostRestartException(_self, e, cause), survivors);
        }
    }

    private void HandleFailed(Failed failed)
    {
        if (_children?.Stats(failed.Child, SystemImpl.Scheduler) is not { } stats || stats.Uid != failed.Uid) return;
        var outer = _current;
        _current = new Envelope(failed, failed.Child);
        Troubles.Handling = failed;
        try
        {
            if (!Strategy.HandleFailure(this, failed.Child, failed.Cause, stats, _children.Stats(SystemImpl.Scheduler))) throw failed.Cause;
        }
        catch (Exception escalated)
        {
            HandleInvokeFailure(escalated, null);
        }
        finally
        {
            Troubles.Handling = null;
            _current = outer;
        }
    }

    private void HandleChildTerminated(IActorRef child)
    {
        var wait = _children!.Remove(child, out var cause);
        if (_actor is not null && !IsTerminated)
        {
            try
            {
                Strategy.HandleChildTerminated(this, child, _children.RefsOnDemand());
            }
            catch (Exception e)
            {
                SystemImpl.EventStream.Publish(new Error(e, _self.Path.ToString(), _actor.GetType(), "handleChildTerminated failed"));
                HandleInvokeFailure(e, null);
            }
        }

        switch (wait)
        {
            case ChildrenWait.Recreation:
                FinishRecreate(cause!, null);
                break;
            case ChildrenWait.Creation:
                FinishCreate();
                break;
            case ChildrenWait.Termination:
                FinishTerminate();
                break;
        }
    }

    // What only an actor has that failed, or that supervises.
    private sealed class Faults
    {
        /// <summary>Who failed: the actor itself, or the child whose failure it could not handle. Null while all is well.</summary>
        public IActorRef? By { get; set; }

        /// <summary>While this is set, a failure is the escalation of a child's one.</summary>
        public Failed? Handling { get; set; }

        /// <summary>What the actor failed on.</summary>
        public Envelope Message { get; set; }

        public SupervisorStrategy? Strategy { get; set; }
    }
}

using System.Runtime.CompilerServices;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor.Internal;

/// <summary>What the turns hand in.</summary>
internal sealed partial class ActorCell
{
    /// <summary>A user message.</summary>
    public void Invoke(Envelope envelope)
    {
        _current = envelope;
        var message = envelope.Message;
        if (_receiveTimeout is not null && message is not INotInfluenceReceiveTimeout) _receiveTimeout.Busy();
        try
        {
            if (message is IAutoReceivedMessage) AutoReceive(message);
            else _actor!.Handle(_behavior!, message);
        }
        catch (Exception failure)
        {
            HandleInvokeFailure(failure, null);
        }

        // An asynchronous handler goes on with its message and sender.
        if (_awaits > 0) return;
        _current = default;
        if (_receiveTimeout is not null) CheckReceiveTimeout(message);
    }

    /// <summary>One of the engine's own.</summary>
    public void SystemInvoke(SystemMessage message)
    {
        try
        {
            Handle(message);
        }
        catch (Exception failure)
        {
            HandleInvokeFailure(failure, null);
        }
    }

    /// <summary>A message that took the engine's handling, or came out of it.</summary>
    public void ReceiveMessage(object message)
    {
        if (_actor is { } actor) actor.Handle(_behavior!, message);
    }

    /// <summary>An asynchronous handler has more to do: no user messages until it is through.</summary>
    public void BeginAwait()
    {
        if (_awaits++ == 0) Mailbox.SetAwaiting(true);
    }

    private void Handle(SystemMessage message)
    {
        switch (message)
        {
            case Create create:
                CreateActor(create.Failure);
                break;
            case Watch watch:
                AddWatcher(watch.Watchee, watch.Watcher);
                break;
            case Unwatch unwatch:
                RemoveWatcher(unwatch.Watchee, unwatch.Watcher);
                break;
            case DeathWatchNotification died:
                WatchedActorTerminated(died.Actor, died.ExistenceConfirmed, died.AddressTerminated);
                break;
            case ActorTask step:
                ActorTaskStep(step);
                break;
            case ActorTaskDone done:
                ActorTaskEnded(done);
                break;
            default:
                HandleFault(message);
                break;
        }
    }

    private void HandleFault(SystemMessage message)
    {
        switch (message)
        {
            case Failed failed:
                HandleFailed(failed);
                break;
            case Suspend:
                FaultSuspend();
                break;
            case Resume resume:
                FaultResume(resume.CausedByFailure);
                break;
            case Recreate recreate:
                FaultRecreate(recreate.Cause);
                break;
            case Dispatch.SysMsg.Terminate:
                Terminate();
                break;
            default:
                throw new InvalidOperationException($"unknown system message {message}");
        }
    }

    private void ActorTaskStep(ActorTask step)
    {
        // What an earlier instance began does not go on in this one.
        if (ReferenceEquals(step.Owner, _taskScheduler)) step.Owner.Execute(step.Task);
    }

    private void ActorTaskEnded(ActorTaskDone done)
    {
        if (!ReferenceEquals(done.Owner, _taskScheduler)) return;
        _awaits--;
        try
        {
            if (done.Failure is not null) HandleInvokeFailure(done.Failure, null);
        }
        finally
        {
            if (_awaits == 0)
            {
                var message = _current.Message;
                _current = default;
                if (_receiveTimeout is not null) CheckReceiveTimeout(message);
                Mailbox.SetAwaiting(false);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AutoReceive(object message)
    {
        if (SystemImpl.Settings.DebugAutoReceive) Debug($"received AutoReceiveMessage {message}");
        switch (message)
        {
            case Terminated terminated:
                ReceivedTerminated(terminated);
                break;
            case TimerMessage timer:
                ReceivedTimer(timer);
                break;
            case PoisonPill:
                _self.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            case ActorSelectionMessage selection:
                Actor.ActorSelection.Deliver(_self, Sender, selection);
                break;
            default:
                ReceiveMessage(message);
                break;
        }
    }

    private void ReceivedTimer(TimerMessage timer)
    {
        if (_timers is null || !_timers.Takes(timer)) return;
        _current = new Envelope(timer.Message, timer.Sender ?? _current.Sender);
        if (timer.Message is IAutoReceivedMessage) AutoReceive(timer.Message);
        else ReceiveMessage(timer.Message);
    }

    private void Debug(string text)
        => SystemImpl.EventStream.Publish(new Debug(_self.Path.ToString(), _actor?.GetType() ?? typeof(ActorCell), text));
}

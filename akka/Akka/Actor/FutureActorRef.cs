using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Stands for one answer. It is in the tree (below /temp) only from when somebody asks for its path.</summary>
internal class FutureActorRef<T>(IActorRefProvider provider) : MinimalActorRef
{
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private ActorPath? _path;
    private HashSet<IInternalActorRef>? _watchers;

    public Task<T> Result => _result.Task;

    public override ActorPath Path
    {
        get
        {
            if (Volatile.Read(ref _path) is { } path) return path;
            lock (_lock)
            {
                if (_path is not null) return _path;
                path = provider.TempPath();
                if (!_result.Task.IsCompleted) provider.RegisterTempActor(this, path);
                Volatile.Write(ref _path, path);
                return path;
            }
        }
    }

    public override IInternalActorRef Parent => provider.TempContainer;

    public override IActorRefProvider Provider => provider;

    public override bool IsTerminated => _result.Task.IsCompleted;

    /// <summary>No answer any more.</summary>
    public void Fail(Exception reason)
    {
        if (_result.TrySetException(reason)) End();
    }

    /// <summary>The asker gave up.</summary>
    public void Cancel(CancellationToken token)
    {
        if (_result.TrySetCanceled(token)) End();
    }

    public override void Stop() => Fail(new ActorKilledException("stopped before an answer came"));

    public override void SendSystemMessage(ISystemMessage message)
    {
        if (message is not Watch watch || !watch.Watchee.Equals(this)) return;
        lock (_lock)
        {
            if (!IsTerminated)
            {
                (_watchers ??= []).Add(watch.Watcher);
                return;
            }
        }

        watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, true, false));
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        var taken = message switch
        {
            T answer => _result.TrySetResult(answer),
            Status.Failure failure => _result.TrySetException(failure.Cause ?? new TaskCanceledException("Task cancelled by actor via Failure message.")),
            Failure failure => _result.TrySetException(failure.Exception ?? new TaskCanceledException("Task cancelled by actor via Failure message.")),
            Terminated terminated => _result.TrySetException(new ActorNotFoundException($"{terminated.ActorRef} ended")),
            _ => _result.TrySetException(new ArgumentException($"Received message of type [{message.GetType()}] - Ask expected message of type [{typeof(T)}]")),
        };
        if (taken) End();
        else provider.DeadLetters.Tell(new DeadLetter(message, sender ?? provider.DeadLetters, this), sender);
    }

    private void End()
    {
        HashSet<IInternalActorRef>? watchers;
        lock (_lock)
        {
            if (_path is not null) provider.UnregisterTempActor(_path);
            watchers = _watchers;
            _watchers = null;
        }

        if (watchers is null) return;
        foreach (var watcher in watchers) watcher.SendSystemMessage(new DeathWatchNotification(this, true, false));
    }
}

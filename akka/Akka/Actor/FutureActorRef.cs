using Akka.Actor.Internal;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>Stands for one answer. It is in the tree (below /temp) only from when somebody asks for its path.</summary>
internal class FutureActorRef<T>(IActorRefProvider provider) : MinimalActorRef
{
    private readonly Promise<T> _result = new(((ActorSystemImpl)provider.Settings.System).Later);
    private readonly Lock _lock = new();
    private ActorPath? _path;
    private HashSet<IInternalActorRef>? _watchers;
    private ICancelable? _deadline;
    private CancellationTokenRegistration _registration;

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
                if (!_result.IsKept) provider.RegisterTempActor(this, path);
                Volatile.Write(ref _path, path);
                return path;
            }
        }
    }

    public override IInternalActorRef Parent => provider.TempContainer;

    public override IActorRefProvider Provider => provider;

    public override bool IsTerminated => _result.IsKept;

    /// <summary>What is given back when the answer is there, or none will come.</summary>
    public void ReleaseAtEnd(ICancelable? deadline, CancellationTokenRegistration registration)
    {
        lock (_lock)
        {
            _deadline = deadline;
            _registration = registration;
            if (!_result.IsKept) return;
        }

        Release();
    }

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

    private void Release()
    {
        _deadline?.Cancel();
        _registration.Unregister();
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

        Release();

        if (watchers is null) return;
        foreach (var watcher in watchers) watcher.SendSystemMessage(new DeathWatchNotification(this, true, false));
    }
}

using Akka.Dispatch.SysMsg;

namespace Akka.Actor.Internal;

/// <summary>Whom the actor watches, and who watches it.</summary>
internal sealed partial class ActorCell
{
    // Null value: Terminated is sent; else that message.
    private Dictionary<IActorRef, object?>? _watching;
    private Dictionary<IActorRef, object?>? _terminatedQueued;

    // Nobody, one reference, or a set of them: hardly an actor is watched by two.
    private object? _watchedBy;

    public IActorRef Watch(IActorRef subject)
    {
        Watch(subject, null);
        return subject;
    }

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        Watch(subject, message);
        return subject;
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (subject.Equals(_self)) return subject;
        if (_watching?.Remove(subject) == true) TellUnwatched(subject);
        _terminatedQueued?.Remove(subject);
        return subject;
    }

    private void Watch(IActorRef subject, object? message)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (subject.Equals(_self)) return;
        _watching ??= [];
        if (_watching.TryGetValue(subject, out var before))
        {
            if (!Equals(before, message)) throw new InvalidOperationException($"Watch({_self},{subject}) termination message was not overwritten from [{before}] to [{message}]. If this was intended, unwatch first before using `watch` / `watchWith` with another message.");
            return;
        }

        _watching.Add(subject, message);
        var watchee = (IInternalActorRef)subject;
        if (!TellsAnyway(subject)) watchee.SendSystemMessage(new Watch(watchee, _self));
    }

    // A child tells its parent of its end, watched or not; one that is still among the children has not done so yet.
    private bool TellsAnyway(IActorRef subject) => _children is not null && _children.Has(subject);

    private void TellUnwatched(IActorRef subject)
    {
        if (!TellsAnyway(subject)) ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, _self));
    }

    private void ReceivedTerminated(Terminated terminated)
    {
        if (_terminatedQueued is null || !_terminatedQueued.Remove(terminated.ActorRef, out var custom)) return;
        if (custom is not null) _current = new Envelope(custom, terminated.ActorRef);
        ReceiveMessage(custom ?? terminated);
    }

    private void WatchedActorTerminated(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    {
        if (_watching is not null && _watching.Remove(actor, out var custom) && !IsTerminating)
        {
            (_terminatedQueued ??= [])[actor] = custom;
            _self.Tell(new Terminated(actor, existenceConfirmed, addressTerminated), actor);
        }

        if (TellsAnyway(actor)) HandleChildTerminated(actor);
    }

    private void AddWatcher(IActorRef watchee, IActorRef watcher)
    {
        if (!watchee.Equals(_self) || watcher.Equals(_self)) return;
        if (_watchedBy is null) _watchedBy = watcher;
        else if (_watchedBy is HashSet<IActorRef> watchers) watchers.Add(watcher);
        else _watchedBy = new HashSet<IActorRef> { (IActorRef)_watchedBy, watcher };
    }

    private void RemoveWatcher(IActorRef watchee, IActorRef watcher)
    {
        if (!watchee.Equals(_self)) return;
        if (_watchedBy is HashSet<IActorRef> watchers) watchers.Remove(watcher);
        else if (watcher.Equals(_watchedBy)) _watchedBy = null;
    }

    private void TellWatchersWeDied()
    {
        var watchedBy = _watchedBy;
        _watchedBy = null;
        if (watchedBy is IActorRef one) TellWatcherWeDied(one);
        if (watchedBy is not HashSet<IActorRef> watchers) return;
        foreach (var watcher in watchers) TellWatcherWeDied(watcher);
    }

    private void TellWatcherWeDied(IActorRef watcher)
    {
        // The parent was told as the parent.
        if (!watcher.Equals(_self.Parent)) ((IInternalActorRef)watcher).SendSystemMessage(new DeathWatchNotification(_self, true, false));
    }

    private void UnwatchWatchedActors()
    {
        _terminatedQueued = null;
        if (_watching is null) return;
        foreach (var subject in _watching.Keys) TellUnwatched(subject);
        _watching = null;
    }
}

using System.Collections.Concurrent;
using Akka.Dispatch.SysMsg;
using Akka.Event;

namespace Akka.Actor;

/// <summary>A place in the tree where no actor is (any more): user messages become dead letters, questions about it are answered.</summary>
internal class EmptyLocalActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream) : MinimalActorRef
{
    public override ActorPath Path { get; } = path;

    public override IActorRefProvider Provider { get; } = provider;

    public override bool IsTerminated => true;

    public override void SendSystemMessage(ISystemMessage message) => SpecialHandle(message, Provider.DeadLetters);

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is DeadLetter dead) SpecialHandle(dead.Message, dead.Sender);
        else if (!SpecialHandle(message, sender)) Publish(message, sender);
    }

    protected void Publish(object message, IActorRef? sender)
        => eventStream.Publish(message is IDeadLetterSuppression suppressed
            ? new SuppressedDeadLetter(suppressed, sender ?? Provider.DeadLetters, this)
            : new DeadLetter(message, sender ?? Provider.DeadLetters, this));

    protected virtual bool SpecialHandle(object message, IActorRef? sender)
    {
        switch (message)
        {
            case Watch watch:
                if (watch.Watchee.Equals(this) && !watch.Watcher.Equals(this)) watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, false, false));
                return true;
            case ISystemMessage:
                return true;
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), this);
                return true;
            case ActorSelectionMessage selection:
                SelectionMissed(selection, sender);
                return true;
            default:
                return false;
        }
    }

    private void SelectionMissed(ActorSelectionMessage selection, IActorRef? sender)
    {
        if (selection.Message is Identify identify)
        {
            if (!selection.WildCardFanOut) sender?.Tell(new ActorIdentity(identify.MessageId, null), this);
            return;
        }

        if (!selection.WildCardFanOut) Publish(selection.Message, sender);
    }
}

/// <summary>Where messages go that nobody can take: published as dead letters.</summary>
internal sealed class DeadLetterActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream) : EmptyLocalActorRef(provider, path, eventStream)
{
    private readonly EventStream _events = eventStream;

    public override bool IsTerminated => false;

    protected override void TellInternal(object message, IActorRef? sender)
    {
        // A dead letter that names its receiver is published as it is.
        if (message is AllDeadLetters dead)
        {
            if (!SpecialHandle(dead.Message, dead.Sender)) _events.Publish(dead);
        }
        else if (!SpecialHandle(message, sender))
        {
            Publish(message, sender);
        }
    }

    protected override bool SpecialHandle(object message, IActorRef? sender)
    {
        if (message is not Watch watch) return base.SpecialHandle(message, sender);
        if (!watch.Watchee.Equals(this) && !watch.Watcher.Equals(this)) watch.Watcher.SendSystemMessage(new DeathWatchNotification(watch.Watchee, false, false));
        return true;
    }
}

/// <summary>Forgets what is sent to it.</summary>
internal sealed class IgnoreActorRef(IActorRefProvider provider) : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(new Address("akka", "local")) / "ignore";

    public override IActorRefProvider Provider { get; } = provider;
}

/// <summary>A level of the tree that is no actor, such as /temp: names and what they stand for.</summary>
internal sealed class VirtualPathContainer(IActorRefProvider provider, ActorPath path, IInternalActorRef parent) : MinimalActorRef
{
    private readonly ConcurrentDictionary<string, IInternalActorRef> _children = new();

    public override ActorPath Path { get; } = path;

    public override IActorRefProvider Provider { get; } = provider;

    public override IInternalActorRef Parent { get; } = parent;

    public void Add(string name, IInternalActorRef actor) => _children[name] = actor;

    public void Remove(string name) => _children.TryRemove(name, out _);

    public override IActorRef GetChild(IReadOnlyList<string> name)
    {
        if (name.Count == 0) return this;
        if (!_children.TryGetValue(name[0], out var child)) return ActorRefs.Nobody;
        return name.Count == 1 ? child : child.GetChild([.. name.Skip(1)]);
    }

    protected override void TellInternal(object message, IActorRef? sender)
    {
        if (message is not ActorSelectionMessage selection) return;
        var left = selection.Elements;
        if (left is [SelectChildName { Name: var name }] && _children.TryGetValue(name, out var child)) child.Tell(selection.Message, sender);
        else Provider.DeadLetters.Tell(selection, sender);
    }
}

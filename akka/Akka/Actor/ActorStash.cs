using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>The stash of one instance of an actor.</summary>
internal sealed class ActorStash(ActorCell cell, int capacity) : IStash
{
    private LinkedList<Envelope> _stashed = new();
    private object? _last;

    public int Count => _stashed.Count;

    public bool IsEmpty => Count == 0;

    public bool NonEmpty => Count > 0;

    public bool IsFull => Capacity >= 0 && Count >= Capacity;

    public int Capacity { get; } = capacity;

    public void Stash()
    {
        var current = cell.CurrentEnvelope;
        if (current.Message is null) throw new IllegalActorStateException("There is no message to stash");
        if (Count > 0 && ReferenceEquals(_last, current.Message) && ReferenceEquals(_stashed.Last!.Value.Sender, current.Sender))
        {
            throw new IllegalActorStateException($"Can't stash the same message {current.Message} more than once");
        }

        if (IsFull) throw new StashOverflowException($"Couldn't enqueue message {current.Message.GetType()} from {cell.Sender} to stash of {cell.Self}: capacity {Capacity} is used up");
        _last = current.Message;
        _stashed.AddLast(current);
    }

    public void Unstash()
    {
        if (Count == 0) return;
        var first = _stashed.First!.Value;
        _stashed.RemoveFirst();
        _last = null;
        cell.Mailbox.EnqueueFirst(first);
    }

    public void UnstashAll()
    {
        for (var node = _stashed.Last; node is not null; node = node.Previous) cell.Mailbox.EnqueueFirst(node.Value);
        Clear();
    }

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        for (var node = _stashed.Last; node is not null; node = node.Previous)
        {
            if (predicate(node.Value)) cell.Mailbox.EnqueueFirst(node.Value);
        }

        Clear();
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var all = _stashed;
        Clear();
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Reverse()) _stashed.AddFirst(envelope);
    }

    private void Clear()
    {
        _stashed = new LinkedList<Envelope>();
        _last = null;
    }
}

using System.Collections.Concurrent;
using Akka.Actor;

namespace Akka.Dispatch.MessageQueues;

/// <summary>A queue without a limit. The engine replaces it by the mailbox's own, which is quicker.</summary>
public class UnboundedMessageQueue : IMessageQueue
{
    private readonly ConcurrentQueue<Envelope> _queue = new();

    /// <inheritdoc/>
    public bool HasMessages => !_queue.IsEmpty;

    /// <inheritdoc/>
    public int Count => _queue.Count;

    /// <inheritdoc/>
    public void Enqueue(IActorRef receiver, Envelope envelope) => _queue.Enqueue(envelope);

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
    }
}

/// <summary>A queue with a limit: a sender waits for room, and after the time for that the message is a dead letter.</summary>
public class BoundedMessageQueue : IMessageQueue
{
    private readonly BlockingCollection<Envelope> _queue;

    /// <summary>With these limits; a negative time waits as long as it takes.</summary>
    public BoundedMessageQueue(int boundedCapacity, TimeSpan pushTimeOut)
    {
        PushTimeOut = pushTimeOut;
        _queue = new BlockingCollection<Envelope>(boundedCapacity);
    }

    /// <summary>How long a sender waits for room; negative for as long as it takes.</summary>
    public TimeSpan PushTimeOut { get; set; }

    internal IActorRef? DeadLetters { get; init; }

    /// <inheritdoc/>
    public bool HasMessages => _queue.Count > 0;

    /// <inheritdoc/>
    public int Count => _queue.Count;

    /// <inheritdoc/>
    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        var wait = PushTimeOut < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : PushTimeOut;
        if (!_queue.TryAdd(envelope, wait)) DeadLetters?.Tell(new Event.DeadLetter(envelope.Message, envelope.Sender ?? DeadLetters, receiver), envelope.Sender);
    }

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope) => _queue.TryTake(out envelope);

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
    }
}

/// <summary>A queue by urgency, and among equals by age.</summary>
internal sealed class PriorityMessageQueue(Func<object, int> urgency) : IMessageQueue
{
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Envelope, (int Urgency, long Age)> _queue = new();
    private long _age;

    public bool HasMessages => Count > 0;

    public int Count
    {
        get
        {
            lock (_lock) return _queue.Count;
        }
    }

    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        var priority = urgency(envelope.Message);
        lock (_lock) _queue.Enqueue(envelope, (priority, _age++));
    }

    public bool TryDequeue(out Envelope envelope)
    {
        lock (_lock) return _queue.TryDequeue(out envelope, out _);
    }

    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (TryDequeue(out var envelope)) deadletters.Enqueue(owner, envelope);
    }
}

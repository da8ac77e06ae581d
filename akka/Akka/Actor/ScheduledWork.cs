using Akka.Dispatch;

namespace Akka.Actor;

/// <summary>Something that happens at a time, once or again and again.</summary>
internal abstract class ScheduledWork
{
    /// <summary>Its time on the monotonic clock, in units of 100 ns.</summary>
    public long Deadline;

    /// <summary>The time until the next one; 0 for once.</summary>
    public long Interval;

    /// <summary>Its place in the heap; -1 outside.</summary>
    public int Index = -1;

    /// <summary>Calls it off.</summary>
    public ICancelable? Cancelable;

    public abstract void Run();
}

/// <summary>Where scheduled work waits.</summary>
internal interface IWorkHolder
{
    /// <summary>Takes work out that was called off.</summary>
    void Remove(ScheduledWork work);
}

/// <summary>A message.</summary>
internal sealed class ScheduledTell(ICanTell receiver, object message, IActorRef? sender) : ScheduledWork
{
    public override void Run() => receiver.Tell(message, sender);
}

/// <summary>A method.</summary>
internal sealed class ScheduledAction(Action action) : ScheduledWork
{
    public override void Run() => action();
}

/// <summary>Work that does not wait for its time where the system ends before.</summary>
internal interface IEndsWithTheSystem : IRunnable;

/// <summary>A piece of work.</summary>
internal sealed class ScheduledRunnable(IRunnable action) : ScheduledWork
{
    public bool EndsWithTheSystem => action is IEndsWithTheSystem;

    public override void Run() => action.Run();
}

/// <summary>Work by deadline, the earliest first: a binary heap whose entries know their places, so that one can be taken out.</summary>
internal sealed class DeadlineHeap
{
    private ScheduledWork?[] _heap = new ScheduledWork[16];

    public int Count { get; private set; }

    public ScheduledWork First => _heap[0]!;

    public void Add(ScheduledWork work)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, Count * 2);
        Up(work, Count++);
    }

    public void Remove(ScheduledWork work)
    {
        var index = work.Index;
        if (index < 0) return;
        work.Index = -1;
        var last = _heap[--Count]!;
        _heap[Count] = null;
        if (index == Count) return;
        if (index > 0 && last.Deadline < _heap[(index - 1) / 2]!.Deadline) Up(last, index);
        else Down(last, index);
    }

    private void Up(ScheduledWork work, int index)
    {
        while (index > 0)
        {
            var parent = _heap[(index - 1) / 2]!;
            if (parent.Deadline <= work.Deadline) break;
            Set(parent, index);
            index = (index - 1) / 2;
        }

        Set(work, index);
    }

    private void Down(ScheduledWork work, int index)
    {
        while (true)
        {
            var child = (index * 2) + 1;
            if (child >= Count) break;
            if (child + 1 < Count && _heap[child + 1]!.Deadline < _heap[child]!.Deadline) child++;
            if (_heap[child]!.Deadline >= work.Deadline) break;
            Set(_heap[child]!, index);
            index = child;
        }

        Set(work, index);
    }

    private void Set(ScheduledWork work, int index)
    {
        _heap[index] = work;
        work.Index = index;
    }
}

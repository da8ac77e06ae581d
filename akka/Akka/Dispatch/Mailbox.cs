using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// What waits for one actor, and its turns. Senders add to an array under a lock of a few instructions; a turn takes that whole array and hands in an
/// empty one, so the two sides meet once per turn rather than once per message. A mailbox of another type keeps user messages in its own queue.
/// </summary>
internal sealed partial class Mailbox : IRunnable, IThreadPoolWorkItem
{
    private const int SmallestArray = 8;

    private readonly ActorCell _cell;
    private readonly MessageDispatcher _dispatcher;
    private readonly IMessageQueue? _queue;

    // Under _lock.
    private int _lock;
    private bool _scheduled;
    private bool _closed;
    private bool _awaiting;
    private int _suspended;
    private int _inCount;
    private Envelope[] _in = [];
    private SystemMessage? _systemHead;
    private SystemMessage? _systemTail;

    // Only the turn touches these.
    private Envelope[] _out = [];
    private int _outNext;
    private int _outCount;
    private Stack<Envelope>? _front;

    public Mailbox(ActorCell cell, MessageDispatcher dispatcher, IMessageQueue? queue)
    {
        _cell = cell;
        _dispatcher = dispatcher;
        _queue = queue;
    }

    /// <summary>Where its turns run.</summary>
    public MessageDispatcher Dispatcher => _dispatcher;

    /// <summary>The queue of a mailbox of another type; null for the default one.</summary>
    public IMessageQueue? MessageQueue => _queue;

    /// <summary>How many user messages wait; exact only while nobody sends.</summary>
    public int Count => (_queue?.Count ?? Volatile.Read(ref _inCount)) + (_outCount - _outNext) + (_front?.Count ?? 0);

    /// <summary>Whether the actor ended.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Whether user messages wait for a supervisor's decision.</summary>
    public bool IsSuspended => Volatile.Read(ref _suspended) > 0;

    /// <summary>Adds a user message.</summary>
    public void Enqueue(object message, IActorRef? sender)
    {
        if (_queue is not null)
        {
            EnqueueElsewhere(message, sender);
            return;
        }

        Lock();
        var count = _inCount;
        if ((uint)count >= (uint)_in.Length && !MakeRoom(count))
        {
            Unlock();
            _cell.DeadLetter(message, sender);
            return;
        }

        // The sender's null is turned into the dead letters only when the message is handled.
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_in), count) = new Envelope(message, sender!);
        _inCount = count + 1;
        if (_scheduled || _suspended != 0 || _awaiting)
        {
            Unlock();
            return;
        }

        _scheduled = true;
        Unlock();
        _dispatcher.Schedule(this);
    }

    /// <summary>Adds a system message, or answers for the actor when it ended.</summary>
    public void EnqueueSystem(SystemMessage message)
    {
        Lock();
        if (_closed)
        {
            Unlock();
            _cell.AnswerAsDead(message);
            return;
        }

        if (_systemTail is null) _systemHead = message;
        else _systemTail.Next = message;
        _systemTail = message;
        var schedule = !_scheduled;
        _scheduled = true;
        Unlock();
        if (schedule) _dispatcher.Schedule(this);
    }

    /// <summary>Puts a message before all others; only the actor's own turn may.</summary>
    public void EnqueueFirst(Envelope envelope) => (_front ??= new Stack<Envelope>()).Push(envelope);

    /// <summary>No user messages until as many calls of <see cref="ResumeTurns"/>.</summary>
    public void SuspendTurns()
    {
        Lock();
        _suspended++;
        Unlock();
    }

    /// <summary>Takes one <see cref="SuspendTurns"/> back.</summary>
    public void ResumeTurns()
    {
        Lock();
        if (_suspended > 0) _suspended--;
        Unlock();
        ScheduleIfNeeded();
    }

    /// <summary>No user messages while an asynchronous handler runs.</summary>
    public void SetAwaiting(bool awaiting)
    {
        Lock();
        _awaiting = awaiting;
        Unlock();
        if (!awaiting) ScheduleIfNeeded();
    }

    /// <summary>The actor ended: everything that waits, and all that comes, is for the dead letters.</summary>
    public void Close()
    {
        Lock();
        _closed = true;
        var system = _systemHead;
        _systemHead = _systemTail = null;
        var waiting = _in;
        var count = _inCount;
        _in = [];
        _inCount = 0;
        Unlock();
        for (; system is not null; system = Unlink(system)) _cell.AnswerAsDead(system);
        while (_front is { Count: > 0 }) _cell.DeadLetter(_front.Pop());
        for (; _outNext < _outCount; _outNext++) _cell.DeadLetter(_out[_outNext]);
        for (var i = 0; i < count; i++) _cell.DeadLetter(waiting[i]);
        _queue?.CleanUp(_cell.Self, new DeadLetterQueue(_cell));
        _out = [];
        _outNext = _outCount = 0;
    }

    /// <summary>Starts a turn where something waits that may be handled.</summary>
    public void ScheduleIfNeeded()
    {
        Lock();
        var schedule = !_scheduled && !_closed && HasWork();
        if (schedule) _scheduled = true;
        Unlock();
        if (schedule) _dispatcher.Schedule(this);
    }

    private static SystemMessage? Unlink(SystemMessage message)
    {
        var next = message.Next;
        message.Next = null;
        return next;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Lock()
    {
        if (Interlocked.Exchange(ref _lock, 1) != 0) LockContended();
    }

    private void LockContended()
    {
        var spin = default(SpinWait);
        do
        {
            // Without sleeping: the lock is held for a few instructions, unless its holder was just taken off its core.
            spin.SpinOnce(sleep1Threshold: -1);
        }
        while (Volatile.Read(ref _lock) != 0 || Interlocked.Exchange(ref _lock, 1) != 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Unlock() => Volatile.Write(ref _lock, 0);

    // Off the path of ordinary sends: the first message after an idle time, a growing backlog, an ended actor (which has no array).
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MakeRoom(int count)
    {
        if (_closed) return false;
        var larger = SpareArrays.Take(count);
        Array.Copy(_in, larger, count);
        _in = larger;
        return true;
    }

    private void EnqueueElsewhere(object message, IActorRef? sender)
    {
        if (IsClosed)
        {
            _cell.DeadLetter(message, sender);
            return;
        }

        _queue!.Enqueue(_cell.Self, new Envelope(message, sender!));
        ScheduleIfNeeded();
    }

    private bool HasWork()
        => _systemHead is not null
           || (_suspended == 0 && !_awaiting && (_inCount > 0 || _outNext < _outCount || _front is { Count: > 0 } || _queue is { HasMessages: true }));

    /// <summary>Arrays that turns emptied, kept by thread for the next mailbox that needs more than its own small one.</summary>
    private static class SpareArrays
    {
        private const int MostSmall = 64;
        private const int MostLarge = 4;

        [ThreadStatic]
        private static Stack<Envelope[]>? _small;

        [ThreadStatic]
        private static Stack<Envelope[]>? _large;

        /// <summary>An empty array with room for more than <paramref name="count"/>.</summary>
        public static Envelope[] Take(int count)
        {
            if (count == 0) return _small is not null && _small.TryPop(out var small) ? small : new Envelope[SmallestArray];
            if (_large is not null && _large.TryPeek(out var large) && large.Length > count) return _large.Pop();
            return new Envelope[count * 2];
        }

        /// <summary>Keeps an empty array, or lets it go when there are enough.</summary>
        public static void Give(Envelope[] array)
        {
            if (array.Length is 0 or > LargestBusyArray) return;
            var (kept, most) = array.Length == SmallestArray ? (_small ??= new Stack<Envelope[]>(), MostSmall) : (_large ??= new Stack<Envelope[]>(), MostLarge);
            if (kept.Count < most) kept.Push(array);
        }
    }

    private sealed class DeadLetterQueue(ActorCell cell) : IMessageQueue
    {
        public bool HasMessages => false;

        public int Count => 0;

        public void Enqueue(IActorRef receiver, Envelope envelope) => cell.DeadLetter(envelope);

        public bool TryDequeue(out Envelope envelope)
        {
            envelope = default;
            return false;
        }

        public void CleanUp(IActorRef owner, IMessageQueue deadletters)
        {
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>
/// What waits for one actor, and its turns. Senders add to an array under a lock of a few instructions; a turn takes that whole array and hands in an
/// empty one, so the two sides meet once per turn rather than once per message. A backlog is a chain of such arrays: it is never copied. A mailbox of
/// another type keeps user messages in its own queue.
/// </summary>
internal sealed partial class Mailbox : MailboxSides, IRunnable, IThreadPoolWorkItem
{
    private const int FirstArray = 2;
    private const int SmallArray = 8;
    private const int MiddleArray = 64;
    private const int LargestArray = 1024;

    private readonly CacheLine _behind = default;

    public Mailbox(ActorCell cell, MessageDispatcher dispatcher, IMessageQueue? queue)
    {
        _cell = cell;
        _dispatcher = dispatcher;
        _queue = queue;
    }

    /// <summary>Whose it is.</summary>
    public ActorCell Cell => _cell;

    /// <summary>Where its turns run.</summary>
    public MessageDispatcher Dispatcher => _dispatcher;

    /// <summary>The queue of a mailbox of another type; null for the default one.</summary>
    public IMessageQueue? MessageQueue => _queue;

    /// <summary>How many user messages wait; exact only while nobody sends.</summary>
    public int Count => (_queue?.Count ?? (Volatile.Read(ref _inCount) + (Volatile.Read(ref _fullCount) * LargestArray))) + (_outCount - _outNext) + EnvelopeChunk.CountAll(_outRest) + (_front?.Count ?? 0);

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
        count = _inCount;
        Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_in), count) = new Envelope(message, sender!);
        _inCount = count + 1;
        if (_quiet)
        {
            Unlock();
            return;
        }

        _scheduled = _quiet = true;
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
        _scheduled = _quiet = true;
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
        _quiet = true;
        Unlock();
    }

    /// <summary>Takes one <see cref="SuspendTurns"/> back.</summary>
    public void ResumeTurns()
    {
        Lock();
        if (_suspended > 0) _suspended--;
        _quiet = IsQuiet();
        Unlock();
        ScheduleIfNeeded();
    }

    /// <summary>No user messages while an asynchronous handler runs.</summary>
    public void SetAwaiting(bool awaiting)
    {
        Lock();
        _awaiting = awaiting;
        _quiet = IsQuiet();
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
        var waiting = TakeWaiting(None);
        Unlock();
        for (; system is not null; system = Unlink(system)) _cell.AnswerAsDead(system);
        while (_front is { Count: > 0 }) _cell.DeadLetter(_front.Pop());
        for (; _outNext < _outCount; _outNext++) _cell.DeadLetter(_out[_outNext]);
        DeadLetters(_outRest);
        DeadLetters(waiting);
        _outRest = null;
        _queue?.CleanUp(_cell.Self, new DeadLetterQueue(_cell));
        _out = None;
        _outNext = _outCount = 0;
    }

    /// <summary>Starts a turn where something waits that may be handled.</summary>
    public void ScheduleIfNeeded()
    {
        Lock();
        var schedule = !_scheduled && !_closed && HasWork();
        if (schedule) _scheduled = _quiet = true;
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
        if (_turnWaits || Interlocked.Exchange(ref _lock, 1) != 0) LockContended();
    }

    private void LockContended()
    {
        var first = default(SpinWait);
        while (Volatile.Read(ref _turnWaits) && !first.NextSpinWillYield) first.SpinOnce();
        var spin = default(SpinWait);
        while (Volatile.Read(ref _lock) != 0 || Interlocked.Exchange(ref _lock, 1) != 0)
        {
            // Without sleeping: the lock is held for a few instructions, unless its holder was just taken off its core.
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    // A sender in a loop holds the lock, or is about to, nearly all the time: the turn would hardly ever get it, and the backlog grow without need. Where there is one, senders let
    // the turn go first, but not for longer than it takes where its thread has a core. Without a backlog a turn that waits a little finds more, which is cheaper for both.
    private void LockForTurn()
    {
        if (Interlocked.Exchange(ref _lock, 1) == 0) return;
        if (Volatile.Read(ref _fullHead) is not null) Volatile.Write(ref _turnWaits, true);
        var spin = default(SpinWait);
        while (Interlocked.Exchange(ref _lock, 1) != 0) spin.SpinOnce(sleep1Threshold: -1);
        _turnWaits = false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Unlock() => Volatile.Write(ref _lock, 0);

    // Off the path of ordinary sends: the first message after an idle time, a growing backlog, an ended actor (which has no array).
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool MakeRoom(int count)
    {
        if (_closed) return false;
        if (count == LargestArray)
        {
            var full = new EnvelopeChunk(_in, count);
            if (_fullTail is null) _fullHead = full;
            else _fullTail.Next = full;
            _fullTail = full;
            _fullCount++;
            _in = SpareArrays.TakeLarge();
            _inCount = 0;
            return true;
        }

        var larger = SpareArrays.Take(count);
        Array.Copy(_in, larger, count);
        Array.Clear(_in);
        SpareArrays.Give(_in);
        _in = larger;
        return true;
    }

    // Under the lock: everything that waits, oldest first, with an empty array in its place.
    private EnvelopeChunk? TakeWaiting(Envelope[] empty)
    {
        var last = _inCount > 0 ? new EnvelopeChunk(_in, _inCount) : null;
        var first = _fullHead ?? last;
        if (_fullTail is not null) _fullTail.Next = last;
        _fullHead = _fullTail = null;
        _fullCount = 0;
        _in = empty;
        _inCount = 0;
        return first;
    }

    private void DeadLetters(EnvelopeChunk? chunk)
    {
        for (; chunk is not null; chunk = chunk.Next)
        {
            for (var i = 0; i < chunk.Count; i++) _cell.DeadLetter(chunk.Items[i]);
        }
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

    private bool IsQuiet() => _scheduled || _suspended != 0 || _awaiting;

    private bool HasWork()
        => _systemHead is not null
           || (_suspended == 0 && !_awaiting && (_inCount > 0 || _fullHead is not null || _outNext < _outCount || _outRest is not null || _front is { Count: > 0 } || _queue is { HasMessages: true }));

    /// <summary>
    /// Arrays that turns emptied, for the next mailbox that needs more than its own small one: small ones by thread, large ones for all threads,
    /// since one that fills them is seldom one that empties them.
    /// </summary>
    private static class SpareArrays
    {
        private const int MostSmall = 64;
        private const int MostLarge = 64;

        private static readonly Envelope[]?[] Large = new Envelope[MostLarge][];
        private static int _large;
        private static int _largeLock;

        [ThreadStatic]
        private static Stack<Envelope[]>? _first;

        [ThreadStatic]
        private static Stack<Envelope[]>? _small;

        [ThreadStatic]
        private static Stack<Envelope[]>? _middle;

        /// <summary>An empty array with room for more than <paramref name="count"/>, which is less than the largest.</summary>
        public static Envelope[] Take(int count)
        {
            if (count >= MiddleArray) return TakeLarge();
            var (spares, size) = count < FirstArray ? (_first, FirstArray) : count < SmallArray ? (_small, SmallArray) : (_middle, MiddleArray);
            return spares is not null && spares.TryPop(out var spare) ? spare : new Envelope[size];
        }

        /// <summary>An empty array of the largest size.</summary>
        public static Envelope[] TakeLarge()
        {
            Envelope[]? taken = null;
            if (Volatile.Read(ref _large) > 0 && Interlocked.Exchange(ref _largeLock, 1) == 0)
            {
                if (_large > 0)
                {
                    taken = Large[--_large];
                    Large[_large] = null;
                }

                Volatile.Write(ref _largeLock, 0);
            }

            return taken ?? new Envelope[LargestArray];
        }

        /// <summary>Keeps an empty array, or lets it go when there are enough.</summary>
        public static void Give(Envelope[] array)
        {
            if (array.Length == 0) return;
            if (array.Length <= MiddleArray)
            {
                var spares = array.Length == FirstArray ? _first ??= new Stack<Envelope[]>() : array.Length == SmallArray ? _small ??= new Stack<Envelope[]>() : _middle ??= new Stack<Envelope[]>();
                if (spares.Count < MostSmall) spares.Push(array);
            }
            else if (array.Length == LargestArray && Volatile.Read(ref _large) < MostLarge && Interlocked.Exchange(ref _largeLock, 1) == 0)
            {
                if (_large < MostLarge) Large[_large++] = array;
                Volatile.Write(ref _largeLock, 0);
            }
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

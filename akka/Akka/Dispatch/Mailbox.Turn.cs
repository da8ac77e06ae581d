using System.Runtime.CompilerServices;
using Akka.Actor;

namespace Akka.Dispatch;

/// <summary>The turns: what waits is handled, at most the dispatcher's throughput at a time.</summary>
internal sealed partial class Mailbox
{
    /// <inheritdoc/>
    void IThreadPoolWorkItem.Execute() => Run();

    /// <inheritdoc/>
    public void Run()
    {
        ref var current = ref Actor.Internal.InternalCurrentActorCellKeeper.Slot;
        var outer = current;
        current = _cell;
        try
        {
            ProcessSystemMessages();
            ProcessMessages(_dispatcher.Throughput);
        }
        finally
        {
            current = outer;
            EndTurn();
        }
    }

    private void ProcessMessages(int left)
    {
        var deadline = _dispatcher.TurnDeadline(_cell.System);
        while (CanProcess() && TakeNext(out var envelope))
        {
            _cell.Invoke(envelope);
            if (Volatile.Read(ref _systemHead) is not null) ProcessSystemMessages();
            if (deadline != 0 && _dispatcher.IsPast(deadline, _cell.System)) return;
            if (--left > 0) continue;

            // Others have their turn now; where there are none, a turn that ended would only begin again.
            if (!_dispatcher.IsAlone) return;
            left = _dispatcher.Throughput;
        }
    }

    // Both change only within the turn or while no turn runs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool CanProcess() => _suspended == 0 && !_awaiting && !_closed;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TakeNext(out Envelope envelope)
    {
        var next = _outNext;
        if (next >= _outCount || _front is not null) return TakeElsewhere(out envelope);
        ref var slot = ref _out[next];
        envelope = slot;
        slot = default;
        _outNext = next + 1;
        return true;
    }

    private bool TakeElsewhere(out Envelope envelope)
    {
        if (_front is not null)
        {
            if (_front.TryPop(out envelope)) return true;
            _front = null;
        }

        if (_outNext < _outCount || (_queue is null && Swap()))
        {
            ref var slot = ref _out[_outNext++];
            envelope = slot;
            slot = default;
            return true;
        }

        envelope = default;
        return _queue is not null && _queue.TryDequeue(out envelope);
    }

    private bool Swap()
    {
        if (_outRest is { } next)
        {
            SpareArrays.Give(_out);
            _outRest = next.Next;
            (_out, _outCount, _outNext) = (next.Items, next.Count, 0);
            return true;
        }

        if (Volatile.Read(ref _inCount) == 0 && Volatile.Read(ref _fullHead) is null) return false;
        LockForTurn();
        if (_fullHead is null)
        {
            (_out, _in) = (_in, _out);
            (_outCount, _outNext) = (_inCount, 0);
            _inCount = 0;
            Unlock();
            return true;
        }

        var waiting = TakeWaiting(_out)!;
        Unlock();
        _outRest = waiting.Next;
        (_out, _outCount, _outNext) = (waiting.Items, waiting.Count, 0);
        return true;
    }

    private void ProcessSystemMessages()
    {
        while (Volatile.Read(ref _systemHead) is not null && !_closed)
        {
            LockForTurn();
            var message = _systemHead;
            _systemHead = _systemTail = null;
            Unlock();
            while (message is not null)
            {
                var next = Unlink(message);
                if (_closed) _cell.AnswerAsDead(message);
                else _cell.SystemInvoke(message);
                message = next;
            }
        }
    }

    private void EndTurn()
    {
        LockForTurn();
        if (!_closed && HasWork())
        {
            Unlock();
            _dispatcher.Reschedule(this);
            return;
        }

        _scheduled = false;
        _quiet = IsQuiet();
        var (first, second) = ReleaseArrays();
        Unlock();
        SpareArrays.Give(first);
        SpareArrays.Give(second);
    }

    // An idle mailbox keeps one small array, so that the next message finds its place without an allocation: a tiny one until it once had more.
    private (Envelope[] First, Envelope[] Second) ReleaseArrays()
    {
        Envelope[] first = None, second = None;
        if (_outNext >= _outCount && _outRest is null)
        {
            first = _out;
            _out = None;
            _outNext = _outCount = 0;
        }

        if (_inCount > 0 || _fullHead is not null || _in.Length == SmallArray || (_in.Length == FirstArray && first.Length != SmallArray)) return (first, second);
        second = _in;
        _in = None;
        if (first.Length is FirstArray or SmallArray) (_in, first) = (first, _in);
        return (first, second);
    }
}

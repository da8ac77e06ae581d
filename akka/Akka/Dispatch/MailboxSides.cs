using System.Runtime.InteropServices;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch.MessageQueues;
using Akka.Dispatch.SysMsg;

namespace Akka.Dispatch;

/// <summary>Bytes that nobody uses, as many as two cores pass between them at a time: what stands before them and behind them costs neither side the other's writes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 56)]
internal struct CacheLine;

/// <summary>What the turn uses with every message. Others write of it only what is rare: system messages, suspensions, the end.</summary>
internal abstract class MailboxTurnSide
{
#pragma warning disable CA1825 // Array.Empty of a struct of ours is compiled at the start of the process; this is not.
    private protected static readonly Envelope[] None = new Envelope[0];
#pragma warning restore CA1825

    private protected ActorCell _cell = null!;
    private protected MessageDispatcher _dispatcher = null!;
    private protected IMessageQueue? _queue;
    private protected Envelope[] _out = None;
    private protected EnvelopeChunk? _outRest;
    private protected Stack<Envelope>? _front;
    private protected int _outNext;
    private protected int _outCount;

    // Under the lock.
    private protected SystemMessage? _systemHead;
    private protected SystemMessage? _systemTail;
    private protected int _suspended;
    private protected bool _closed;
    private protected bool _awaiting;
}

/// <summary>Between the two sides.</summary>
internal abstract class MailboxGap : MailboxTurnSide
{
    private protected readonly CacheLine _between = default;
}

/// <summary>
/// What a mailbox is made of: what its turn writes with every message, and, a cache line away, what its senders write with every message. On two cores that share no cache
/// each write to a line that the other one reads costs as much as some fifty instructions.
/// </summary>
internal abstract class MailboxSides : MailboxGap
{
    // All under the lock.
    private protected Envelope[] _in = None;
    private protected EnvelopeChunk? _fullHead;
    private protected EnvelopeChunk? _fullTail;
    private protected int _lock;
    private protected bool _turnWaits;
    private protected int _inCount;
    private protected int _fullCount;
    private protected bool _scheduled;

    // No user message schedules a turn: there is one already, or it would have to wait in it.
    private protected bool _quiet;
}

/// <summary>A full array, or the last one of a chain.</summary>
internal sealed class EnvelopeChunk(Envelope[] items, int count)
{
    public readonly Envelope[] Items = items;
    public readonly int Count = count;
    public EnvelopeChunk? Next;

    public static int CountAll(EnvelopeChunk? chunk)
    {
        var all = 0;
        for (; chunk is not null; chunk = chunk.Next) all += chunk.Count;
        return all;
    }
}

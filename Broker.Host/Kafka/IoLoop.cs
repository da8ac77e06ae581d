using System.Runtime.CompilerServices;

namespace AkkaStream.Host.Kafka;

/// <summary>
/// One thread that serves many sockets: it sleeps until one of them is ready or until it is told to look at one. Everything that a
/// connection receives is handled on its loop's thread, so a connection's requests never overlap.
/// </summary>
internal sealed unsafe class IoLoop : IDisposable
{
    private const int EventsOfAWait = 64;
    private const long WakeUpId = 0;
    private readonly int poll;
    private readonly int wakeUp;
    private readonly Thread thread;
    private readonly Action<string, Exception> report;
    private readonly LoopTurns turns;
    private readonly Lock gate = new();
    private readonly Dictionary<long, ILoopMember> members = [];
    private List<ILoopMember> posted = [];
    private List<ILoopMember> taken = [];
    private int asleep;
    private int stopped;
    private long lastId;
    private int memberCount;

    /// <summary>Starts the thread.</summary>
    public IoLoop(string name, Action<string, Exception> report)
    {
        this.report = report;
        turns = new LoopTurns(report);
        poll = Checked(LinuxSockets.CreatePoll(), "epoll_create1");
        wakeUp = Checked(LinuxSockets.CreateWakeUp(), "eventfd");
        Checked(LinuxSockets.Watch(poll, wakeUp, LinuxSockets.EpollIn, WakeUpId), "epoll_ctl");
        thread = new Thread(Run, 256 * 1024) { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>How many sockets it serves.</summary>
    public int Members => Volatile.Read(ref memberCount);

    /// <summary>Whether the caller runs on the loop's thread.</summary>
    public bool IsCurrent => Thread.CurrentThread == thread;

    /// <summary>Serves a socket from now on: tells each change to ready, once. False where the system cannot watch it.</summary>
    public bool TryAdd(ILoopMember member, int socket)
    {
        long id;
        lock (gate)
        {
            id = ++lastId;
            members.Add(id, member);
            memberCount = members.Count;
            member.LoopId = id;
        }

        var events = LinuxSockets.EpollIn | LinuxSockets.EpollOut | LinuxSockets.EpollPeerClosed | LinuxSockets.EpollEdge;
        if (LinuxSockets.Watch(poll, socket, events, id) >= 0) return true;
        Remove(member);
        return false;
    }

    /// <summary>Serves it no longer; the caller closes the socket.</summary>
    public void Remove(ILoopMember member)
    {
        lock (gate)
        {
            members.Remove(member.LoopId);
            memberCount = members.Count;
        }
    }

    /// <summary>Has the member looked at on the loop's thread soon. From any thread.</summary>
    public void Post(ILoopMember member)
    {
        lock (gate) posted.Add(member);
        if (Interlocked.Exchange(ref asleep, 0) == 1) LinuxSockets.Signal(wakeUp);
    }

    /// <summary>A member received bytes. On the loop's thread.</summary>
    public void Received(int bytes) => turns.Received(bytes);

    /// <summary>Ends the thread after what it is doing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref stopped, 1) == 1) return;
        LinuxSockets.Signal(wakeUp);
        if (!IsCurrent) thread.Join();
        LinuxSockets.Close(poll);
        LinuxSockets.Close(wakeUp);
    }

    private void Run()
    {
        var events = stackalloc byte[EventsOfAWait * 16];
        turns.Own();
        while (Volatile.Read(ref stopped) == 0)
        {
            var count = WaitForEvents(events);
            for (var i = 0; i < count; i++) Dispatch(LinuxSockets.EventData(events, i), LinuxSockets.EventFlags(events, i));
            RunPosted();
            turns.Run();
        }
    }

    private int WaitForEvents(byte* events)
    {
        Volatile.Write(ref asleep, 1);
        Interlocked.MemoryBarrier();
        var busy = HasPosted();
        if (busy) Volatile.Write(ref asleep, 0);
        var count = LinuxSockets.Wait(poll, events, EventsOfAWait, busy ? 0 : -1);
        Volatile.Write(ref asleep, 0);
        if (count < 0 && LinuxSockets.LastError != LinuxSockets.Interrupted) throw new IOException($"epoll_wait failed with error {LinuxSockets.LastError}");
        return count;
    }

    private bool HasPosted()
    {
        lock (gate) return posted.Count > 0;
    }

    private void Dispatch(long id, int flags)
    {
        if (id == WakeUpId)
        {
            LinuxSockets.Drain(wakeUp);
            return;
        }

        ILoopMember? member;
        lock (gate) members.TryGetValue(id, out member);
        if (member is not null) Tell(member, flags);
    }

    private void RunPosted()
    {
        lock (gate) (posted, taken) = (taken, posted);
        foreach (var member in taken) Tell(member, 0);
        taken.Clear();
    }

    // A connection's failure is its own: the others of the loop go on.
    private void Tell(ILoopMember member, int flags)
    {
        try
        {
            member.Ready(flags);
        }
        catch (Exception failure)
        {
            report("a connection failed", failure);
            member.Failed(failure);
        }
    }

    private static int Checked(int result, string what, [CallerMemberName] string where = "")
        => result >= 0 ? result : throw new IOException($"{what} failed with error {LinuxSockets.LastError} in {where}");
}

/// <summary>A socket that an <see cref="IoLoop"/> serves. All calls come on the loop's thread.</summary>
internal interface ILoopMember
{
    /// <summary>What the loop knows it by.</summary>
    long LoopId { get; set; }

    /// <summary>The socket is ready in the ways that <paramref name="flags"/> tells; 0 after <see cref="IoLoop.Post"/>.</summary>
    void Ready(int flags);

    /// <summary><see cref="Ready"/> threw.</summary>
    void Failed(Exception failure);
}

using Akka.Simulation.Internal;

namespace Akka.Simulation.Network;

/// <summary>Why a connection ended, or why there is none.</summary>
public enum SimulatedClose
{
    /// <summary>This side closed it.</summary>
    Closed,

    /// <summary>The other side closed it.</summary>
    PeerClosed,

    /// <summary>Nobody listens there: the process is gone.</summary>
    Refused,

    /// <summary>The peer knows nothing of the connection: its process crashed, or the connection was lost on the way.</summary>
    Reset,

    /// <summary>Nothing came through for too long.</summary>
    Unreachable,
}

/// <summary>What hears of a connection: first that it is open, last that it is closed, and never two things at a time.</summary>
public interface ISimulatedEnd
{
    /// <summary>It is there.</summary>
    void Opened(SimulatedConnection connection);

    /// <summary>A message of the peer came.</summary>
    void Received(object message);

    /// <summary>A message that was not taken may be sent now.</summary>
    void Writable();

    /// <summary>It is over, or there never was one.</summary>
    void Closed(SimulatedClose reason);
}

/// <summary>
/// One end of a connection. What is sent arrives at the other end in order, each message when the one before was handled there; what a paused or slow
/// receiver leaves fills the connection up, and then the sender waits.
/// </summary>
public sealed class SimulatedConnection
{
    private static readonly object Fin = new();
    private static readonly long Recheck = TimeSpan.FromMilliseconds(50).Ticks;

    private readonly SimulatedNetwork _network;
    private readonly ISimulatedEnd _end;
    private readonly Life _life;
    private readonly Queue<(object Message, int Size, ulong Hash)> _out = new();
    private readonly Queue<(Action Tell, ulong Label)> _events = new();
    private int _bytes;
    private bool _sending;
    private bool _telling;
    private bool _full;
    private long _stalledSince = -1;

    internal SimulatedConnection(SimulatedNetwork network, SimulatedNode local, string peer, ISimulatedEnd end)
    {
        _network = network;
        _end = end;
        _life = local.Life;
        Local = local;
        Peer = peer;
        network.Add(this);
    }

    /// <summary>The node of this end.</summary>
    public SimulatedNode Local { get; }

    /// <summary>The name of the node at the other end.</summary>
    public string Peer { get; }

    internal SimulatedConnection? Other { get; private set; }

    internal bool HasEnded { get; private set; }

    internal bool IsOpen { get; private set; }

    /// <summary>Sends a message. False where so much is under way already that it is not taken: the end hears when it may be sent. On an ended connection true, to no effect.</summary>
    /// <param name="message">The message; it must not change any more.</param>
    /// <param name="size">Its size in bytes, of which a connection holds a limited number.</param>
    /// <param name="hash">A hash of what it says, for the trace; 0 where there is none.</param>
    public bool Send(object message, int size, ulong hash = 0)
    {
        if (HasEnded) return true;
        if (_bytes > 0 && _bytes + size > Limits.BytesUnderWay)
        {
            _full = true;
            return false;
        }

        _bytes += size;
        _out.Enqueue((message, size, hash));
        Pump();
        return true;
    }

    /// <summary>Ends the connection after what was sent.</summary>
    public void Close()
    {
        if (HasEnded) return;
        _out.Enqueue((Fin, 0, 0));
        Pump();
        EndHere(SimulatedClose.Closed);
    }

    internal void Join(SimulatedConnection far) => (Other, far.Other) = (far, this);

    internal void Open()
    {
        if (HasEnded) return;
        IsOpen = true;
        Tell(() => _end.Opened(this), 11);
        Pump();
    }

    /// <summary>Ends it here and now; what was under way is lost.</summary>
    internal void End(SimulatedClose reason)
    {
        _out.Clear();
        EndHere(reason);
    }

    /// <summary>The node of this end crashed.</summary>
    internal void Vanish()
    {
        _out.Clear();
        HasEnded = true;
        _network.Forget(this);
        Other?.SendAgain();
    }

    // What was under way to an end that is gone was never confirmed.
    private void SendAgain()
    {
        _sending = false;
        Pump();
    }

    /// <summary>The peer's machine says that there is no such connection, where that comes through.</summary>
    internal void HearReset(string from)
    {
        if (!_network.IsCut(from, Local.Name)) End(SimulatedClose.Reset);
    }

    private void EndHere(SimulatedClose reason)
    {
        if (HasEnded) return;
        HasEnded = true;
        _network.Forget(this);
        Tell(() => _end.Closed(reason), 12);
    }

    private void Pump()
    {
        if (_sending || _out.Count == 0 || Other is null) return;
        _sending = true;
        _network.After(_network.DelayOf(Local.Name, Peer), Arrive);
    }

    private void Arrive()
    {
        if (_out.Count == 0)
        {
            _sending = false;
            return;
        }

        if (_network.IsCut(Local.Name, Peer) || (!Other!._life.IsAlive && _network.IsSilent(Peer)))
        {
            Stall();
            return;
        }

        if (!Other.IsOpen && !Other.HasEnded)
        {
            // That it is open is the first thing that an end hears.
            _network.After(_network.LeastDelay.Ticks, Arrive);
            return;
        }

        _stalledSince = -1;
        if (Other.HasEnded)
        {
            _sending = false;
            _out.Clear();
            HearReset(Peer);
            return;
        }

        var (message, size, hash) = _out.Peek();

        if (ReferenceEquals(message, Fin))
        {
            Other.EndHere(SimulatedClose.PeerClosed);
            return;
        }

        Other.Tell(() => Take(message, size), StableHash.Mix(hash, (ulong)size));
    }

    private void Stall()
    {
        if (_stalledSince < 0) _stalledSince = _network.Loop.Now;
        if (_network.Loop.Now - _stalledSince <= _network.GivesUpAfter.Ticks)
        {
            _network.After(Recheck, Arrive);
            return;
        }

        _sending = false;
        End(SimulatedClose.Unreachable);
    }

    // On a turn of the receiver: only then is there room again, and the next one comes.
    private void Take(object message, int size)
    {
        if (_out.Count > 0) _out.Dequeue();
        _bytes -= size;
        _sending = false;
        if (_full && _bytes <= Limits.BytesUnderWay / 2)
        {
            _full = false;
            if (!HasEnded) Tell(_end.Writable, 13);
        }

        Pump();
        if (!Other!.HasEnded) Other._end.Received(message);
    }

    // One at a time: the order in which this end hears things is kept, whatever the dice say.
    private void Tell(Action what, ulong label)
    {
        _events.Enqueue((what, label));
        if (!_telling) TellNext();
    }

    private void TellNext()
    {
        _telling = true;
        var (what, label) = _events.Dequeue();
        _network.Loop.Add(new Step(_life, () =>
        {
            what();
            if (_events.Count > 0) TellNext();
            else _telling = false;
        }, label));
    }
}

using Akka.Simulation.Internal;

namespace Akka.Simulation.Network;

/// <summary>
/// What lies between the nodes: connections that carry messages in order, each with its own delay. Links can be cut in one or both directions, slowed
/// down, and lose their connections. A cut link loses nothing for a while, as TCP sends again: it carries what waits when it is mended, or gives up.
/// </summary>
public sealed class SimulatedNetwork
{
    private static readonly TimeSpan Recheck = TimeSpan.FromMilliseconds(50);

    private readonly Simulation _simulation;
    private readonly Dictionary<(string From, string To), Link> _links = [];
    private readonly Dictionary<(string Host, int Port), Listener> _listeners = [];
    private readonly List<SimulatedConnection> _ends = [];
    private readonly List<(SimulatedConnection Near, Listener Listener)> _knocking = [];
    private readonly HashSet<string> _powerless = new(StringComparer.Ordinal);
    private readonly Life _wires = new("network", 0xBABE);
    private int _nextPort = 20_000;

    internal SimulatedNetwork(Simulation simulation) => _simulation = simulation;

    /// <summary>The least delay of a message on its way; 0.1 ms at first.</summary>
    public TimeSpan LeastDelay { get; set; } = TimeSpan.FromMilliseconds(0.1);

    /// <summary>The greatest delay of a message on a healthy link; 2 ms at first.</summary>
    public TimeSpan MostDelay { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How long an end that cannot get through tries before its connection is over; 15 s at first.</summary>
    public TimeSpan GivesUpAfter { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Nothing goes from one node to another any more, or in neither direction.</summary>
    public void Cut(string from, string to, bool bothWays = true)
    {
        Note($"{from} {(bothWays ? "<->" : "->")} {to} is cut");
        LinkOf(from, to).IsCut = true;
        if (bothWays) LinkOf(to, from).IsCut = true;
    }

    /// <summary>A cut link carries again.</summary>
    public void Mend(string from, string to, bool bothWays = true)
    {
        Note($"{from} {(bothWays ? "<->" : "->")} {to} is mended");
        LinkOf(from, to).IsCut = false;
        if (bothWays) LinkOf(to, from).IsCut = false;
    }

    /// <summary>Messages from one node to another take that much longer; <see cref="TimeSpan.Zero"/> ends it.</summary>
    public void Slow(string from, string to, TimeSpan by)
    {
        Note($"{from} -> {to} is slower by {by.TotalMilliseconds:0.###} ms");
        LinkOf(from, to).Slower = by.Ticks;
    }

    /// <summary>All connections between two nodes are lost, with what was under way; new ones can be made.</summary>
    public void Break(string one, string other)
    {
        Note($"{one} <-> {other} loses its connections");
        foreach (var end in _ends.ToArray())
        {
            if ((end.Local.Name, end.Peer) == (one, other) || (end.Local.Name, end.Peer) == (other, one)) end.End(SimulatedClose.Reset);
        }
    }

    /// <summary>Every link carries again, at its ordinary speed.</summary>
    public void Heal()
    {
        foreach (var link in _links.Values)
        {
            link.IsCut = false;
            link.Slower = 0;
        }
    }

    /// <summary>Takes connections on a node's port (0: any free one) and gives the port; throws <see cref="IOException"/> where it is taken.</summary>
    /// <param name="node">Who listens, in its present life.</param>
    /// <param name="port">The port.</param>
    /// <param name="accept">Gives what hears of a connection that comes in; null refuses it.</param>
    public int Listen(SimulatedNode node, int port, Func<ISimulatedEnd?> accept)
    {
        if (port == 0) port = _nextPort++;
        var key = (node.Name, port);
        if (_listeners.TryGetValue(key, out var there) && there.Life.IsAlive) throw new IOException($"{node.Name}:{port} is taken");
        _listeners[key] = new Listener(node, node.Life, accept);
        return port;
    }

    /// <summary>Takes no more connections there.</summary>
    public void Unlisten(SimulatedNode node, int port) => _listeners.Remove((node.Name, port));

    /// <summary>Opens a connection; <paramref name="end"/> hears of it, or of why there is none.</summary>
    public void Connect(SimulatedNode node, string host, int port, ISimulatedEnd end)
    {
        var (life, started) = (node.Life, _simulation.Loop.Now);
        var near = new SimulatedConnection(this, node, host, end);
        void Try()
        {
            if (!life.IsAlive) return;
            if (IsCut(node.Name, host) || IsCut(host, node.Name) || IsSilent(host))
            {
                if (_simulation.Loop.Now - started > GivesUpAfter.Ticks) near.End(SimulatedClose.Unreachable);
                else After(Recheck.Ticks, Try);
                return;
            }

            if (!_listeners.TryGetValue((host, port), out var listener) || !listener.Life.IsAlive) near.End(SimulatedClose.Refused);
            else
            {
                _knocking.Add((near, listener));
                _simulation.Loop.Post(listener.Life, () => Accept(near, listener));
            }
        }

        After(DelayOf(node.Name, host), Try);
    }

    internal SimulationLoop Loop => _simulation.Loop;

    internal bool IsCut(string from, string to) => _links.TryGetValue((from, to), out var link) && link.IsCut;

    /// <summary>Whether a machine of that name says nothing at all, not even that a process is gone.</summary>
    internal bool IsSilent(string host) => _powerless.Contains(host) && !_simulation.Node(host).IsUp;

    internal long DelayOf(string from, string to)
    {
        var span = Math.Max(0, MostDelay.Ticks - LeastDelay.Ticks);
        var slower = _links.TryGetValue((from, to), out var link) ? link.Slower : 0;
        return LeastDelay.Ticks + (long)(Loop.Dice.Fraction() * span) + slower;
    }

    internal void After(long ticks, Action what) => Loop.At(_wires, Loop.Now + ticks, what, 6);

    internal void Add(SimulatedConnection end) => _ends.Add(end);

    internal void Forget(SimulatedConnection end) => _ends.Remove(end);

    /// <summary>A node crashed: its ends are gone, and their peers hear of it unless nobody is there to say so.</summary>
    internal void Lost(SimulatedNode node, bool silently)
    {
        if (silently) _powerless.Add(node.Name);
        else _powerless.Remove(node.Name);
        foreach (var (near, listener) in _knocking.ToArray())
        {
            if (listener.Node != node) continue;
            _knocking.Remove((near, listener));
            if (silently) After(GivesUpAfter.Ticks, () => near.End(SimulatedClose.Unreachable));
            else After(DelayOf(node.Name, near.Local.Name), () => near.HearReset(node.Name));
        }

        foreach (var end in _ends.ToArray())
        {
            if (end.Local != node) continue;
            end.Vanish();
            if (!silently && end.Other is { } other) After(DelayOf(node.Name, other.Local.Name), () => other.HearReset(node.Name));
        }
    }

    internal void Note(string what) => Loop.Trace.Event(Loop.Now, "network", what);

    // On a turn of the listener.
    private void Accept(SimulatedConnection near, Listener listener)
    {
        _knocking.Remove((near, listener));
        if (near.HasEnded) return;
        var accepted = listener.Accept();
        if (accepted is null)
        {
            After(DelayOf(listener.Node.Name, near.Local.Name), () => near.End(SimulatedClose.Refused));
            return;
        }

        var far = new SimulatedConnection(this, listener.Node, near.Local.Name, accepted);
        near.Join(far);
        far.Open();
        After(DelayOf(far.Local.Name, near.Local.Name), near.Open);
    }

    private Link LinkOf(string from, string to)
    {
        if (!_links.TryGetValue((from, to), out var link)) _links[(from, to)] = link = new Link();
        return link;
    }

    private sealed class Link
    {
        public bool IsCut { get; set; }

        public long Slower { get; set; }
    }

    private sealed record Listener(SimulatedNode Node, Life Life, Func<ISimulatedEnd?> Accept);
}

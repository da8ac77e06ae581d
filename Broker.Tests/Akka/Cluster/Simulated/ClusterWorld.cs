using System.Globalization;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Simulation;
using ClusterExtension = global::Akka.Cluster.Cluster;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Cluster.Simulated;

/// <summary>
/// Whole nodes of a cluster in a simulation: actor systems with remoting over the simulated network, which are started again when they have crashed or ended. What
/// runs once in the cluster is written down as it begins and ends.
/// </summary>
internal sealed class ClusterWorld
{
    private const int Port = 2552;
    private static readonly TimeSpan RestartDelay = TimeSpan.FromSeconds(1);

    private readonly string _config;
    private readonly Setup[] _setups;
    private readonly Action<ClusterWorld, SimulatedNode>? _start;
    private readonly Dictionary<string, Holder> _holders = new(StringComparer.Ordinal);

    public ClusterWorld(SimulatedWorld sim, int size, Action<ClusterWorld, SimulatedNode>? start = null, string config = "", params Setup[] setups)
    {
        Sim = sim;
        Names = [.. Enumerable.Range(1, size).Select(i => string.Create(CultureInfo.InvariantCulture, $"n{i:00}"))];
        _start = start;
        _config = config;
        _setups = setups;
        foreach (var name in Names) sim.AddNode(name, Start);
        Watch();
    }

    public SimulatedWorld Sim { get; }

    public IReadOnlyList<string> Names { get; }

    /// <summary>What must not be, with what it was about; null while all is well.</summary>
    public string? Violation { get; private set; }

    /// <summary>How often something began.</summary>
    public int Beginnings { get; private set; }

    /// <summary>Whether all nodes are up, and members, and see each other.</summary>
    public bool AllAgree()
    {
        var nodes = Sim.Nodes.ToList();
        if (nodes.Exists(node => !node.IsUp || node.IsPaused)) return false;
        var all = nodes.Select(node => ClusterExtension.Get(node.System).SelfUniqueAddress).Order().ToList();
        return nodes.TrueForAll(node => Agrees(node, all));
    }

    public static ClusterExtension ClusterOf(SimulatedNode node) => ClusterExtension.Get(node.System);

    public static Address AddressOf(SimulatedNode node) => ClusterOf(node).SelfAddress;

    /// <summary>Something that is to be there once only begins on a node.</summary>
    public void Began(string what, SimulatedNode node)
    {
        Beginnings++;
        if (_holders.TryGetValue(what, out var holder) && holder.IsLive && holder.Node != node) Violation ??= $"at {Sim.Now.TotalSeconds:0.000}s {what} begins on {node.Name} while it runs on {holder.Node.Name}";
        else if (holder is { IsLive: true }) Violation ??= $"at {Sim.Now.TotalSeconds:0.000}s {what} begins twice on {node.Name}";
        Sim.Trace($"{what} begins on {node.Name}");
        _holders[what] = new Holder(node, node.Incarnation);
    }

    /// <summary>It ended.</summary>
    public void Ended(string what, SimulatedNode node)
    {
        Sim.Trace($"{what} ends on {node.Name}");
        if (_holders.TryGetValue(what, out var holder) && holder.Node == node && holder.Incarnation == node.Incarnation) _holders.Remove(what);
    }

    /// <summary>Something else is not as it must be.</summary>
    public void Violate(string what) => Violation ??= $"at {Sim.Now.TotalSeconds:0.000}s {what}";

    /// <summary>Fails where something was not as it must be.</summary>
    public void Check()
    {
        if (Violation is { } violation) throw new InvalidOperationException(violation);
    }

    /// <summary>Whether something runs.</summary>
    public bool Runs(string what) => _holders.TryGetValue(what, out var holder) && holder.IsLive;

    /// <summary>Where something runs; null where it does not.</summary>
    public SimulatedNode? HolderOf(string what) => _holders.TryGetValue(what, out var holder) && holder.IsLive ? holder.Node : null;

    public IEnumerable<string> Running => _holders.Where(entry => entry.Value.IsLive).Select(entry => entry.Key);

    /// <summary>Waits until all agree.</summary>
    public async Task Formed(TimeSpan limit)
    {
        try
        {
            await Sim.Until(() => Violation is not null || AllAgree(), "all agree", limit);
        }
        catch (TimeoutException fault)
        {
            throw new TimeoutException($"{fault.Message}\n{Describe()}", fault);
        }

        Check();
    }

    /// <summary>Nothing goes between two groups of nodes.</summary>
    public void Part(IEnumerable<string> left, IEnumerable<string> right)
    {
        foreach (var a in left)
        {
            foreach (var b in right) Sim.Network.Cut(a, b);
        }
    }

    private string Describe() => string.Join('\n', Sim.Nodes.Select(node => node.IsUp ? $"{node.Name} ({node.Incarnation}): {Text(ClusterOf(node))}" : $"{node.Name} is down"));

    private static string Text(ClusterExtension cluster)
    {
        var state = cluster.State;
        return string.Join(", ", state.Members.Select(member => $"{member.Address.Host} {member.Status}{(state.Unreachable.Contains(member) ? "!" : "")}"));
    }

    private static bool Agrees(SimulatedNode node, List<UniqueAddress> all)
    {
        var state = ClusterOf(node).State;
        return state.Unreachable.Count == 0 && state.Members.Count == all.Count && state.Members.All(member => member.Status == MemberStatus.Up) && state.Members.Select(member => member.UniqueAddress).Order().SequenceEqual(all);
    }

    // Where no node is a member any more and the first one, which began the cluster, came back without itself among its seeds, somebody has to begin anew: an operator would.
    private void Watch()
    {
        var up = Sim.Nodes.Where(node => node.IsUp).ToList();
        var lost = up.Count == Names.Count && up.TrueForAll(node => !node.IsPaused && ClusterOf(node) is { IsTerminated: false, State.Members.Count: 0 }) && up[0].Incarnation > 1;
        if (lost) ClusterOf(up[0]).Join(AddressOf(up[0]));
        Sim.Schedule(TimeSpan.FromSeconds(5), Watch);
    }

    private void Start(SimulatedNode node)
    {
        // Where things run once only, one that comes back must not begin a cluster of its own while it is cut off: operators leave it out of its own list.
        var seeds = (node.Incarnation == 1 || _start is null ? Names.Take(3) : Names.Where(name => name != node.Name)).Select(name => $"\"akka.tcp://net@{name}:{Port}\"");
        var config = $$"""
            akka {
              actor.provider = cluster
              remote.dot-netty.tcp { hostname = {{node.Name}}, port = {{Port}} }
              cluster.seed-nodes = [{{string.Join(", ", seeds)}}]
            }
            """;
        var system = node.StartSystem("net", ConfigurationFactory.ParseString(_config).WithFallback(ConfigurationFactory.ParseString(config)), _setups);
        _start?.Invoke(this, node);
        _ = Supervise(node, system);
    }

    // As an init system does: a process that has ended is started again.
    private static async Task Supervise(SimulatedNode node, ActorSystem system)
    {
        var incarnation = node.Incarnation;
        await system.WhenTerminated;
        await node.Delay(RestartDelay);
        if (node.Incarnation != incarnation) return;
        node.Crash();
        node.Restart();
    }

    private sealed record Holder(SimulatedNode Node, int Incarnation)
    {
        public bool IsLive => Node.IsUp && Node.Incarnation == Incarnation;
    }
}

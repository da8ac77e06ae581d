using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Gossiping;
using Akka.Configuration;

namespace AkkaStream.Tests.Akka.Cluster;

/// <summary>Cluster cores on a network and a clock of the test's: one thread, one seed, no actors.</summary>
internal sealed class VirtualCluster(int seed, string config = "")
{
    private readonly Random _dice = new(seed);
    private readonly PriorityQueue<Action, (TimeSpan At, long Number)> _events = new();
    private readonly HashSet<(Address, Address)> _cut = [];
    private readonly ClusterSettings _settings = new(ConfigurationFactory.ParseString(config).WithFallback(ClusterReference.Default));
    private long _number;
    private int _uid;

    public TimeSpan Now { get; private set; }

    public List<Node> Nodes { get; } = [];

    public IEnumerable<Node> Alive => Nodes.Where(node => node.IsAlive);

    public static Address At(int port) => new("akka.tcp", "s", "h", port);

    /// <summary>Starts a node; it joins by these seeds.</summary>
    public Node Start(int port, params int[] seeds)
    {
        var node = new Node(this, new UniqueAddress(At(port), ++_uid), _settings, _dice.NextDouble);
        Nodes.Add(node);
        node.Tick();
        After(TimeSpan.Zero, () => node.Core.JoinSeeds([.. seeds.Select(At)], Now));
        return node;
    }

    /// <summary>Ends a node's process; its peers' transports may say so.</summary>
    public void Crash(Node node, bool told)
    {
        node.IsAlive = false;
        if (!told) return;
        foreach (var other in Alive)
        {
            if (!IsCut(other, node)) After(Delay(), () => other.Core.ProcessGone(node.Address, node.Core.Self.Uid, Now));
        }
    }

    /// <summary>Nothing goes between two groups, in both directions.</summary>
    public void Partition(IEnumerable<Node> left, IEnumerable<Node> right)
    {
        foreach (var a in left)
        {
            foreach (var b in right)
            {
                _cut.Add((a.Address, b.Address));
                _cut.Add((b.Address, a.Address));
            }
        }
    }

    /// <summary>Nothing goes one way.</summary>
    public void CutOneWay(Node from, Node to) => _cut.Add((from.Address, to.Address));

    public void Heal() => _cut.Clear();

    public void Run(TimeSpan time)
    {
        var end = Now + time;
        while (_events.TryPeek(out var next, out var key) && key.At <= end)
        {
            _events.Dequeue();
            Now = key.At;
            next();
        }

        Now = end;
    }

    /// <summary>Lets time go on until a condition holds; fails where it does not within the time.</summary>
    public void RunUntil(Func<bool> condition, TimeSpan within, string what)
    {
        var end = Now + within;
        while (!condition())
        {
            Assert.True(Now < end, $"seed {seed}: not within {within.TotalSeconds} s: {what}\n{Describe()}");
            Run(TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>Whether all that live agree: they and nobody else are members, up, reachable.</summary>
    public bool AllAgree()
    {
        var alive = Alive.Select(node => node.Core.Self).Order().ToList();
        return Alive.All(node => node.Core.Gossip.Members.Keys.SequenceEqual(alive)
            && node.Core.Gossip.Members.Values.All(member => member.Status == MemberStatus.Up && node.Core.Gossip.IsReachable(member.UniqueAddress)));
    }

    public string Describe() => string.Join('\n', Nodes.Select(node => $"{node.Core.Self} alive={node.IsAlive}: {string.Join(", ", node.Core.Gossip.Members.Values.Select(m => $"{m.Address.Port}#{m.UniqueAddress.Uid} {m.Status}{(node.Core.Gossip.IsReachable(m.UniqueAddress) ? "" : "!")}"))} seen by {node.Core.Gossip.Seen.Count}"));

    private void After(TimeSpan delay, Action run) => _events.Enqueue(run, (Now + delay, _number++));

    private TimeSpan Delay() => TimeSpan.FromMilliseconds(0.1 + (_dice.NextDouble() * 5));

    private bool IsCut(Node from, Node to) => _cut.Contains((from.Address, to.Address));

    internal sealed class Node : IClusterOutlet
    {
        private readonly VirtualCluster _cluster;
        private readonly Dictionary<Address, TimeSpan> _lastArrival = [];

        public Node(VirtualCluster cluster, UniqueAddress self, ClusterSettings settings, Func<double> dice)
        {
            _cluster = cluster;
            Core = new ClusterCore(self, settings, this, dice);
        }

        public ClusterCore Core { get; }

        public Address Address => Core.Self.Address;

        public bool IsAlive { get; set; } = true;

        /// <summary>Its process stands still until then; what is sent to it waits.</summary>
        public TimeSpan PausedUntil { get; set; }

        public bool WasDowned { get; private set; }

        public List<ClusterEvent.IClusterDomainEvent> Events { get; } = [];

        public void Tick()
        {
            if (!IsAlive) return;
            if (PausedUntil > _cluster.Now)
            {
                _cluster.After(PausedUntil - _cluster.Now, Tick);
                return;
            }

            Core.Tick(_cluster.Now);
            _cluster.After(TimeSpan.FromMilliseconds(50), Tick);
        }

        public void Send(Address to, ClusterMessage message)
        {
            if (_cluster.Nodes.LastOrDefault(node => node.Address.Equals(to)) is not { } target || _cluster.IsCut(this, target)) return;
            if (!target.IsAlive)
            {
                _cluster.After(_cluster.Delay(), () => Core.NobodyAt(to, _cluster.Now));
                return;
            }

            // In order between two nodes.
            var at = _cluster.Now + _cluster.Delay();
            if (at < target.PausedUntil) at = target.PausedUntil;
            if (_lastArrival.TryGetValue(to, out var last) && last > at) at = last;
            _lastArrival[to] = at;
            _cluster.After(at - _cluster.Now, () =>
            {
                if (target.IsAlive) target.Core.Receive(Address, message, _cluster.Now);
            });
        }

        public void Changed(Gossip before, Gossip after) => Events.AddRange(ClusterDiff.Events(before, after, Core.Self));

        public void CallSoon() => _cluster.After(TimeSpan.FromMilliseconds(10), () =>
        {
            if (IsAlive) Core.Soon(_cluster.Now);
        });

        public void Ended(bool down)
        {
            IsAlive = false;
            WasDowned = down;
        }

        public void JoinFailed() => IsAlive = false;

        public void Log(string text)
        {
        }
    }
}

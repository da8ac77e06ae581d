using Akka.Actor;
using Akka.Simulation;
using Akka.Simulation.Faults;
using Akka.Simulation.Network;
using SimulatedWorld = global::Akka.Simulation.Simulation;

namespace AkkaStream.Tests.Akka.Simulation;

/// <summary>
/// Five nodes that tell each other what they have heard, with timers, stashes, asynchronous handlers and asks, over connections that break and nodes that crash, pause and
/// jump: the engine's features in one scenario whose hash must depend on the seed alone.
/// </summary>
internal static class Gossip
{
    public const int Port = 700;

    public static readonly string[] Names = ["n1", "n2", "n3", "n4", "n5"];

    public static SimulationReport Run(ulong seed, SimulationOptions? options = null) => SimulatedWorld.Run(
        seed,
        async sim =>
        {
            foreach (var name in Names) sim.AddNode(name, Start);
            await sim.Delay(TimeSpan.FromSeconds(20));
            sim.Heal();
            await sim.Until(() => sim.Nodes.All(node => HeardBy(node) >= Names.Length), "every node hears of every other one", TimeSpan.FromSeconds(60));
            var answers = await Task.WhenAll(sim.Nodes.Select(node => node.System.ActorSelection("/user/rumours").Ask<string>("what?", TimeSpan.FromSeconds(5))));
            foreach (var answer in answers) sim.Trace(answer);
            await Task.WhenAll(sim.Nodes.Select(node => node.System.Terminate()));
        },
        options ?? new SimulationOptions { Plan = new FaultPlan { Nodes = Names, Count = 12, Within = TimeSpan.FromSeconds(18) } });

    private static int HeardBy(SimulatedNode node) => (node.Devices.OfType<Memory>().SingleOrDefault())?.Heard.Count ?? 0;

    private static void Start(SimulatedNode node)
    {
        if (node.Incarnation == 1) node.Attach(new Memory());
        var memory = node.Devices.OfType<Memory>().Single();
        var system = node.StartSystem();
        var rumours = system.ActorOf(Props.Create(() => new Rumours(node, memory)), "rumours");
        node.Simulation.Network.Listen(node, Port, () => new Line(rumours));
    }

    /// <summary>What a node keeps over its crashes.</summary>
    private sealed class Memory : ISimulatedDevice
    {
        public SortedSet<string> Heard { get; } = new(StringComparer.Ordinal);

        public void Crash()
        {
        }

        public void Fail(DeviceFault fault)
        {
        }

        public void Heal()
        {
        }
    }

    private sealed class Line(IActorRef to) : ISimulatedEnd
    {
        public SimulatedConnection? Connection { get; private set; }

        public void Opened(SimulatedConnection connection)
        {
            Connection = connection;
            to.Tell(new Ready(this));
        }

        public void Received(object message) => to.Tell(message);

        public void Writable()
        {
        }

        public void Closed(SimulatedClose reason)
        {
            Connection = null;
            to.Tell(new Gone(this, reason));
        }
    }

    private sealed record Ready(Line Line);

    private sealed record Gone(Line Line, SimulatedClose Reason);

    private sealed record Rumour(string[] Names, int Number);

    private sealed class Rumours : ReceiveActor, IWithStash, IWithTimers
    {
        private readonly SimulatedNode _node;
        private readonly Memory _memory;
        private readonly List<Line> _lines = [];
        private int _sent;

        public Rumours(SimulatedNode node, Memory memory)
        {
            _node = node;
            _memory = memory;
            memory.Heard.Add(node.Name);
            Become(Idle);
        }

        public IStash Stash { get; set; } = null!;

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() => Timers.StartPeriodicTimer("tick", "tick", TimeSpan.FromMilliseconds(300 + _node.NewRandom().Next(400)));

        private void Idle()
        {
            Receive<string>(text => text == "tick", _ => Dial());
            Receive<string>(text => Sender.Tell($"{_node.Name} {_node.Incarnation} {string.Join(',', _memory.Heard)}"));
            Receive<Ready>(ready =>
            {
                _lines.Add(ready.Line);
                ready.Line.Connection?.Send(new Rumour([.. _memory.Heard], _sent++), 100);
                Become(Busy);
                Timers.StartSingleTimer("rest", "rest", TimeSpan.FromMilliseconds(20));
            });
            ReceiveAsync<Rumour>(async rumour =>
            {
                await _node.Delay(TimeSpan.FromMilliseconds(rumour.Number % 5));
                _memory.Heard.UnionWith(rumour.Names);
            });
            Receive<Gone>(gone => _lines.Remove(gone.Line));
        }

        private void Busy()
        {
            Receive<string>(text => text == "rest", _ =>
            {
                Become(Idle);
                Stash.UnstashAll();
            });
            ReceiveAny(_ => Stash.Stash());
        }

        private void Dial()
        {
            if (_lines.Count > 3) _lines[0].Connection?.Close();
            var peer = Names[_node.NewRandom().Next(Names.Length)];
            if (peer != _node.Name) _node.Simulation.Network.Connect(_node, peer, Port, new Line(Self));
        }
    }
}

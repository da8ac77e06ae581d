using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.Remote.Transport;
using Akka.Simulation.Internal;
using Akka.Simulation.Network;

namespace Akka.Simulation;

/// <summary>
/// A machine of a simulation: an actor system, a clock, devices, a place in the network. What runs on it ends with its crash, at any point between two steps,
/// as with a lost process; devices stay.
/// </summary>
public sealed class SimulatedNode
{
    private static readonly Config Quiet = ConfigurationFactory.ParseString("akka { loggers = [], stdout-loglevel = OFF, coordinated-shutdown.run-by-clr-shutdown-hook = off }");

    private readonly Action<SimulatedNode>? _start;
    private readonly List<ISimulatedDevice> _devices = [];
    private readonly int _number;
    private Life _life;
    private ActorSystem? _system;
    private long _skew;

    internal SimulatedNode(Simulation simulation, string name, int number, Action<SimulatedNode>? start)
    {
        Simulation = simulation;
        Name = name;
        _number = number;
        _start = start;
        _life = new Life(name, 0);
        _life.End();
        Time = new SimulatedTime(simulation.Loop, _life);
    }

    /// <summary>Its name, and its host name.</summary>
    public string Name { get; }

    /// <summary>What it is part of.</summary>
    public Simulation Simulation { get; }

    /// <summary>How often it was started.</summary>
    public int Incarnation { get; private set; }

    /// <summary>Whether it runs, paused or not.</summary>
    public bool IsUp => _life.IsAlive;

    /// <summary>Whether it stands still.</summary>
    public bool IsPaused => _life.IsPaused;

    /// <summary>The virtual time as this node's clock shows it, in its present life: timers end with it.</summary>
    public TimeProvider Time { get; private set; }

    /// <summary>Its actor system. Throws <see cref="InvalidOperationException"/> where none was started since it began.</summary>
    public ActorSystem System => _system ?? throw new InvalidOperationException($"node {Name} has no actor system: call StartSystem");

    /// <summary>What its clock shows beyond the virtual time; changing it is a jump of the clock. Monotonic clocks do not jump.</summary>
    public TimeSpan ClockSkew
    {
        get => TimeSpan.FromTicks(_skew);
        set
        {
            _skew = value.Ticks;
            _life.Skew = _skew;
            Note($"its clock is off by {value.TotalSeconds:0.###} s");
        }
    }

    /// <summary>What was attached to it.</summary>
    public IReadOnlyList<ISimulatedDevice> Devices => _devices;

    internal Life Life => _life;

    /// <summary>
    /// Starts its actor system: time, turns, dice and network are the simulation's. Throws <see cref="InvalidOperationException"/> where the node is down or has one already.
    /// </summary>
    public ActorSystem StartSystem(string name = "simulated", Config? config = null, params Setup[] setups)
    {
        if (!IsUp) throw new InvalidOperationException($"node {Name} is down");
        if (_system is not null) throw new InvalidOperationException($"node {Name} has an actor system already");
        var (loop, life) = (Simulation.Loop, _life);
        var engine = new EngineSetup
        {
            Scheduler = (settings, log) => new SimulatedScheduler(loop, life, settings, log),
            Dispatcher = (settings, prerequisites) => new SimulatedDispatcherConfigurator(loop, life, settings, prerequisites),
            Seed = loop.Dice.Next(),
            Later = work => loop.Post(life, work),
        };
        var network = new NetworkSetup(_ => new SimulatedTransport(this));
        var bootstrap = BootstrapSetup.Create().WithConfig(Quiet.WithFallback(config ?? Config.Empty).WithFallback($"akka.loglevel = {Simulation.LogLevel}"));
        _system = ActorSystem.Create(name, ActorSystemSetup.Create([bootstrap, engine, network, .. setups]));
        Listen(_system);
        return _system;
    }

    /// <summary>Adds a device that outlives crashes and has the faults of the schedule.</summary>
    public void Attach(ISimulatedDevice device) => _devices.Add(device);

    /// <summary>Waits in virtual time; what follows does not happen where the node crashed meanwhile.</summary>
    public Task Delay(TimeSpan time) => Task.Delay(time, Time);

    /// <summary>Dice of one's own, drawn from the seed.</summary>
    public Random NewRandom() => Simulation.NewRandom();

    /// <summary>Calls on this node soon, as a continuation: not where it crashed meanwhile.</summary>
    public void Post(Action work) => Simulation.Loop.Post(_life, work);

    /// <summary>
    /// Its process is gone at once. Devices lose what was not durable. Peers see their connections reset, unless it was <paramref name="silently"/>,
    /// as with a machine that lost its power: then they see nothing at all.
    /// </summary>
    public void Crash(bool silently = false)
    {
        if (!IsUp) return;
        Note(silently ? "loses its power" : "crashes");
        _life.End();
        _system = null;
        Simulation.Network.Lost(this, silently);
        foreach (var device in _devices) device.Crash();
    }

    /// <summary>Starts it again after a crash; nothing where it runs.</summary>
    public void Restart()
    {
        if (IsUp) return;
        Incarnation++;
        Note("starts");
        _life = new Life(Name, ((ulong)_number << 32) + (ulong)Incarnation) { Skew = _skew };
        Time = new SimulatedTime(Simulation.Loop, _life);
        _start?.Invoke(this);
    }

    /// <summary>It stands still, as a stopped process does: nothing of it runs until <see cref="Resume"/>, what comes meanwhile waits.</summary>
    public void Pause()
    {
        if (!IsUp || IsPaused) return;
        Note("stands still");
        _life.Pause();
    }

    /// <summary>It goes on.</summary>
    public void Resume()
    {
        if (!IsUp || !IsPaused) return;
        Note("goes on");
        _life.Resume(Simulation.Loop);
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal void End() => _life.End();

    internal void FailDevices(DeviceFault fault)
    {
        foreach (var device in _devices) device.Fail(fault);
    }

    internal void HealDevices()
    {
        foreach (var device in _devices) device.Heal();
    }

    internal void Note(string what) => Simulation.Loop.Trace.Event(Simulation.Loop.Now, Name, what);

    // Log events are for readers of a failure: what they say (addresses in memory, texts of the runtime) is no part of the hash.
    private void Listen(ActorSystem system)
    {
        var level = Logging.LogLevelFor(Simulation.LogLevel);
        var reader = new LogReader(this);
        foreach (var (at, type) in new[] { (LogLevel.DebugLevel, typeof(Debug)), (LogLevel.InfoLevel, typeof(Info)), (LogLevel.WarningLevel, typeof(Warning)), (LogLevel.ErrorLevel, typeof(Error)) })
        {
            if (at >= level) system.EventStream.Subscribe(reader, type);
        }
    }

    private sealed class LogReader(SimulatedNode node) : MinimalLogger
    {
        protected override void Log(object message)
        {
            if (message is LogEvent log) node.Simulation.Loop.Trace.Line(node.Simulation.Loop.Now, node.Name, $"{log.LogLevel().StringFor()} {log.LogSource} {log.Message}{(log.Cause is { } cause ? $": {cause}" : "")}");
        }
    }
}

using System.Runtime.CompilerServices;
using System.Text;
using Akka.Simulation.Faults;
using Akka.Simulation.Internal;
using Akka.Simulation.Network;

namespace Akka.Simulation;

/// <summary>
/// Many actor systems on one thread, one virtual clock and one source of chance: a run depends on its seed and nothing else. Nodes crash, pause and come
/// back, connections break, disks fail; time passes only when nothing is left to do. Code in it takes its time from <see cref="Time"/> or its node's one, and
/// goes on after an <c>await</c> on the simulation's thread: awaiting what completes on the thread pool (Task.Run, SemaphoreSlim, channels) fails the run.
/// </summary>
public sealed class Simulation
{
    private readonly SimulationOptions _options;
    private readonly Dictionary<string, SimulatedNode> _nodes = new(StringComparer.Ordinal);
    private readonly Life _life;

    private Simulation(ulong seed, SimulationOptions options, FaultSchedule faults)
    {
        Seed = seed;
        _options = options;
        Faults = faults;
        Loop = new SimulationLoop(seed, new SimulationTrace(Limits.TraceLines));
        _life = new Life("simulation", 0);
        Time = new SimulatedTime(Loop, _life);
        Network = new SimulatedNetwork(this);
    }

    /// <summary>What everything is drawn from.</summary>
    public ulong Seed { get; }

    /// <summary>The virtual time since the start.</summary>
    public TimeSpan Now => TimeSpan.FromTicks(Loop.Now);

    /// <summary>The virtual time, for code that is no part of a node. Begins at 2026-01-01 UTC.</summary>
    public TimeProvider Time { get; }

    /// <summary>What carries messages between nodes.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>The faults of this run.</summary>
    public FaultSchedule Faults { get; }

    /// <summary>The nodes in the order in which they were added.</summary>
    public IEnumerable<SimulatedNode> Nodes => _nodes.Values;

    internal SimulationLoop Loop { get; }

    internal string LogLevel => _options.LogLevel;

    /// <summary>
    /// Runs a simulation to the end of <paramref name="body"/>, in as little real time as that takes, and returns what it was. Throws
    /// <see cref="SimulationFailedException"/> where the body fails, takes longer than the time limit, waits for what never comes, or goes on elsewhere
    /// than on the simulation's thread.
    /// </summary>
    /// <param name="seed">What everything is drawn from.</param>
    /// <param name="body">What runs.</param>
    /// <param name="options">How; the defaults of <see cref="SimulationOptions"/> where there are none.</param>
    /// <param name="caller">The method that calls, filled in by the compiler: a failure names the test to run again.</param>
    public static SimulationReport Run(ulong seed, Func<Simulation, Task> body, SimulationOptions? options = null, [CallerMemberName] string caller = "")
    {
        ArgumentNullException.ThrowIfNull(body);
        var given = options ?? new SimulationOptions();
        if (given.Replay is null && caller.Length > 0) given = given with { Replay = $"dotnet test --filter FullyQualifiedName~{caller.Replace("{", "", StringComparison.Ordinal)}, where it runs seed {{0}}" };
        var faults = given.Schedule ?? given.Plan?.Draw(seed) ?? FaultSchedule.Empty;
        try
        {
            return RunOnce(seed, body, given, faults);
        }
        catch (SimulationFailedException failure) when (given.Minimize && faults.Count > 0)
        {
            var fewest = faults.Minimize(fewer => Fails(seed, body, given, fewer, failure.Kind));
            return RunOnce(seed, body, given, fewest);
        }
    }

    /// <summary>Adds a node and starts it. Throws <see cref="ArgumentException"/> where the name is taken.</summary>
    /// <param name="name">Its name, which is its host name too.</param>
    /// <param name="start">Starts what runs on it, at once and after each crash; null for a node that the body fills itself.</param>
    public SimulatedNode AddNode(string name, Action<SimulatedNode>? start = null)
    {
        var node = new SimulatedNode(this, name, _nodes.Count + 1, start);
        if (!_nodes.TryAdd(name, node)) throw new ArgumentException($"there is a node {name} already", nameof(name));
        node.Restart();
        return node;
    }

    /// <summary>A node by name. Throws <see cref="KeyNotFoundException"/> where there is none.</summary>
    public SimulatedNode Node(string name) => _nodes.TryGetValue(name, out var node) ? node : throw new KeyNotFoundException($"there is no node {name}");

    /// <summary>Waits in virtual time.</summary>
    public Task Delay(TimeSpan time) => Task.Delay(time, Time);

    /// <summary>Waits until a condition holds, looking every 10 virtual milliseconds; fails the run with <paramref name="what"/> where it does not within <paramref name="limit"/>.</summary>
    public async Task Until(Func<bool> holds, string what, TimeSpan limit)
    {
        var end = Now + limit;
        while (!holds())
        {
            if (Now > end) throw new TimeoutException($"not within {limit.TotalSeconds:0.###} virtual seconds: {what}");
            await Delay(TimeSpan.FromMilliseconds(10)).ConfigureAwait(false);
        }
    }

    /// <summary>Calls after a time, on no node.</summary>
    public void Schedule(TimeSpan delay, Action what) => After(delay, what);

    /// <summary>Dice of one's own, drawn from the seed.</summary>
    public Random NewRandom() => new((int)(Loop.Dice.Next() & 0x7FFFFFFF));

    /// <summary>Writes a line into the trace; it is part of the trace's hash.</summary>
    public void Trace(string what) => Loop.Trace.Event(Loop.Now, "body", what);

    /// <summary>Ends all faults: links and devices work, paused nodes go on, crashed ones start again.</summary>
    public void Heal()
    {
        Network.Heal();
        foreach (var node in _nodes.Values)
        {
            node.HealDevices();
            node.Resume();
            if (!node.IsUp) node.Restart();
        }
    }

    internal void After(TimeSpan delay, Action what) => Loop.At(_life, Loop.Now + delay.Ticks, what, 5);

    // In the same way: with fewer faults another fault of the program may show, which is not the one that is looked for.
    private static bool Fails(ulong seed, Func<Simulation, Task> body, SimulationOptions options, FaultSchedule faults, string kind)
    {
        try
        {
            RunOnce(seed, body, options, faults);
            return false;
        }
        catch (SimulationFailedException failure)
        {
            return failure.Kind == kind;
        }
    }

    private static SimulationReport RunOnce(ulong seed, Func<Simulation, Task> body, SimulationOptions options, FaultSchedule faults)
        => SimulationThread.Run(() => new Simulation(seed, options, faults).RunToTheEnd(body));

    private SimulationReport RunToTheEnd(Func<Simulation, Task> body)
    {
        try
        {
            new FaultInjector(this).Schedule(Faults);
            var task = body(this);
            while (!task.IsCompleted)
            {
                if (!Loop.Turn()) ThrowStuck(task);
                if (Loop.Failure is { } stray) throw Failed(stray, null);
                if (Loop.Now > _options.TimeLimit.Ticks) throw Failed($"the body did not end within the time limit of {_options.TimeLimit}", null);
                if (Loop.Steps > Limits.Steps) throw Failed($"the body did not end within {Limits.Steps} steps", null);
            }

            if (task.Exception is { } failure) throw Failed(failure.InnerException!.Message, failure.InnerException);
            if (task.IsCanceled) throw Failed("the body was cancelled", null);
            if (Loop.Failure is { } late) throw Failed(late, null);
            return Report();
        }
        catch (Exception e) when (e is not SimulationFailedException)
        {
            throw Failed($"a step failed: {e.Message}", e);
        }
        finally
        {
            foreach (var node in _nodes.Values) node.End();
        }
    }

    private void ThrowStuck(Task task)
    {
        // Work that left the simulation's thread is on its way back: to say so helps more than to say that nothing happens.
        if (SimulationThread.Eventually(() => Loop.Failure is not null || task.IsCompleted) && Loop.Failure is { } stray) throw Failed(stray, null);
        if (task.IsCompleted) throw Failed("the body went on in the thread pool, where its order cannot be repeated, and ended there", task.Exception?.InnerException);
        throw Failed("the body waits for something that nothing will bring about: no work is ready, and no timer is set", null);
    }

    // What it says without its numbers, which differ from run to run.
    private static string KindOf(string why, Exception? cause)
    {
        var kind = new StringBuilder(cause?.GetType().FullName);
        foreach (var letter in why)
        {
            if (!char.IsAsciiDigit(letter)) kind.Append(letter);
            else if (kind.Length == 0 || kind[^1] != '#') kind.Append('#');
        }

        return kind.ToString();
    }

    private SimulationReport Report() => new(Seed, Loop.Trace.Hash, Loop.Steps, Now, Faults);

    private SimulationFailedException Failed(string why, Exception? cause)
    {
        var faults = Faults.Count == 0 ? "none" : Environment.NewLine + Faults;
        var replay = _options.Replay is { } command ? $"{Environment.NewLine}replay: {string.Format(System.Globalization.CultureInfo.InvariantCulture, command, Seed)}" : "";
        return new SimulationFailedException($"seed {Seed}, at {SimulationTrace.Seconds(Loop.Now)}: {why}{replay}{Environment.NewLine}faults: {faults}{Environment.NewLine}last events:{Environment.NewLine}{Loop.Trace.Text()}{cause}", cause, Report(), KindOf(why, cause));
    }
}

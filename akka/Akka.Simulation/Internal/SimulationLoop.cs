using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Dispatch;

namespace Akka.Simulation.Internal;

/// <summary>
/// The one thread of a simulation: everything that is ready runs here, one after the other, in an order that the dice give. Where nothing is ready the
/// clock goes on to the next thing that is due. What arrives from another thread is no part of the simulation, cannot be repeated, and ends it.
/// </summary>
internal sealed class SimulationLoop(ulong seed, SimulationTrace trace) : IWorkHolder
{
    // Work takes time: a step is a microsecond, so that what is due comes between the steps of a busy node.
    private const long TicksPerStep = 10;

    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<Step> _ready = [];
    private readonly DeadlineHeap _timers = new();
    private volatile string? _stray;

    /// <summary>The virtual time since the start, in units of 100 ns.</summary>
    public long Now { get; private set; }

    /// <summary>How many steps ran.</summary>
    public long Steps { get; private set; }

    /// <summary>The one source of chance.</summary>
    public SystemDice Dice { get; } = new(StableHash.Seed("loop", seed));

    /// <summary>What happened.</summary>
    public SimulationTrace Trace => trace;

    /// <summary>What went wrong outside of the body; null while all is well.</summary>
    public string? Failure => _stray;

    /// <summary>Has a step run soon.</summary>
    public void Add(in Step step)
    {
        if (IsHere()) _ready.Add(step);
    }

    /// <summary>Calls soon.</summary>
    public void Post(Life life, Action work) => Add(new Step(life, work, 1));

    /// <summary>Calls when the time has come.</summary>
    public LifeTimer At(Life life, long deadline, Action run, ulong label)
    {
        var timer = new LifeTimer(life, run, label);
        Schedule(timer, deadline);
        return timer;
    }

    /// <summary>Has a timer go off at a time, whatever it was set to before.</summary>
    public void Schedule(LifeTimer timer, long deadline)
    {
        if (!IsHere()) return;
        _timers.Remove(timer);
        timer.Deadline = deadline < 0 ? long.MaxValue : deadline;
        timer.Generation++;
        _timers.Add(timer);
    }

    /// <inheritdoc/>
    public void Remove(ScheduledWork work)
    {
        if (!IsHere()) return;
        ((LifeTimer)work).Generation++;
        _timers.Remove(work);
    }

    /// <summary>Runs one step, or moves the clock; false where there is nothing to wait for.</summary>
    public bool Turn()
    {
        TakeDue();
        if (_ready.Count == 0)
        {
            if (_timers.Count == 0 || _timers.First.Deadline == long.MaxValue) return false;
            Now = Math.Max(Now, _timers.First.Deadline);
            TakeDue();
            if (_ready.Count == 0) return true;
        }

        var at = Dice.Below(_ready.Count);
        var step = _ready[at];
        _ready[at] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        if (!step.Life.IsAlive) return true;
        if (step.Life.IsPaused)
        {
            step.Life.Hold(step);
            return true;
        }

        Now += TicksPerStep;
        Steps++;
        trace.Mix((ulong)Now, step.Life.Label ^ step.Label);
        if (step.Work is IRunnable turn) turn.Run();
        else ((Action)step.Work)();
        return true;
    }

    /// <summary>Whether this is the simulation's thread; work from another one ends the simulation.</summary>
    public bool IsHere()
    {
        if (Environment.CurrentManagedThreadId == _thread) return true;
        _stray ??= "work came from another thread: an await went on in the thread pool (RunContinuationsAsynchronously, SemaphoreSlim, Channel, Task.Run, Task.Yield, Task.Delay without the simulation's time), where its order cannot be repeated"
                   + Environment.NewLine + Environment.StackTrace;
        return false;
    }

    private void TakeDue()
    {
        while (_timers.Count > 0 && _timers.First.Deadline <= Now)
        {
            var timer = (LifeTimer)_timers.First;
            _timers.Remove(timer);
            if (!timer.Life.IsAlive || timer.Cancelable is { IsCancellationRequested: true }) continue;
            if (timer.Interval > 0)
            {
                timer.Deadline = Math.Max(timer.Deadline + timer.Interval, Now + 1);
                _timers.Add(timer);
            }

            var generation = timer.Generation;
            _ready.Add(new Step(timer.Life, () => timer.RunUnless(generation), timer.Label));
        }
    }
}

/// <summary>Something of a life that happens at a time.</summary>
internal sealed class LifeTimer(Life life, Action run, ulong label) : ScheduledWork
{
    public Life Life => life;

    public ulong Label => label;

    /// <summary>Changes when the timer is set anew or called off: what came due before that does not happen.</summary>
    public int Generation { get; set; }

    public void RunUnless(int generation)
    {
        if (generation == Generation && Cancelable is not { IsCancellationRequested: true }) Run();
    }

    public override void Run() => run();
}

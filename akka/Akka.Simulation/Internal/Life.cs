using Akka.Dispatch;

namespace Akka.Simulation.Internal;

/// <summary>A piece of work that is ready to run: a turn, something due, a continuation.</summary>
/// <param name="Life">Whose it is; it is dropped when that has ended.</param>
/// <param name="Work">An <see cref="IRunnable"/> or an <see cref="Action"/>.</param>
/// <param name="Label">What it is, for the hash of the trace.</param>
internal readonly record struct Step(Life Life, object Work, ulong Label);

/// <summary>One life of a node, from its start to its crash: all that it has to do belongs to it, and ends with it.</summary>
internal sealed class Life(string name, ulong label)
{
    private readonly List<Step> _held = [];

    /// <summary>The node's name.</summary>
    public string Name { get; } = name;

    /// <summary>Node and life, for the hash of the trace.</summary>
    public ulong Label { get; } = label;

    /// <summary>Not crashed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Nothing of it runs at the moment.</summary>
    public bool IsPaused { get; private set; }

    /// <summary>How far its clock is off, in units of 100 ns.</summary>
    public long Skew { get; set; }

    /// <summary>Keeps a step until it goes on.</summary>
    public void Hold(in Step step) => _held.Add(step);

    public void End()
    {
        IsAlive = false;
        _held.Clear();
    }

    public void Pause() => IsPaused = true;

    public void Resume(SimulationLoop loop)
    {
        IsPaused = false;
        foreach (var step in _held) loop.Add(step);
        _held.Clear();
    }
}

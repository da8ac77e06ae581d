using Akka.Actor.Internal;
using Akka.Configuration;

namespace Akka.Actor;

/// <summary>One task of a phase. A class: a list of values would have to be compiled at every start.</summary>
internal sealed record ShutdownTask(string Name, Func<Task<Done>> Run);

/// <summary>A phase as it is configured, and its tasks.</summary>
internal sealed class ShutdownPhase(string name, TimeSpan timeout, bool recover, bool enabled, IList<string> dependsOn)
{
    public string Name => name;

    public TimeSpan Timeout => timeout;

    /// <summary>Whether later phases run although this one failed or took too long.</summary>
    public bool Recover => recover;

    public bool Enabled => enabled;

    public IList<string> DependsOn => dependsOn;

    public List<ShutdownTask> Tasks { get; } = [];
}

/// <summary>The configured phases, each after those that it depends on.</summary>
internal sealed class ShutdownPhases
{
    private readonly Dictionary<string, ShutdownPhase> _byName = new(StringComparer.Ordinal);

    /// <summary>Throws <see cref="ConfigurationException"/> where phases depend on each other in a circle.</summary>
    public ShutdownPhases(Config config)
    {
        var defaultTimeout = config.GetTimeSpan("default-phase-timeout", TimeSpan.FromSeconds(5), allowInfinite: false);
        foreach (var (name, _) in config.GetConfig("phases").AsEnumerable())
        {
            var phase = config.GetConfig($"phases.\"{name}\"");
            _byName[name] = new ShutdownPhase(
                name,
                phase.GetTimeSpan("timeout", defaultTimeout, allowInfinite: false),
                phase.GetBoolean("recover", true),
                phase.GetBoolean("enabled", true),
                phase.GetStringList("depends-on"));
        }

        var open = new HashSet<string>(StringComparer.Ordinal);
        var placed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var phase in _byName.Values) Place(phase, open, placed);
    }

    /// <summary>The order in which they run.</summary>
    public List<ShutdownPhase> InOrder { get; } = [];

    public TimeSpan TotalTimeout
    {
        get
        {
            var total = TimeSpan.Zero;
            foreach (var phase in InOrder) total += phase.Timeout;
            return total;
        }
    }

    public ShutdownPhase? Find(string name) => _byName.GetValueOrDefault(name);

    public ShutdownPhase Require(string name)
        => Find(name) ?? throw new ConfigurationException($"there is no shutdown phase '{name}': the phases are those of akka.coordinated-shutdown.phases ({string.Join(", ", _byName.Keys)})");

    public int IndexOf(string name) => InOrder.IndexOf(Require(name));

    // Depth first. A phase that is named only by those who depend on it has nothing to run and takes no place.
    private void Place(ShutdownPhase phase, HashSet<string> open, HashSet<string> placed)
    {
        if (placed.Contains(phase.Name)) return;
        if (!open.Add(phase.Name)) throw new ConfigurationException($"the shutdown phases depend on each other in a circle: {string.Join(", ", open)}");
        foreach (var name in phase.DependsOn)
        {
            if (Find(name) is { } before) Place(before, open, placed);
        }

        open.Remove(phase.Name);
        placed.Add(phase.Name);
        InOrder.Add(phase);
    }
}

/// <summary>A task that ends when the system's clock has gone on so far.</summary>
internal sealed class ShutdownDeadline : IDisposable
{
    private readonly Promise<Done> _reached;
    private readonly ICancelable _timer;

    public ShutdownDeadline(ActorSystemImpl system, TimeSpan delay)
    {
        _reached = new Promise<Done>(system.Later);
        _timer = new Cancelable(system.Scheduler);
        system.Scheduler.Advanced.ScheduleOnce(delay, () => _reached.TrySetResult(Done.Instance), _timer);
    }

    public Task Reached => _reached.Task;

    public void Dispose() => _timer.Cancel();
}

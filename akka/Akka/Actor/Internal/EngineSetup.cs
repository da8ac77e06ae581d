using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Akka.Actor.Internal;

/// <summary>The services behind a system that a simulation replaces: time, turns, dice. What is null is the real one.</summary>
internal sealed class EngineSetup : Setup.Setup
{
    private static readonly EngineSetup Real = new();

    /// <summary>Makes the time.</summary>
    public Func<Config, ILoggingAdapter, IScheduler>? Scheduler { get; init; }

    /// <summary>Makes the default dispatcher.</summary>
    public Func<Config, IDispatcherPrerequisites, MessageDispatcherConfigurator>? Dispatcher { get; init; }

    /// <summary>What the system's dice begin with.</summary>
    public ulong? Seed { get; init; }

    /// <summary>The services of a system.</summary>
    public static EngineSetup Of(ActorSystem system)
    {
        var given = system.Settings.Setup.Get<EngineSetup>();
        return given.HasValue ? given.Value : Real;
    }
}

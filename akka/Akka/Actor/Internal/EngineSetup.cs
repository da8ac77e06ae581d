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

    /// <summary>Makes every dispatcher, whatever its configuration names.</summary>
    public Func<Config, IDispatcherPrerequisites, MessageDispatcherConfigurator>? Dispatcher { get; init; }

    /// <summary>What the system's dice begin with.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Where whoever waits for the system goes on: for an answer, for its end. Null: on the process's thread pool.</summary>
    public Action<Action>? Later { get; init; }

    /// <summary>The services of a system.</summary>
    public static EngineSetup Of(ActorSystem system)
    {
        var given = system.Settings.Setup.Get<EngineSetup>();
        return given.HasValue ? given.Value : Real;
    }
}

using System.Diagnostics;

namespace Akka.Actor.Internal;

/// <summary>The machine's time: where the real scheduler and the log's timestamps take it from.</summary>
internal static class SystemClock
{
#pragma warning disable RS0030 // The one place that asks the machine.
    /// <summary>The time of day, UTC.</summary>
    public static DateTimeOffset Now => DateTimeOffset.UtcNow;

    /// <summary>Time since some point in the past.</summary>
    public static TimeSpan Monotonic => Stopwatch.GetElapsedTime(0);
#pragma warning restore RS0030
}

using System.Diagnostics;

namespace Akka.TestKit;

/// <summary>
/// The time by which tests are patient: real, also for a system whose own time is virtual.
/// </summary>
internal static class TestClock
{
#pragma warning disable RS0030 // A test waits for real: a test's patience cannot come from the system that it tests.
    /// <summary>Time since some point in the past.</summary>
    public static TimeSpan Now => Stopwatch.GetElapsedTime(0);
#pragma warning restore RS0030

    /// <summary>Ends after <paramref name="duration"/>; at once where <paramref name="sync"/> has the caller's thread wait.</summary>
    public static async ValueTask Pause(bool sync, TimeSpan duration, CancellationToken cancel)
    {
        if (duration <= TimeSpan.Zero) return;
        using var never = new SemaphoreSlim(0);
        if (sync) never.Wait(duration, cancel);
        else await never.WaitAsync(duration, cancel).ConfigureAwait(false);
    }
}

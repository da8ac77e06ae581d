using System.Diagnostics;

namespace AkkaStream.Tests.Support;

/// <summary>Waits for a condition instead of sleeping; fails with the condition's own words when it never holds.</summary>
public static class Eventually
{
    /// <summary>How long a condition may take: generous, since a loaded machine is no bug.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Waits until <paramref name="condition"/> is true.</summary>
    public static async Task Holds(Func<bool> condition, string what, TimeSpan? within = null)
        => await Holds(() => new ValueTask<bool>(condition()), what, within);

    /// <summary>Waits until <paramref name="condition"/> is true.</summary>
    public static async Task Holds(Func<ValueTask<bool>> condition, string what, TimeSpan? within = null)
    {
        var patience = within ?? Patience;
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!await condition())
        {
            Assert.True(watch.Elapsed < patience, $"not within {patience.TotalSeconds} s: {what}");
            await pause.WaitForNextTickAsync();
        }
    }
}

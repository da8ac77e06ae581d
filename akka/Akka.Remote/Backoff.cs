namespace Akka.Remote;

/// <summary>How long to wait before the next attempt: twice as long each time, up to a limit, and never quite the same for two that wait for one thing.</summary>
internal sealed class Backoff(TimeSpan least, TimeSpan most)
{
    private const int MostDoublings = 20;

    private int _failures;

    /// <summary>After one more failure; <paramref name="dice"/> is from 0 up to below 1.</summary>
    public TimeSpan Next(double dice)
    {
        var wait = Math.Min(most.TotalMilliseconds, least.TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, MostDoublings)));
        return TimeSpan.FromMilliseconds(wait * (0.8 + (0.4 * dice)));
    }

    /// <summary>It went well.</summary>
    public void Reset() => _failures = 0;
}

namespace AkkaStream.Client.Cluster;

/// <summary>
/// The pauses between the attempts of one thing: each twice as long as the one before, up to a limit. The one place where a client waits before it tries
/// again.
/// </summary>
/// <param name="options">The first pause, the longest one, and the clock.</param>
public sealed class Backoff(ClusterOptions options)
{
    private readonly long started = options.Time.GetTimestamp();
    private TimeSpan next = options.RetryBackoff;

    /// <summary>How long the next pause is.</summary>
    public TimeSpan Next => next;

    /// <summary>Whether the operation's time would be over before another attempt.</summary>
    public bool IsOver => options.Time.GetElapsedTime(started) + next > options.OperationTimeout;

    /// <summary>Pauses.</summary>
    public Task Pause(CancellationToken cancellation = default)
    {
        var pause = next;
        next = next * 2 < options.RetryBackoffMax ? next * 2 : options.RetryBackoffMax;
        return Task.Delay(pause, options.Time, cancellation);
    }

    /// <summary>Something went well: the next pause is a short one again.</summary>
    public void Reset() => next = options.RetryBackoff;
}

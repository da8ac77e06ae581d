namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>
/// How many bytes a second this broker's throttled replicas may send, or take: <c>leader.replication.throttled.rate</c> and <c>follower.replication.throttled.rate</c>. Paid afterwards: who has
/// moved a piece learns until when it has to hold back, behind all others that moved one before. So each gets its turn, and nobody is woken in vain. Safe from any thread; time comes with the calls.
/// </summary>
public sealed class ReplicationThrottle
{
    // What was not used for so long is not saved up.
    private const long BurstUs = 100_000;
    private readonly Lock gate = new();
    private long rate = long.MaxValue;
    private long freeUs;
    private int version;

    /// <summary>Whether there is a limit at all.</summary>
    public bool IsLimited => Volatile.Read(ref rate) != long.MaxValue;

    /// <summary>Bytes a second; <see cref="long.MaxValue"/> for no limit. With 0 nothing goes behind the first piece.</summary>
    public long Rate => Volatile.Read(ref rate);

    /// <summary>Rises with each change of the rate: what was said to hold back before does not count any more.</summary>
    public int Version => Volatile.Read(ref version);

    /// <summary>Sets the rate, bytes a second; <see cref="long.MaxValue"/> for no limit.</summary>
    public void Set(long bytesPerSecond)
    {
        lock (gate)
        {
            if (rate == bytesPerSecond) return;
            Volatile.Write(ref rate, bytesPerSecond);
            freeUs = 0;
            Volatile.Write(ref version, version + 1);
        }
    }

    /// <summary>So many bytes were moved now.</summary>
    /// <param name="bytes">How many.</param>
    /// <param name="nowMs">Now, milliseconds since 1970.</param>
    /// <returns>Until when to hold back.</returns>
    public Holding Take(long bytes, long nowMs)
    {
        lock (gate)
        {
            if (rate == long.MaxValue) return default;
            if (rate <= 0) return new Holding(long.MaxValue, version);
            freeUs = Math.Max(freeUs, (nowMs * 1000) - BurstUs) + (long)(bytes * 1e6 / rate);
            return new Holding((freeUs + 999) / 1000, version);
        }
    }
}

/// <summary>Until when a replica holds back.</summary>
/// <param name="UntilMs">Milliseconds since 1970; 0 where it does not.</param>
/// <param name="Version">The <see cref="ReplicationThrottle.Version"/> that said so.</param>
public readonly record struct Holding(long UntilMs, int Version)
{
    /// <summary>Whether it holds back now.</summary>
    public bool Holds(ReplicationThrottle throttle, long nowMs) => UntilMs > nowMs && Version == throttle.Version;
}

namespace AkkaStream.Actors.Coordinators;

/// <summary>
/// Whose transactions have ended in a coordinator's partition, and when, counted in markers. Whoever commits offsets in a transaction first asks the transaction's coordinator; where the
/// transaction is ended between its answer and the commit, the commit would stand behind the marker, and nobody would ever end it (transactions of version 1, whose epoch does not rise with
/// the marker). Written by the coordinator alone; <see cref="Now"/> is read from any thread.
/// </summary>
internal sealed class RecentMarkers
{
    private readonly Dictionary<long, long> last = [];
    private long now;
    private long known;

    /// <summary>How many there were.</summary>
    public long Now => Volatile.Read(ref now);

    /// <summary>A transaction of that producer has ended.</summary>
    public void Ended(long producerId)
    {
        if (last.Count >= Limits.RecentMarkers)
        {
            last.Clear();
            known = now;
        }

        last[producerId] = now + 1;
        Volatile.Write(ref now, now + 1);
    }

    /// <summary>Whether a transaction of that producer has ended since then, or may have.</summary>
    /// <param name="producerId">The producer.</param>
    /// <param name="since">What <see cref="Now"/> was.</param>
    public bool MayHaveEnded(long producerId, long since) => since < known || (last.TryGetValue(producerId, out var at) && at > since);
}

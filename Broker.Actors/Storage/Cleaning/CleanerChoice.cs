namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>A log that could be cleaned.</summary>
/// <param name="Partition">Which.</param>
/// <param name="DirtyRatio">Share of dirty bytes, 0 to 1.</param>
/// <param name="FirstDirty">Where its dirty part begins.</param>
internal readonly record struct CleanerCandidate(PartitionName Partition, double DirtyRatio, long FirstDirty);

/// <summary>A log that was set aside.</summary>
/// <param name="Reason">Why, a sentence.</param>
/// <param name="UntilMs">When it is tried again, milliseconds since 1970; <see cref="long.MaxValue"/>: at the next start.</param>
public sealed record SetAsideLog(string Reason, long UntilMs);

/// <summary>
/// Which logs are cleaned now: the dirtiest first, none twice at a time, none that was set aside. Plain: told what happened, asked what comes next.
/// </summary>
internal sealed class CleanerChoice
{
    private readonly HashSet<PartitionName> _underWay = [];
    private readonly Dictionary<PartitionName, SetAsideLog> _aside = [];

    /// <summary>Logs that are being cleaned.</summary>
    public IReadOnlyCollection<PartitionName> UnderWay => _underWay;

    /// <summary>Logs that cannot be cleaned.</summary>
    public IReadOnlyDictionary<PartitionName, SetAsideLog> Aside => _aside;

    /// <summary>Whether a log may be looked at.</summary>
    public bool IsFree(PartitionName partition, long nowMs)
        => !_underWay.Contains(partition) && !(_aside.TryGetValue(partition, out var aside) && nowMs < aside.UntilMs);

    /// <summary>The logs that are begun now, so that at most <paramref name="threads"/> are under way.</summary>
    public List<CleanerCandidate> Begin(List<CleanerCandidate> candidates, int threads)
    {
        candidates.Sort(static (a, b) => b.DirtyRatio.CompareTo(a.DirtyRatio));
        var begun = new List<CleanerCandidate>();
        foreach (var candidate in candidates)
        {
            if (_underWay.Count >= threads) break;
            if (_underWay.Add(candidate.Partition)) begun.Add(candidate);
        }

        return begun;
    }

    /// <summary>A cleaning ended well, or was broken off by a change of the log.</summary>
    /// <param name="partition">Whose.</param>
    /// <param name="isClean">It was done.</param>
    public void End(PartitionName partition, bool isClean)
    {
        _underWay.Remove(partition);
        if (isClean) _aside.Remove(partition);
    }

    /// <summary>A log cannot be cleaned. True where that is news.</summary>
    public bool SetAside(PartitionName partition, SetAsideLog aside)
    {
        _underWay.Remove(partition);
        var isNew = !_aside.TryGetValue(partition, out var before) || before.Reason != aside.Reason;
        _aside[partition] = aside;
        return isNew;
    }

    /// <summary>Another log has the name now, or none: what was said of the old one does not hold.</summary>
    public void Forget(PartitionName partition) => _aside.Remove(partition);
}

using System.Collections.Immutable;

namespace Akka.Cluster.Gossiping;

/// <summary>What a node has found of another one.</summary>
internal enum Finding : byte
{
    /// <summary>It is silent.</summary>
    Silent = 1,

    /// <summary>Its machine says that the process is gone.</summary>
    Crashed = 2,
}

/// <summary>What one node has found of those that it observes: a number that grows with each change, and all that it cannot reach.</summary>
internal sealed record Observations(long Version, ImmutableSortedDictionary<UniqueAddress, Finding> Subjects)
{
    public static readonly Observations None = new(0, ImmutableSortedDictionary<UniqueAddress, Finding>.Empty);
}

/// <summary>Who cannot reach whom. Each node writes its own row alone, so that of two copies of a row the newer one is right. Immutable.</summary>
internal sealed class Reachability(ImmutableSortedDictionary<UniqueAddress, Observations> rows)
{
    public static readonly Reachability Empty = new(ImmutableSortedDictionary<UniqueAddress, Observations>.Empty);

    public ImmutableSortedDictionary<UniqueAddress, Observations> Rows { get; } = rows;

    /// <summary>Whether nobody misses anybody.</summary>
    public bool IsClean
    {
        get
        {
            foreach (var row in Rows.Values)
            {
                if (!row.Subjects.IsEmpty) return false;
            }

            return true;
        }
    }

    /// <summary>A node found another one so; null for reachable.</summary>
    public Reachability Set(UniqueAddress observer, UniqueAddress subject, Finding? finding)
    {
        var row = Rows.GetValueOrDefault(observer) ?? Observations.None;
        Finding? before = row.Subjects.TryGetValue(subject, out var known) ? known : null;
        if (before == finding) return this;
        var subjects = finding is { } found ? row.Subjects.SetItem(subject, found) : row.Subjects.Remove(subject);
        return new Reachability(Rows.SetItem(observer, new Observations(row.Version + 1, subjects)));
    }

    /// <summary>The newer row of each observer, as far as observers and subjects are members.</summary>
    public Reachability Merge(Reachability other, Func<UniqueAddress, bool> isMember)
    {
        var merged = Rows.ToBuilder();
        foreach (var (observer, row) in other.Rows)
        {
            if (!merged.TryGetValue(observer, out var own) || own.Version < row.Version) merged[observer] = row;
        }

        return new Reachability(merged.ToImmutable()).Only(isMember);
    }

    /// <summary>Without nodes that are no members.</summary>
    public Reachability Only(Func<UniqueAddress, bool> isMember)
    {
        var kept = Rows.ToBuilder();
        foreach (var (observer, row) in Rows)
        {
            if (!isMember(observer)) kept.Remove(observer);
            else if (row.Subjects.Keys.Any(subject => !isMember(subject))) kept[observer] = row with { Version = row.Version, Subjects = row.Subjects.RemoveRange(row.Subjects.Keys.Where(subject => !isMember(subject))) };
        }

        return new Reachability(kept.ToImmutable());
    }

    /// <summary>Whether nobody of <paramref name="observers"/> misses a node.</summary>
    public bool IsReachable(UniqueAddress subject, Func<UniqueAddress, bool> observers)
    {
        foreach (var (observer, row) in Rows)
        {
            if (observers(observer) && row.Subjects.ContainsKey(subject)) return false;
        }

        return true;
    }

    /// <summary>Whether somebody of <paramref name="observers"/> knows that a node's process is gone.</summary>
    public bool IsCrashed(UniqueAddress subject, Func<UniqueAddress, bool> observers)
    {
        foreach (var (observer, row) in Rows)
        {
            if (observers(observer) && row.Subjects.TryGetValue(subject, out var finding) && finding == Finding.Crashed) return true;
        }

        return false;
    }

    /// <summary>What a node found of another.</summary>
    public Finding? Of(UniqueAddress observer, UniqueAddress subject)
        => Rows.TryGetValue(observer, out var row) && row.Subjects.TryGetValue(subject, out var finding) ? finding : null;
}

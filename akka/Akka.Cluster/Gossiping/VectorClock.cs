using System.Collections.Immutable;

namespace Akka.Cluster.Gossiping;

/// <summary>How two versions stand to each other.</summary>
internal enum ClockOrder
{
    /// <summary>They are the same.</summary>
    Same,

    /// <summary>The first came first.</summary>
    Before,

    /// <summary>The first came after.</summary>
    After,

    /// <summary>Neither knew of the other.</summary>
    Concurrent,
}

/// <summary>A version of the cluster's state: how often each node has changed it. Immutable.</summary>
internal readonly struct VectorClock(ImmutableSortedDictionary<UniqueAddress, long> versions)
{
    public static readonly VectorClock Zero = new(ImmutableSortedDictionary<UniqueAddress, long>.Empty);

    public ImmutableSortedDictionary<UniqueAddress, long> Versions { get; } = versions;

    /// <summary>One more change by a node.</summary>
    public VectorClock Increment(UniqueAddress node) => new(Versions.SetItem(node, Versions.GetValueOrDefault(node) + 1));

    /// <summary>A version that came after both.</summary>
    public VectorClock Merge(in VectorClock other)
    {
        var merged = Versions.ToBuilder();
        foreach (var (node, version) in other.Versions)
        {
            if (!merged.TryGetValue(node, out var own) || own < version) merged[node] = version;
        }

        return new VectorClock(merged.ToImmutable());
    }

    /// <summary>Without a node that is no member any more.</summary>
    public VectorClock Prune(UniqueAddress node) => new(Versions.Remove(node));

    /// <summary>How this stands to another.</summary>
    public ClockOrder CompareTo(in VectorClock other)
    {
        var (less, more) = (false, false);
        foreach (var (node, version) in Versions)
        {
            var theirs = other.Versions.GetValueOrDefault(node);
            if (version < theirs) less = true;
            else if (version > theirs) more = true;
        }

        foreach (var (node, version) in other.Versions)
        {
            if (version > 0 && !Versions.ContainsKey(node)) less = true;
        }

        return (less, more) switch
        {
            (false, false) => ClockOrder.Same,
            (true, false) => ClockOrder.Before,
            (false, true) => ClockOrder.After,
            _ => ClockOrder.Concurrent,
        };
    }
}

using System.Globalization;

namespace AkkaStream.Actors.Configuration;

/// <summary>Replicas of a topic that are throttled: a value of <c>leader.replication.throttled.replicas</c> or <c>follower.replication.throttled.replicas</c>. Immutable.</summary>
public sealed class ThrottledReplicas
{
    private readonly HashSet<(int Partition, int Broker)>? some;
    private readonly bool all;

    private ThrottledReplicas(bool all, HashSet<(int, int)>? some)
    {
        this.all = all;
        this.some = some;
    }

    /// <summary>None is.</summary>
    public static ThrottledReplicas None { get; } = new(false, null);

    /// <summary>All are.</summary>
    public static ThrottledReplicas All { get; } = new(true, null);

    /// <summary>Those that a checked value names: nothing, <c>*</c>, or partition:broker separated by commas.</summary>
    public static ThrottledReplicas Of(string value)
    {
        if (value.Trim() == "*") return All;
        var some = new HashSet<(int, int)>();
        foreach (var pair in ConfigText.List(value))
        {
            var colon = pair.IndexOf(':', StringComparison.Ordinal);
            // A number that no partition or broker can have names none.
            if (int.TryParse(pair.AsSpan(0, Math.Max(0, colon)), NumberStyles.None, CultureInfo.InvariantCulture, out var partition) && int.TryParse(pair.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var broker)) some.Add((partition, broker));
        }

        return some.Count == 0 ? None : new ThrottledReplicas(false, some);
    }

    /// <summary>Whether the replica on that broker is.</summary>
    public bool Has(int partition, int broker) => all || (some is not null && some.Contains((partition, broker)));
}

using Akka.Actor.Internal;
using Akka.Simulation.Internal;

namespace Akka.Simulation.Faults;

/// <summary>From what faults are drawn: which nodes, which kinds, how many, within which time.</summary>
public sealed record FaultPlan
{
    /// <summary>The nodes that have faults.</summary>
    public required IReadOnlyList<string> Nodes { get; init; }

    /// <summary>The nodes between which links have faults; those of <see cref="Nodes"/> by default.</summary>
    public IReadOnlyList<string>? Linked { get; init; }

    /// <summary>What may go wrong; every kind by default. Kinds about links need two nodes.</summary>
    public IReadOnlyList<FaultKind> Kinds { get; init; } = Enum.GetValues<FaultKind>();

    /// <summary>How many faults; 5 by default.</summary>
    public int Count { get; init; } = 5;

    /// <summary>The time within which they begin; the first 30 s by default.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that one lasts; 5 s by default.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The schedule of a seed.</summary>
    public FaultSchedule Draw(ulong seed)
    {
        // Dice of their own: with more or fewer faults the rest of the run throws the same.
        var dice = new SystemDice(StableHash.Seed("faults", seed));
        var kinds = (Linked ?? Nodes).Count > 1 ? Kinds : [.. Kinds.Where(kind => !IsAboutLinks(kind))];
        var faults = new List<Fault>(Count);
        for (var i = 0; i < Count && kinds.Count > 0; i++) faults.Add(DrawOne(dice, kinds[dice.Below(kinds.Count)]));
        return new FaultSchedule(faults);
    }

    private static bool IsAboutLinks(FaultKind kind) => kind is FaultKind.Cut or FaultKind.CutOneWay or FaultKind.Slow or FaultKind.Break;

    private Fault DrawOne(SystemDice dice, FaultKind kind)
    {
        var at = Fraction(dice, Within);
        var from = IsAboutLinks(kind) ? Linked ?? Nodes : Nodes;
        var node = dice.Below(from.Count);
        var lasts = kind == FaultKind.Break ? TimeSpan.Zero : Fraction(dice, Longest) + TimeSpan.FromMilliseconds(1);
        var peer = IsAboutLinks(kind) ? from[(node + 1 + dice.Below(from.Count - 1)) % from.Count] : "";
        var by = kind switch
        {
            FaultKind.Slow => Fraction(dice, TimeSpan.FromSeconds(1)),
            FaultKind.ClockJump => Fraction(dice, TimeSpan.FromMinutes(2)) - TimeSpan.FromMinutes(1),
            _ => TimeSpan.Zero,
        };
        return new Fault(at, kind, from[node], peer, lasts, by);
    }

    // Whole milliseconds: a written schedule reads better.
    private static TimeSpan Fraction(SystemDice dice, TimeSpan of) => TimeSpan.FromMilliseconds(Math.Floor(dice.Fraction() * of.TotalMilliseconds));
}

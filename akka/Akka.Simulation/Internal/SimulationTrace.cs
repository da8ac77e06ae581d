using System.Globalization;
using System.Text;

namespace Akka.Simulation.Internal;

/// <summary>What happened: a hash over all of it, and the last of it as text.</summary>
internal sealed class SimulationTrace(int most)
{
    private readonly Queue<(long At, string Where, string What)> _lines = new();

    /// <summary>The hash so far.</summary>
    public ulong Hash { get; private set; } = StableHash.Start;

    public void Mix(ulong time, ulong what) => Hash = StableHash.Mix(StableHash.Mix(Hash, time), what);

    /// <summary>Adds a line that is part of the hash.</summary>
    public void Event(long now, string where, string what)
    {
        Hash = StableHash.Mix(StableHash.Mix(StableHash.Mix(Hash, (ulong)now), where), what);
        Line(now, where, what);
    }

    /// <summary>Adds a line for readers alone.</summary>
    public void Line(long now, string where, string what)
    {
        if (_lines.Count == most) _lines.Dequeue();
        _lines.Enqueue((now, where, what));
    }

    /// <summary>The last lines, the oldest first.</summary>
    public string Text()
    {
        var text = new StringBuilder();
        foreach (var (at, where, what) in _lines) text.Append(CultureInfo.InvariantCulture, $"{Seconds(at)} {where}: {what}").AppendLine();
        return text.ToString();
    }

    public static string Seconds(long ticks) => (ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.000000", CultureInfo.InvariantCulture) + "s";
}

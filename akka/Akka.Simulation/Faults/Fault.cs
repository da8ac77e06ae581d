using System.Globalization;

namespace Akka.Simulation.Faults;

/// <summary>What goes wrong.</summary>
public enum FaultKind
{
    /// <summary>A node's process is gone, and starts again after a while.</summary>
    Crash,

    /// <summary>A node loses its power: as a crash, but its peers hear nothing.</summary>
    PowerLoss,

    /// <summary>A node stands still for a while.</summary>
    Pause,

    /// <summary>A link carries nothing in either direction for a while.</summary>
    Cut,

    /// <summary>A link carries nothing in one direction for a while.</summary>
    CutOneWay,

    /// <summary>A link takes longer in one direction for a while.</summary>
    Slow,

    /// <summary>The connections between two nodes are lost.</summary>
    Break,

    /// <summary>A node's clock jumps, and back after a while.</summary>
    ClockJump,

    /// <summary>A node's disk is full for a while.</summary>
    DiskFull,

    /// <summary>A node's disk fails for a while.</summary>
    DiskFailing,

    /// <summary>A node's disk returns flipped bits for a while.</summary>
    DiskFlips,
}

/// <summary>One fault: what, where, when, and for how long.</summary>
/// <param name="At">When it begins, in virtual time.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Node">The node, or the link's one end.</param>
/// <param name="Peer">The link's other end; empty where it is about a node.</param>
/// <param name="For">How long it lasts; zero where it does not last.</param>
/// <param name="By">How much slower a link, or how far a clock jumps; zero otherwise.</param>
public sealed record Fault(TimeSpan At, FaultKind Kind, string Node, string Peer, TimeSpan For, TimeSpan By)
{
    /// <summary>One line: <c>12.5s Crash n1 for 3s</c>, <c>4s Slow n1 n2 for 10s by 0.2s</c>. <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        var text = $"{Seconds(At)} {Kind} {Node}";
        if (Peer.Length > 0) text += " " + Peer;
        if (For > TimeSpan.Zero) text += " for " + Seconds(For);
        return By == TimeSpan.Zero ? text : text + " by " + Seconds(By);
    }

    /// <summary>Reads a line. Throws <see cref="FormatException"/> with the line for anything that is none.</summary>
    public static Fault Parse(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || !Enum.TryParse<FaultKind>(words[1], out var kind)) throw new FormatException($"no fault: '{line}'");
        var (peer, lasts, by) = ("", TimeSpan.Zero, TimeSpan.Zero);
        for (var i = 3; i < words.Length; i++)
        {
            if (words[i] is "for" or "by" && i + 1 < words.Length)
            {
                var time = Time(words[i + 1], line);
                (lasts, by) = words[i] == "for" ? (time, by) : (lasts, time);
                i++;
            }
            else if (i == 3) peer = words[i];
            else throw new FormatException($"no fault: '{line}'");
        }

        return new Fault(Time(words[0], line), kind, words[2], peer, lasts, by);
    }

    private static string Seconds(TimeSpan time) => (time.Ticks / (decimal)TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture) + "s";

    private static TimeSpan Time(string text, string line)
        => text.EndsWith('s') && decimal.TryParse(text[..^1], NumberStyles.Number, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 1_000_000_000
            ? TimeSpan.FromTicks((long)(seconds * TimeSpan.TicksPerSecond))
            : throw new FormatException($"no time in seconds: '{text}' in '{line}'");
}

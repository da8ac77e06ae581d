using System.Collections;

namespace Akka.Simulation.Faults;

/// <summary>The faults of a run in the order of their times; as text one a line, which can be written down and read again.</summary>
public sealed class FaultSchedule : IReadOnlyList<Fault>
{
    /// <summary>No faults.</summary>
    public static readonly FaultSchedule Empty = new([]);

    private readonly List<Fault> _faults;

    /// <summary>A schedule of these faults.</summary>
    public FaultSchedule(IEnumerable<Fault> faults) => _faults = [.. faults.OrderBy(fault => fault.At)];

    /// <inheritdoc/>
    public int Count => _faults.Count;

    /// <inheritdoc/>
    public Fault this[int index] => _faults[index];

    /// <summary>Reads what <see cref="ToString"/> wrote; empty lines and those that begin with # say nothing. Throws <see cref="FormatException"/> with the line that is no fault.</summary>
    public static FaultSchedule Parse(string text)
        => new(text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(Fault.Parse));

    /// <summary>
    /// A schedule with as few of these faults as possible that still <paramref name="fails"/>: halves, quarters and so on are left out as long as the run fails without them.
    /// </summary>
    public FaultSchedule Minimize(Func<FaultSchedule, bool> fails)
    {
        var kept = _faults;
        for (var part = Math.Max(1, kept.Count / 2); part > 0 && kept.Count > 0; part = part == 1 ? 0 : (part + 1) / 2)
        {
            for (var from = 0; from < kept.Count;)
            {
                var fewer = kept.Where((_, i) => i < from || i >= from + part).ToList();
                if (fails(new FaultSchedule(fewer))) kept = fewer;
                else from += part;
            }
        }

        return new FaultSchedule(kept);
    }

    /// <inheritdoc/>
    public IEnumerator<Fault> GetEnumerator() => _faults.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public override string ToString() => string.Join(Environment.NewLine, _faults);
}

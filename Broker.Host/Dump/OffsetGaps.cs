namespace AkkaStream.Host.Dump;

/// <summary>Offsets of a log that do not follow each other: compaction leaves such gaps.</summary>
internal sealed class OffsetGaps
{
    private const int MostKept = 100_000;

    private readonly List<(long Before, long After)> gaps = [];
    private long last = -1;

    /// <summary>The next record.</summary>
    internal void Next(long offset)
    {
        if (offset != last + 1 && gaps.Count < MostKept) gaps.Add((last, offset));
        last = offset;
    }

    /// <summary>Tells them, as Kafka's tool does.</summary>
    internal void Write(string path, TextWriter error)
    {
        if (gaps.Count == 0) return;
        error.WriteLine($"Non-consecutive offsets in {path}");
        foreach (var (before, after) in gaps) error.WriteLine($"  {before} is followed by {after}");
    }
}

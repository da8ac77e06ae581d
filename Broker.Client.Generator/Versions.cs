namespace AkkaStream.Client.Generator;

/// <summary>A range of message versions.</summary>
internal readonly struct Versions
{
    private const int Open = 32767;

    private Versions(int low, int high)
    {
        Low = low;
        High = high;
    }

    /// <summary>The first version.</summary>
    public int Low { get; }

    /// <summary>The last version.</summary>
    public int High { get; }

    /// <summary>Whether there is none.</summary>
    public bool IsNone => High < Low;

    /// <summary>Reads "a-b", "a+", "a" or "none"; null where the text is something else.</summary>
    public static Versions? Parse(string text)
    {
        if (text == "none") return new Versions(1, 0);
        if (text.EndsWith("+", System.StringComparison.Ordinal))
        {
            return int.TryParse(text.Substring(0, text.Length - 1), out var from) ? new Versions(from, Open) : (Versions?)null;
        }

        var parts = text.Split('-');
        if (!int.TryParse(parts[0], out var low) || !int.TryParse(parts[parts.Length - 1], out var high) || parts.Length > 2) return null;
        return new Versions(low, high);
    }

    /// <summary>The part of both.</summary>
    public Versions Within(Versions other) => new Versions(System.Math.Max(Low, other.Low), System.Math.Min(High, other.High));

    /// <summary>Whether every version of <paramref name="other"/> is one of these.</summary>
    public bool Covers(Versions other) => other.IsNone || (Low <= other.Low && High >= other.High);

    /// <summary>A C# condition that is true in these versions, given that the version is one of <paramref name="given"/>; null where that is always so.</summary>
    public string? Condition(Versions given)
    {
        var here = Within(given);
        if (here.IsNone) return "false";
        var low = here.Low > given.Low ? $"version >= {here.Low}" : null;
        var high = here.High < given.High ? $"version <= {here.High}" : null;
        if (low is null) return high;
        return high is null ? low : here.Low == here.High ? $"version == {here.Low}" : $"{low} && {high}";
    }
}

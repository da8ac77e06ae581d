namespace AkkaStream.Actors.Configuration;

/// <summary>Durations as ISO 8601 writes them, days to seconds: P1DT2H3M4.5S.</summary>
internal static class IsoDuration
{
    /// <summary>Whether the text is a duration, and one longer than nothing.</summary>
    internal static bool IsPositive(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != 'P') return false;
        var units = "DHMS";
        var inTime = false;
        var isPositive = false;
        var start = 1;
        for (var i = 1; i < text.Length; i++)
        {
            var c = text[i];
            if (c == 'T' && !inTime && start == i && i < text.Length - 1)
            {
                (inTime, start, units) = (true, i + 1, units[Math.Max(0, units.IndexOf('H', StringComparison.Ordinal))..]);
                continue;
            }

            if (char.IsAsciiDigit(c) || c == '.') continue;
            var unit = units.IndexOf(c, StringComparison.Ordinal);
            if (unit < 0 || (c != 'D') != inTime || !ConfigText.TryDouble(text[start..i], out var number) || text[start] == '.') return false;
            if (c != 'S' && text[start..i].Contains('.')) return false;
            isPositive |= number > 0;
            units = units[(unit + 1)..];
            start = i + 1;
        }

        return start == text.Length && isPositive;
    }
}

using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Reads what HOCON writes as text: booleans, durations, sizes.</summary>
internal static class HoconUnits
{
    /// <summary>true/on/yes, false/off/no.</summary>
    public static bool TryBoolean(string text, out bool value)
    {
        value = text is "true" or "on" or "yes";
        return value || text is "false" or "off" or "no";
    }

    /// <summary>A number with a unit from nanoseconds to days; without one it is milliseconds; "infinite" is <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public static bool TryDuration(string text, bool allowInfinite, out TimeSpan value)
    {
        value = Timeout.InfiniteTimeSpan;
        if (text is "infinite" or "infinity") return allowInfinite;
        var (number, unit) = Divide(text);
        var ticks = unit switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 0.01,
            "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
            "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
            "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
            "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
            "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
            "d" or "day" or "days" => TimeSpan.TicksPerDay,
            _ => 0d,
        };
        if (ticks == 0d || !TryNumber(number, out var amount) || Math.Abs(amount * ticks) >= long.MaxValue) return false;
        value = TimeSpan.FromTicks((long)Math.Round(amount * ticks));
        return true;
    }

    /// <summary>A number of bytes with a unit: powers of 1024 (k, KiB, M, ...) and of 1000 (kB, MB, ...).</summary>
    public static bool TryBytes(string text, out long value)
    {
        value = 0;
        var (number, unit) = Divide(text);
        double factor = unit switch
        {
            "" or "b" or "B" or "byte" or "bytes" => 1,
            "k" or "K" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
            "m" or "M" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
            "g" or "G" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
            "t" or "T" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
            "p" or "P" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => 1L << 50,
            "e" or "E" or "Ei" or "EiB" or "exbibyte" or "exbibytes" => 1L << 60,
            "kB" or "kilobyte" or "kilobytes" => 1e3,
            "MB" or "megabyte" or "megabytes" => 1e6,
            "GB" or "gigabyte" or "gigabytes" => 1e9,
            "TB" or "terabyte" or "terabytes" => 1e12,
            "PB" or "petabyte" or "petabytes" => 1e15,
            "EB" or "exabyte" or "exabytes" => 1e18,
            _ => 0,
        };
        if (factor == 0 || !TryNumber(number, out var amount)) return false;
        if (factor == 1 && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)) return true;
        if (Math.Abs(amount * factor) >= long.MaxValue) return false;
        value = (long)(amount * factor);
        return true;
    }

    private static bool TryNumber(string text, out double value)
        => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);

    private static (string Number, string Unit) Divide(string text)
    {
        var end = text.Length;
        while (end > 0 && char.IsLetter(text[end - 1])) end--;
        return (text[..end].Trim(), text[end..]);
    }
}

using System.Globalization;

namespace Akka.Hosting;

/// <summary>Writes values as HOCON.</summary>
public static class HoconExtensions
{
    /// <summary>The text in quotes; null as nothing.</summary>
    public static string ToHocon(this string? text)
        => text is null ? "" : "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal) + "\"";

    /// <summary>on or off; null throws <see cref="ArgumentNullException"/>.</summary>
    public static string ToHocon(this bool? value) => Given(value).ToHocon();

    /// <summary>on or off.</summary>
    public static string ToHocon(this bool value) => value ? "on" : "off";

    /// <summary>The number; null throws <see cref="ArgumentNullException"/>.</summary>
    public static string ToHocon(this int? value) => Given(value).ToHocon();

    /// <summary>The number.</summary>
    public static string ToHocon(this int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number; null throws <see cref="ArgumentNullException"/>.</summary>
    public static string ToHocon(this long? value) => Given(value).ToHocon();

    /// <summary>The number.</summary>
    public static string ToHocon(this long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number; null throws <see cref="ArgumentNullException"/>.</summary>
    public static string ToHocon(this float? value) => Given(value).ToHocon();

    /// <summary>The number.</summary>
    public static string ToHocon(this float value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The number; null throws <see cref="ArgumentNullException"/>.</summary>
    public static string ToHocon(this double? value) => Given(value).ToHocon();

    /// <summary>The number.</summary>
    public static string ToHocon(this double value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The duration in milliseconds; null throws <see cref="ArgumentNullException"/>.</summary>
    public static string ToHocon(this TimeSpan? value, bool allowInfinite = false, bool zeroIsInfinite = false) => Given(value).ToHocon(allowInfinite, zeroIsInfinite);

    /// <summary>The duration in milliseconds; below zero, or zero where <paramref name="zeroIsInfinite"/>, is infinite where allowed, else <see cref="ArgumentOutOfRangeException"/>.</summary>
    public static string ToHocon(this TimeSpan value, bool allowInfinite = false, bool zeroIsInfinite = false)
    {
        if (value > TimeSpan.Zero || (value == TimeSpan.Zero && !zeroIsInfinite)) return value.TotalMilliseconds.ToString("0.####", CultureInfo.InvariantCulture) + " ms";
        return allowInfinite ? "infinite" : throw new ArgumentOutOfRangeException(nameof(value), value, "an infinite duration is not allowed here");
    }

    private static T Given<T>(T? value)
        where T : struct
        => value ?? throw new ArgumentNullException(nameof(value), "a value is needed");
}

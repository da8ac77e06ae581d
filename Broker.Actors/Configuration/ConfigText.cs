using System.Globalization;

namespace AkkaStream.Actors.Configuration;

/// <summary>Configuration values as text, read and written as Java does, because that is what Kafka's tools show and send.</summary>
internal static class ConfigText
{
    internal static ConfigType TypeOf(ReadOnlySpan<byte> word) => word[0] switch
    {
        (byte)'b' => ConfigType.Boolean,
        (byte)'i' => ConfigType.Int,
        (byte)'d' => ConfigType.Double,
        (byte)'c' => ConfigType.Class,
        (byte)'p' => ConfigType.Password,
        (byte)'l' => word[1] == 'o' ? ConfigType.Long : ConfigType.List,
        _ => word[1] == 'h' ? ConfigType.Short : ConfigType.String,
    };

    internal static bool TryBoolean(ReadOnlySpan<char> text, out bool value)
    {
        text = text.Trim();
        value = text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return value || text.Equals("false", StringComparison.OrdinalIgnoreCase);
    }

    internal static bool TryLong(ReadOnlySpan<char> text, out long value)
        => long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    internal static bool TryDouble(ReadOnlySpan<char> text, out double value)
        => double.TryParse(text.Trim(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out value);

    /// <summary>A number that is known to be one.</summary>
    internal static long Long(ReadOnlySpan<char> text) => long.Parse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);

    internal static bool Boolean(string text) => TryBoolean(text, out var value) && value;

    internal static double Double(string text) => TryDouble(text, out var value) ? value : throw new FormatException(text);

    /// <summary>The elements of a list, without blanks around them and without repetitions; none for the empty text.</summary>
    internal static List<string> List(string text)
    {
        var elements = new List<string>();
        if (string.IsNullOrWhiteSpace(text)) return elements;
        foreach (var range in text.AsSpan().Split(','))
        {
            var element = text.AsSpan()[range].Trim().ToString();
            if (!elements.Contains(element)) elements.Add(element);
        }

        return elements;
    }

    internal static string Canonical(ConfigType type, string value) => type switch
    {
        ConfigType.Boolean => TryBoolean(value, out var truth) && truth ? "true" : "false",
        ConfigType.Int or ConfigType.Short or ConfigType.Long => Long(value).ToString(CultureInfo.InvariantCulture),
        ConfigType.Double => Text(Double(value)),
        ConfigType.List => string.Join(',', List(value)),
        _ => value.Trim(),
    };

    /// <summary>A floating point number as Java writes it: 0.5, 100.0, 2.147483648E9.</summary>
    internal static string Text(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "Infinity" : "-Infinity";
        var size = Math.Abs(value);
        if (size == 0) return double.IsNegative(value) ? "-0.0" : "0.0";
        var shortest = value.ToString("E16", CultureInfo.InvariantCulture);
        for (var digits = 0; digits < 16; digits++)
        {
            var candidate = value.ToString("E" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.Parse(candidate, CultureInfo.InvariantCulture) != value) continue;
            shortest = candidate;
            break;
        }

        var at = shortest.IndexOf('E', StringComparison.Ordinal);
        if (size is >= 1e-3 and < 1e7)
        {
            var plain = value.ToString("0.0################", CultureInfo.InvariantCulture);
            return plain;
        }

        var mantissa = shortest[..at];
        if (!mantissa.Contains('.', StringComparison.Ordinal)) mantissa += ".0";
        return mantissa + "E" + int.Parse(shortest.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>How many letters have to be added, dropped or changed to make one text of the other; <paramref name="limit"/> where it is that or more.</summary>
    internal static int Distance(string a, string b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) >= limit) return limit;
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return Math.Min(limit, row[b.Length]);
    }
}

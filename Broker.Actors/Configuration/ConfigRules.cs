using System.Globalization;

namespace AkkaStream.Actors.Configuration;

/// <summary>
/// Checks values. The rules of <see cref="Keys.KeyTables"/>: <c>a..b</c> (either side may be open), <c>a..b or c</c>, <c>in x, y</c>, <c>anycase x, y</c>,
/// <c>list</c> (also <c>list of x, y</c>, <c>filled list</c>, <c>nullable list</c>), <c>nonempty</c>, <c>nonnull</c>, and by name
/// <c>replicas</c>, <c>reset</c>, <c>voters</c>, <c>servers</c>.
/// </summary>
internal static class ConfigRules
{
    /// <summary>Null where the value fits, else a sentence.</summary>
    internal static string? Check(ConfigKey key, string? value)
    {
        if (value is null) return key.Default is null ? null : Invalid("null", key.Name, "a value is needed");
        return CheckType(key, value) ?? CheckRule(key, value.Trim(), key.Bounds);
    }

    private static string? CheckType(ConfigKey key, string value) => key.Type switch
    {
        ConfigType.Boolean => ConfigText.TryBoolean(value, out _) ? null : Invalid(value, key.Name, "Expected value to be either true or false"),
        ConfigType.Int => IsBetween(value, int.MinValue, int.MaxValue) ? null : Invalid(value, key.Name, "Not a number of type INT"),
        ConfigType.Short => IsBetween(value, short.MinValue, short.MaxValue) ? null : Invalid(value, key.Name, "Not a number of type SHORT"),
        ConfigType.Long => ConfigText.TryLong(value, out _) ? null : Invalid(value, key.Name, "Not a number of type LONG"),
        ConfigType.Double => ConfigText.TryDouble(value, out _) ? null : Invalid(value, key.Name, "Not a number of type DOUBLE"),
        _ => null,
    };

    private static bool IsBetween(string text, long low, long high) => ConfigText.TryLong(text, out var value) && value >= low && value <= high;

    private static string? CheckRule(ConfigKey key, string value, string rule)
    {
        if (rule.Length == 0) return null;
        if (rule.Contains("..", StringComparison.Ordinal)) return CheckRange(key, value, rule);
        if (rule.StartsWith("in ", StringComparison.Ordinal)) return CheckOneOf(key, value, rule[3..], StringComparison.Ordinal);
        if (rule.StartsWith("anycase ", StringComparison.Ordinal)) return CheckOneOf(key, value, rule[8..], StringComparison.OrdinalIgnoreCase);
        if (rule.Contains("list", StringComparison.Ordinal)) return CheckList(key, value, rule);
        return rule switch
        {
            "nonempty" => value.Length > 0 ? null : Invalid(value, key.Name, "String must be non-empty"),
            "replicas" => CheckReplicas(key, value),
            "reset" => IsResetStrategy(value) ? null : Invalid(value, key.Name, "must be latest, earliest, or by_duration: and an ISO 8601 duration such as PT1H"),
            "voters" => CheckEach(key, value, IsVoter, "each must be id@host:port"),
            "servers" => CheckEach(key, value, IsHostAndPort, "each must be host:port"),
            _ => null,
        };
    }

    private static string? CheckRange(ConfigKey key, string value, string rule)
    {
        var dots = rule.IndexOf("..", StringComparison.Ordinal);
        var or = rule.IndexOf(" or ", StringComparison.Ordinal);
        var low = rule[..dots];
        var high = or < 0 ? rule[(dots + 2)..] : rule[(dots + 2)..or];
        var number = ConfigText.Double(value);
        var tooLow = low.Length > 0 && IsBelow(key, value, number, low);
        var tooHigh = high.Length > 0 && IsAbove(key, value, number, high);
        if (!tooLow && !tooHigh) return null;
        var shown = ConfigText.Canonical(key.Type, value);
        if (or >= 0)
        {
            var exception = rule[(or + 4)..];
            return shown == exception ? null : Invalid(shown, key.Name, $"Value must be between {low} and {high} or equal to {exception}");
        }

        return Invalid(shown, key.Name, tooLow ? $"Value must be at least {low}" : $"Value must be no more than {high}");
    }

    // Whole numbers of 64 bits do not fit a double exactly, so they are compared as what they are.
    private static bool IsBelow(ConfigKey key, string value, double number, string bound)
        => key.Type == ConfigType.Double ? number < ConfigText.Double(bound) : ConfigText.Long(value) < ConfigText.Long(bound);

    private static bool IsAbove(ConfigKey key, string value, double number, string bound)
        => key.Type == ConfigType.Double ? number > ConfigText.Double(bound) : ConfigText.Long(value) > ConfigText.Long(bound);

    private static string? CheckOneOf(ConfigKey key, string value, string names, StringComparison comparison)
    {
        foreach (var range in names.AsSpan().Split(", "))
        {
            if (names.AsSpan()[range].Equals(value, comparison)) return null;
        }

        var hint = comparison == StringComparison.Ordinal ? "String must be one of: " : "String must be one of (case insensitive): ";
        return Invalid(value, key.Name, hint + names);
    }

    private static string? CheckList(ConfigKey key, string value, string rule)
    {
        var elements = ConfigText.List(value);
        if (elements.Count == 0) return rule.Contains("filled", StringComparison.Ordinal) ? $"Configuration '{key.Name}' must not be empty" : null;
        var of = rule.IndexOf(" of ", StringComparison.Ordinal);
        foreach (var element in elements)
        {
            if (element.Length == 0) return $"Configuration '{key.Name}' values must not be empty.";
            var fault = of < 0 ? null : CheckOneOf(key, element, rule[(of + 4)..], StringComparison.Ordinal);
            if (fault is not null) return fault;
        }

        return null;
    }

    private static string? CheckReplicas(ConfigKey key, string value)
    {
        if (value is "" or "*") return null;
        foreach (var range in value.AsSpan().Split(','))
        {
            if (IsPairOfNumbers(value.AsSpan()[range].Trim())) continue;
            return Invalid($"[{string.Join(", ", value.Split(',', StringSplitOptions.TrimEntries))}]", key.Name,
                $"{key.Name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...");
        }

        return null;
    }

    private static bool IsPairOfNumbers(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 && colon < text.Length - 1 && !text[..colon].ContainsAnyExceptInRange('0', '9') && !text[(colon + 1)..].ContainsAnyExceptInRange('0', '9');
    }

    private static bool IsResetStrategy(string value)
    {
        if (value is "latest" or "earliest") return true;
        return value.StartsWith("by_duration:P", StringComparison.Ordinal) && IsoDuration.IsPositive(value.AsSpan(12));
    }

    private static string? CheckEach(ConfigKey key, string value, Func<string, bool> fits, string expected)
    {
        foreach (var element in ConfigText.List(value))
        {
            if (!fits(element)) return Invalid(element, key.Name, expected);
        }

        return null;
    }

    private static bool IsVoter(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && int.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out _) && IsHostAndPort(text[(at + 1)..]);
    }

    private static bool IsHostAndPort(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    private static string Invalid(string value, string name, string expected) => $"Invalid value {value} for configuration {name}: {expected}";
}

using System.Globalization;
using System.Text;
using Akka.Configuration;
using Microsoft.Extensions.Configuration;

namespace Akka.Hosting.Configuration;

/// <summary>Reads the host's configuration as HOCON: sections as objects, those with keys 0, 1, 2 ... as arrays.</summary>
public static class ConfigurationHoconAdapter
{
    private const int Nesting = 64;

    /// <summary>The configuration. With <paramref name="normalizeKeys"/> its keys are in lower case with dashes, as environment variables cannot have them.</summary>
    public static Config ToHocon(this IConfiguration config, bool normalizeKeys = false)
    {
        var text = new StringBuilder();
        Object(text, config.GetChildren(), normalizeKeys, 0);
        return ConfigurationFactory.ParseString(text.ToString());
    }

    private static void Object(StringBuilder text, IEnumerable<IConfigurationSection> children, bool normalize, int depth)
    {
        foreach (var child in children)
        {
            text.Append(Key(child.Key, normalize)).Append(" = ");
            Value(text, child, normalize, depth + 1);
            text.Append('\n');
        }
    }

    private static void Value(StringBuilder text, IConfigurationSection section, bool normalize, int depth)
    {
        if (depth > Nesting) throw new ConfigurationException($"{section.Path}: sections are nested more than {Nesting} deep");
        var children = section.GetChildren().ToList();
        if (children.Count == 0)
        {
            text.Append(section.Value is { } value ? value.ToHocon() : "null");
        }
        else if (Elements(children) is { } elements)
        {
            text.Append('[');
            foreach (var element in elements)
            {
                Value(text, element, normalize, depth + 1);
                text.Append(',');
            }

            text.Append(']');
        }
        else
        {
            text.Append("{\n");
            Object(text, children, normalize, depth);
            text.Append('}');
        }
    }

    // The children in their order where all keys are numbers, else null.
    private static List<IConfigurationSection>? Elements(List<IConfigurationSection> children)
    {
        var byNumber = new SortedDictionary<int, IConfigurationSection>();
        foreach (var child in children)
        {
            if (!int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
            byNumber[number] = child;
        }

        return [.. byNumber.Values];
    }

    // A key of the host's may be a path, and may have parts in quotes.
    private static string Key(string key, bool normalize)
    {
        if (key.Contains('"')) return key;
        var elements = key.Split('.').Select(element => (normalize ? element.Replace('_', '-').ToLowerInvariant() : element).ToHocon());
        return string.Join('.', elements);
    }
}

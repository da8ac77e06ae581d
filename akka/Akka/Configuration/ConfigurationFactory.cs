using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>Makes configurations.</summary>
public class ConfigurationFactory
{
    /// <summary>A configuration without keys.</summary>
    public static Config Empty => Config.Empty;

    /// <summary>Reads HOCON; throws <see cref="ConfigurationException"/> with line and column where it is none.</summary>
    public static Config ParseString(string hocon) => new(HoconParser.Parse(hocon));

    /// <summary>What the application configures outside of its code: nothing, since the engine reads no file of its own.</summary>
    public static Config Load() => Config.Empty;

    /// <summary>The engine's own defaults.</summary>
    public static Config Default() => ReferenceConfig.Default;

    /// <summary>The public properties of an object, also an anonymous one, or the entries of a dictionary, as a configuration.</summary>
    public static Config FromObject(object source) => new(Convert(source, 0));

    /// <summary>Reads HOCON from a resource of an assembly; throws <see cref="ConfigurationException"/> where it is not there.</summary>
    public static Config FromResource(string resourceName, Assembly assembly)
    {
        using var stream = assembly.GetManifestResourceStream(resourceName)
            ?? throw new ConfigurationException($"the assembly {assembly.GetName().Name} has no resource '{resourceName}'");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return ParseString(reader.ReadToEnd());
    }

    /// <summary>Reads HOCON from a resource of the assembly of <typeparamref name="TAssembly"/>.</summary>
    public static Config FromResource<TAssembly>(string resourceName) => FromResource(resourceName, typeof(TAssembly).Assembly);

    private static HoconValue Convert(object? source, int depth)
    {
        if (depth > HoconLimits.Nesting) throw new ConfigurationException($"objects are nested more than {HoconLimits.Nesting} deep");
        switch (source)
        {
            case null:
                return HoconValue.Of((string?)null);
            case string text:
                return HoconValue.Of(text);
            case bool flag:
                return HoconValue.Of(flag ? "true" : "false");
            case TimeSpan time:
                return HoconValue.Of(time == Timeout.InfiniteTimeSpan ? "infinite" : time.TotalMilliseconds.ToString(CultureInfo.InvariantCulture) + "ms");
            case IFormattable number when source.GetType().IsPrimitive || source is decimal or Enum:
                return HoconValue.Of(number.ToString(null, CultureInfo.InvariantCulture));
            case IDictionary entries:
                return Entries(entries, depth);
            case IEnumerable elements:
                var list = new List<HoconValue>();
                foreach (var element in elements) list.Add(Convert(element, depth + 1));
                return HoconValue.Of(list);
            default:
                return Properties(source, depth);
        }
    }

    private static HoconValue Entries(IDictionary entries, int depth)
    {
        var members = new HoconObject();
        foreach (DictionaryEntry entry in entries) members.Items[entry.Key.ToString()!] = Convert(entry.Value, depth + 1);
        return HoconValue.Of(members);
    }

    private static HoconValue Properties(object source, int depth)
    {
        var members = new HoconObject();
        foreach (var property in source.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetIndexParameters().Length == 0) members.Items[property.Name] = Convert(property.GetValue(source), depth + 1);
        }

        return HoconValue.Of(members);
    }
}

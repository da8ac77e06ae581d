using System.Collections.Concurrent;

namespace Akka.Event;

/// <summary>Loggers of the engine's own packages by the names that configurations give them: to look a type up by its name costs a start some milliseconds.</summary>
internal static class KnownLoggers
{
    private static readonly ConcurrentDictionary<string, Type> Types = new();

    /// <summary>Makes a logger known.</summary>
    public static void Add(string name, Type type) => Types[name] = type;

    /// <summary>The logger of that name; null where it is not known here.</summary>
    public static Type? Find(string name) => Types.GetValueOrDefault(name);
}

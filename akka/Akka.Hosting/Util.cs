using Akka.Configuration;

namespace Akka.Hosting;

/// <summary>Helpers for configurations.</summary>
public static class Util
{
    /// <summary>The configuration below <paramref name="path"/>.</summary>
    public static Config MoveTo(this Config config, string path)
    {
        var elements = path.Split('.');
        var moved = config;
        for (var i = elements.Length - 1; i >= 0; i--) moved = moved.Root.AtKey(elements[i]);
        return moved;
    }
}

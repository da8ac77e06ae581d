using System.Reflection;
using AkkaStream.Actors.Configuration;

namespace AkkaStream.Host.Start;

/// <summary>The four lines that a broker prints when it is ready.</summary>
internal static class Banner
{
    internal static string Version { get; } = typeof(Banner).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>The text, four lines without a last line end.</summary>
    /// <param name="config">The broker's.</param>
    /// <param name="bound">Where it listens, in the order of its listeners.</param>
    /// <param name="actors">What clients that are actors are given as its address; null where they cannot reach it.</param>
    internal static string Text(BrokerConfig config, IReadOnlyList<System.Net.IPEndPoint> bound, string? actors = null)
    {
        var first = bound.Count > 0 ? bound[0].Port : 0;
        var listeners = new string[bound.Count];
        for (var i = 0; i < listeners.Length; i++) listeners[i] = (config.Listeners[i] with { Port = bound[i].Port }).ToString();
        var folders = new string[config.LogDirs.Count];
        for (var i = 0; i < folders.Length; i++) folders[i] = Path.GetFullPath(config.LogDirs[i]);
        return $"""
            AkkaStream {Version}, broker {config.NodeId}
              listening  {string.Join(", ", listeners)}{(actors is null ? "" : $"; for actors {actors}")}
              data       {string.Join(", ", folders)}
              try it     echo hello | kcat -P -b localhost:{first} -t first && kcat -C -b localhost:{first} -t first -e
            """;
    }
}

namespace Akka.Configuration;

/// <summary>Helpers for configurations that may be absent.</summary>
public static class ConfigExtensions
{
    /// <summary>Whether <paramref name="config"/> is null or holds no key.</summary>
    public static bool IsNullOrEmpty(this Config? config) => config is null || config.IsEmpty;

    /// <summary><paramref name="config"/> over <paramref name="fallback"/>, where either may be null or the same as the other.</summary>
    public static Config SafeWithFallback(this Config? config, Config? fallback)
    {
        if (config.IsNullOrEmpty()) return fallback ?? Config.Empty;
        return fallback.IsNullOrEmpty() || ReferenceEquals(config, fallback) ? config! : config!.WithFallback(fallback!);
    }
}

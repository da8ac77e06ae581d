namespace AkkaStream.Actors.Configuration;

/// <summary>A configuration that cannot be used. The message is a sentence for people that names the key and what was expected.</summary>
/// <param name="key">The key, or null where the fault lies with no single one.</param>
/// <param name="message">The sentence.</param>
public sealed class ConfigException(string? key, string message) : Exception(message)
{
    /// <summary>The key that is at fault; null where no single one is.</summary>
    public string? Key { get; } = key;
}

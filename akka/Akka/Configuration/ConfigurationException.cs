namespace Akka.Configuration;

/// <summary>A configuration that cannot be read, or lacks what its reader needs. The message names the place or the path.</summary>
public class ConfigurationException : Akka.Actor.AkkaException
{
    /// <summary>An error with a sentence.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a sentence and what caused it.</summary>
    public ConfigurationException(string message, Exception? exception)
        : base(message, exception)
    {
    }

    /// <summary>The section <paramref name="path"/> that a <typeparamref name="T"/> needs is missing or empty.</summary>
    public static ConfigurationException NullOrEmptyConfig<T>(string? path = null)
        => new($"{typeof(T).Name} needs the configuration {(path is null ? "that it was given" : $"section '{path}'")}, which is missing or empty");
}

namespace Akka.Hosting;

/// <summary>A registry could not do what was asked.</summary>
public class ActorRegistryException : Exception
{
    /// <summary>An error with a sentence.</summary>
    public ActorRegistryException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a sentence and what caused it.</summary>
    public ActorRegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A key is taken already.</summary>
public sealed class DuplicateActorRegistryException : ActorRegistryException
{
    /// <summary>An error with a sentence.</summary>
    public DuplicateActorRegistryException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a sentence and what caused it.</summary>
    public DuplicateActorRegistryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>No actor is registered for a key.</summary>
public sealed class MissingActorRegistryEntryException : ActorRegistryException
{
    /// <summary>An error with a sentence.</summary>
    public MissingActorRegistryEntryException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a sentence and what caused it.</summary>
    public MissingActorRegistryEntryException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

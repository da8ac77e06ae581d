namespace Akka.Actor;

/// <summary>Something that a system has once.</summary>
public interface IExtension;

/// <summary>Makes and finds an extension.</summary>
public interface IExtensionId
{
    /// <summary>The extension's class.</summary>
    Type ExtensionType { get; }

    /// <summary>The system's extension, made where it is not there yet.</summary>
    object Apply(ActorSystem system);

    /// <summary>The system's extension, made where it is not there yet.</summary>
    object Get(ActorSystem system);

    /// <summary>Makes it; only the system calls this, once.</summary>
    object CreateExtension(ExtendedActorSystem system);
}

/// <summary>Makes and finds an extension.</summary>
public interface IExtensionId<out T> : IExtensionId
    where T : IExtension
{
    /// <summary>The system's extension, made where it is not there yet.</summary>
    new T Apply(ActorSystem system);

    /// <summary>The system's extension, made where it is not there yet.</summary>
    new T Get(ActorSystem system);

    /// <summary>Makes it; only the system calls this, once.</summary>
    new T CreateExtension(ExtendedActorSystem system);
}

/// <summary>Makes and finds an extension of a class.</summary>
public abstract class ExtensionIdProvider<T> : IExtensionId<T>
    where T : IExtension
{
    /// <inheritdoc/>
    public Type ExtensionType => typeof(T);

    /// <inheritdoc/>
    public T Apply(ActorSystem system) => (T)system.RegisterExtension(this);

    /// <inheritdoc/>
    public T Get(ActorSystem system) => (T)system.GetExtension(this);

    /// <inheritdoc/>
    public abstract T CreateExtension(ExtendedActorSystem system);

    /// <inheritdoc/>
    object IExtensionId.Apply(ActorSystem system) => Apply(system);

    /// <inheritdoc/>
    object IExtensionId.Get(ActorSystem system) => Get(system);

    /// <inheritdoc/>
    object IExtensionId.CreateExtension(ExtendedActorSystem system) => CreateExtension(system);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj?.GetType() == GetType();

    /// <inheritdoc/>
    public override int GetHashCode() => GetType().GetHashCode();
}

/// <summary>Short forms.</summary>
public static class ActorSystemWithExtensions
{
    /// <summary>The system's extension, made where it is not there yet.</summary>
    public static T WithExtension<T>(this ActorSystem system, Type extensionId)
        where T : class, IExtension
        => system.GetExtension<T>() ?? (T)system.RegisterExtension((IExtensionId)Activator.CreateInstance(extensionId)!);

    /// <summary>The system's extension, made where it is not there yet.</summary>
    public static T WithExtension<T, TI>(this ActorSystem system)
        where T : class, IExtension
        where TI : IExtensionId, new()
        => system.GetExtension<T>() ?? (T)system.RegisterExtension(new TI());
}

using Akka.Actor;

namespace Akka.Hosting;

/// <summary>An actor of the registry as a constructor's argument.</summary>
public interface IRequiredActor<TActor>
{
    /// <summary>The actor. Throws <see cref="MissingActorRegistryEntryException"/> where none is registered yet.</summary>
    IActorRef ActorRef { get; }

    /// <summary>The actor, once it is registered.</summary>
    Task<IActorRef> GetAsync(CancellationToken cancellationToken = default);
}

/// <summary>Looks the actor up at its first use.</summary>
public sealed class RequiredActor<TActor>(IReadOnlyActorRegistry registry) : IRequiredActor<TActor>
{
    private IActorRef? _actor;

    /// <inheritdoc/>
    public IActorRef ActorRef => _actor ??= registry.Get<TActor>();

    /// <inheritdoc/>
    public async Task<IActorRef> GetAsync(CancellationToken cancellationToken = default)
        => _actor ??= await registry.GetAsync<TActor>(cancellationToken).ConfigureAwait(false);
}

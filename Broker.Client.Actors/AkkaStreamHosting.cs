using Akka.Actor;
using Akka.Hosting;
using AkkaStream.Client.Producer;

namespace AkkaStream.Client.Actors;

/// <summary>Producers and consumers as actors of a host's actor system.</summary>
public static class AkkaStreamHosting
{
    /// <summary>Starts a <see cref="ProducerActor{TKey, TValue}"/>, and registers it as <typeparamref name="TActor"/>.</summary>
    /// <typeparam name="TActor">Its key in the actor registry.</typeparam>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The actor system's builder.</param>
    /// <param name="name">The actor's name.</param>
    /// <param name="make">Makes the producer, anew after each restart of the actor, which closes it.</param>
    public static AkkaConfigurationBuilder WithAkkaStreamProducer<TActor, TKey, TValue>(this AkkaConfigurationBuilder builder, string name, Func<Producer<TKey, TValue>> make)
        => builder.WithActors((system, registry) => registry.Register<TActor>(system.ActorOf(ProducerActor<TKey, TValue>.Props(make), name)));

    /// <summary>
    /// Starts a <see cref="ConsumerActor{TKey, TValue}"/> for a receiver, and registers it as <typeparamref name="TActor"/>. Where it fails it is started anew after a pause, and goes on behind what
    /// was committed.
    /// </summary>
    /// <typeparam name="TActor">Its key in the actor registry.</typeparam>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The actor system's builder.</param>
    /// <param name="name">The actor's name.</param>
    /// <param name="client">The client, which stays the caller's.</param>
    /// <param name="settings">How to read.</param>
    /// <param name="receiver">Gives the receiver, an actor that is registered before.</param>
    public static AkkaConfigurationBuilder WithAkkaStreamConsumer<TActor, TKey, TValue>(this AkkaConfigurationBuilder builder, string name, AkkaStreamClient client, ConsumerActorSettings<TKey, TValue> settings, Func<IReadOnlyActorRegistry, IActorRef> receiver)
        => builder.WithActors((system, registry) => registry.Register<TActor>(system.ActorOf(ConsumerActor<TKey, TValue>.Props(client, settings, receiver(registry)), name)));
}

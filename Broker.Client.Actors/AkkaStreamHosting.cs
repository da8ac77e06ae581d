using Akka;
using Akka.Actor;
using Akka.Hosting;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Configuration;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Serialization;
using AkkaStream.Client.Transport;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaStream.Client.Actors;

/// <summary>Producers and consumers as actors of a host's actor system, and that system as the way to brokers.</summary>
public static class AkkaStreamHosting
{
    private static readonly TimeSpan FlushWithin = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Lets the clients of <c>AddAkkaStream</c> have <c>bootstrap.servers</c> of the form <c>akka.tcp://system@host:port</c>: they reach brokers by the application's actor system, which has to have
    /// remoting (<c>akka.actor.provider = remote</c>, or <c>WithRemoting</c>) and is no member of the brokers' cluster. Call <c>AddAkka</c> before <c>AddAkkaStream</c>, so that handlers stop before the
    /// actor system does; what producers have is sent before that in any case.
    /// </summary>
    /// <param name="services">The application's services; <c>AddAkka</c> adds the actor system.</param>
    public static IServiceCollection AddAkkaStreamActors(this IServiceCollection services)
        => services.AddSingleton<IActorTransportFactory>(static provider => new ActorTransports(provider.GetRequiredService<ActorSystem>()));

    /// <summary>A client that an actor system has; the caller disposes it, best before the system ends.</summary>
    /// <param name="system">The client's actor system.</param>
    /// <param name="bootstrapServers">Some of the brokers: <c>akka.tcp://system@host:port</c> for every one of them, over Akka.Remote, or <c>host:port</c> for every one, by Kafka's protocol.</param>
    /// <param name="options">How requests are repeated; the defaults where left out.</param>
    /// <exception cref="FormatException">The text is no list of addresses, or a mixed one; the message says what was expected.</exception>
    /// <exception cref="ArgumentException">The addresses are actors' ones, and the system has no remoting.</exception>
    public static AkkaStreamClient ConnectAkkaStream(this ActorSystem system, string bootstrapServers, ClusterOptions? options = null)
        => ActorAddresses.AreActors(bootstrapServers) ? new AkkaStreamClient(new ActorTransport(system, bootstrapServers), options) : AkkaStreamClient.Connect(bootstrapServers, options: options);

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
    /// Starts a <see cref="ProducerActor{TKey, TValue}"/> with a client of its own, and registers it as <typeparamref name="TActor"/>. What it has taken is sent before the actor system ends.
    /// </summary>
    /// <typeparam name="TActor">Its key in the actor registry.</typeparam>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The actor system's builder.</param>
    /// <param name="name">The actor's name.</param>
    /// <param name="bootstrapServers">See <see cref="ConnectAkkaStream"/>; faults are thrown when the actor system starts.</param>
    /// <param name="options">How to send; Kafka's defaults where left out.</param>
    /// <param name="keys">Writes keys; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <param name="values">Writes values; one of <see cref="Serdes"/> by the type where left out.</param>
    public static AkkaConfigurationBuilder WithAkkaStreamProducer<TActor, TKey, TValue>(this AkkaConfigurationBuilder builder, string name, string bootstrapServers, ProducerOptions? options = null, ISerializer<TKey>? keys = null, ISerializer<TValue>? values = null)
        => builder.WithActors((system, registry) =>
        {
            var client = OwnClient(system, bootstrapServers);
            var producer = system.ActorOf(ProducerActor<TKey, TValue>.Props(() => client.CreateProducer(options, keys, values)), name);
            registry.Register<TActor>(producer);
            BeforeEnd(system, $"akkastream-{name}", () => producer.Ask<object>(ProducerMessages.Flush.Instance, FlushWithin));
        });

    /// <summary>As the other form, with a client of its own.</summary>
    /// <typeparam name="TActor">Its key in the actor registry.</typeparam>
    /// <typeparam name="TKey">The type of keys.</typeparam>
    /// <typeparam name="TValue">The type of values.</typeparam>
    /// <param name="builder">The actor system's builder.</param>
    /// <param name="name">The actor's name.</param>
    /// <param name="bootstrapServers">See <see cref="ConnectAkkaStream"/>; faults are thrown when the actor system starts.</param>
    /// <param name="settings">How to read.</param>
    /// <param name="receiver">Gives the receiver, an actor that is registered before.</param>
    public static AkkaConfigurationBuilder WithAkkaStreamConsumer<TActor, TKey, TValue>(this AkkaConfigurationBuilder builder, string name, string bootstrapServers, ConsumerActorSettings<TKey, TValue> settings, Func<IReadOnlyActorRegistry, IActorRef> receiver)
        => builder.WithActors((system, registry) => registry.Register<TActor>(system.ActorOf(ConsumerActor<TKey, TValue>.Props(OwnClient(system, bootstrapServers), settings, receiver(registry)), name)));

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

    private static void BeforeEnd(ActorSystem system, string name, Func<Task> task)
        => CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceRequestsDone, name, async () =>
        {
            await task().ConfigureAwait(false);
            return Done.Instance;
        });

    private static AkkaStreamClient OwnClient(ActorSystem system, string bootstrapServers)
    {
        var client = system.ConnectAkkaStream(bootstrapServers);
        system.RegisterOnTermination(() => _ = client.DisposeAsync().AsTask());
        return client;
    }

    private sealed class ActorTransports(ActorSystem system) : IActorTransportFactory
    {
        private int made;

        public IBrokerTransport Create(ClientSettings settings, Func<Task> beforeEnd)
        {
            var transport = new ActorTransport(system, (settings.BrokerSystem!, settings.BootstrapServers), new ActorTransportOptions
            {
                ClientId = settings.Wire.ClientId,
                ConnectTimeout = settings.Wire.ConnectTimeout,
                LargestAnswer = settings.Wire.LargestAnswer,
                Time = settings.Cluster.Time,
            });
            BeforeEnd(system, $"akkastream-client-{Interlocked.Increment(ref made)}", beforeEnd);
            return transport;
        }
    }
}

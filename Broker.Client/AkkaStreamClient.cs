using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Serialization;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client;

/// <summary>
/// An application's way to one cluster, AkkaStream's or Kafka's: makes producers, consumers and an admin client that share their connections and what is known of
/// topics. One for each cluster is enough; it is safe from any thread, and connects when it is first needed.
/// </summary>
public sealed class AkkaStreamClient : IAsyncDisposable
{
    /// <summary>A client over a transport, such as that of an embedded broker; it owns the transport from now on.</summary>
    /// <param name="transport">How brokers are reached.</param>
    /// <param name="options">How requests are repeated; the defaults where left out.</param>
    public AkkaStreamClient(IBrokerTransport transport, ClusterOptions? options = null)
    {
        Cluster = new ClusterClient(transport, options);
        Admin = new AdminClient(Cluster);
    }

    /// <summary>What is known of the cluster, and its connections.</summary>
    public ClusterClient Cluster { get; }

    /// <summary>Topics, configurations, groups and the like.</summary>
    public AdminClient Admin { get; }

    /// <summary>A client that reaches brokers by Kafka's protocol over TCP. Nothing is connected yet.</summary>
    /// <param name="bootstrapServers">Some of the brokers, <c>host:port</c> separated by commas (bootstrap.servers).</param>
    /// <param name="wire">How to connect; the defaults where left out.</param>
    /// <param name="options">How requests are repeated; the defaults where left out.</param>
    /// <exception cref="FormatException">The text is no list of addresses; the message says what was expected.</exception>
    public static AkkaStreamClient Connect(string bootstrapServers, WireOptions? wire = null, ClusterOptions? options = null)
        => new(new WireTransport(BrokerAddress.ParseList(bootstrapServers), wire), options);

    /// <summary>A producer, which the caller disposes before this client.</summary>
    /// <param name="options">How to send; Kafka's defaults where left out.</param>
    /// <param name="keys">Writes keys; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <param name="values">Writes values; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <exception cref="ArgumentException">The options contradict each other, or a type has no serialiser of its own.</exception>
    public Producer<TKey, TValue> CreateProducer<TKey, TValue>(ProducerOptions? options = null, ISerializer<TKey>? keys = null, ISerializer<TValue>? values = null)
        => new(Cluster, options, keys, values);

    /// <summary>A consumer, which the caller disposes before this client.</summary>
    /// <param name="options">How to read; Kafka's defaults where left out.</param>
    /// <param name="keys">Reads keys; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <param name="values">Reads values; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <exception cref="ArgumentException">A type has no deserialiser of its own, or an option is out of its bounds.</exception>
    public Consumer<TKey, TValue> CreateConsumer<TKey, TValue>(ConsumerOptions? options = null, IDeserializer<TKey>? keys = null, IDeserializer<TValue>? values = null)
        => new(Cluster, options, keys, values);

    /// <summary>Closes every connection.</summary>
    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}

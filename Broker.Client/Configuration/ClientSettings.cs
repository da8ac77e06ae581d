using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Configuration;

/// <summary>Everything that configures a client, as read from keys and values by Kafka's names.</summary>
public sealed record ClientSettings
{
    /// <summary>Nothing is set: the defaults.</summary>
    public static ClientSettings Default { get; } = new();

    /// <summary>bootstrap.servers; empty where it is not set.</summary>
    public IReadOnlyList<BrokerAddress> BootstrapServers { get; init; } = [];

    /// <summary>Name of the brokers' actor systems where bootstrap.servers are addresses of actors (<c>akka.tcp://system@host:port</c>); null where brokers are reached by Kafka's protocol.</summary>
    public string? BrokerSystem { get; init; }

    /// <summary>How to connect.</summary>
    public WireOptions Wire { get; init; } = new();

    /// <summary>How requests are repeated.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>How a producer sends.</summary>
    public ProducerOptions Producer { get; init; } = new();

    /// <summary>How a consumer reads.</summary>
    public ConsumerOptions Consumer { get; init; } = new();

    /// <summary>Reads keys of all kinds.</summary>
    /// <param name="settings">Keys by Kafka's names, such as <c>linger.ms</c>, and their values.</param>
    /// <exception cref="ClientConfigException">A key is not known, or a value is not possible; the message has a sentence for each.</exception>
    public static ClientSettings Read(IEnumerable<KeyValuePair<string, string?>> settings) => Default.With(ClientKeyScope.All, settings);

    /// <summary>These settings, with some set otherwise.</summary>
    /// <param name="scope">Whose keys are possible.</param>
    /// <param name="settings">Keys and values; a null value is left out.</param>
    /// <param name="path">What stands before the keys in messages; empty for nothing.</param>
    /// <exception cref="ClientConfigException">A key is not known, or a value is not possible; the message has a sentence for each.</exception>
    public ClientSettings With(ClientKeyScope scope, IEnumerable<KeyValuePair<string, string?>> settings, string path = "")
    {
        var read = this;
        var faults = new List<string>();
        // A codec's level comes after the codec.
        foreach (var (name, value) in settings.OrderBy(s => s.Key.EndsWith(".level", StringComparison.OrdinalIgnoreCase)))
        {
            if (value is null) continue;
            try
            {
                read = ClientKey.Find(name, scope).Apply(read, value.Trim());
            }
            catch (FormatException fault)
            {
                faults.Add(path + fault.Message);
            }
        }

        return faults.Count == 0 ? read : throw new ClientConfigException(faults);
    }

    /// <summary>What these settings cannot be together; empty where they can.</summary>
    public IReadOnlyList<string> Contradictions()
    {
        var faults = new List<string>();
        if (Producer is { Idempotence: true, Acks: not Acks.All }) faults.Add("enable.idempotence=true needs acks=all");
        if (Producer is { TransactionalId: not null, Idempotence: false }) faults.Add("transactional.id needs enable.idempotence=true");
        if (Producer.Batching.DeliveryTimeoutMs < Producer.Batching.LingerMs + Producer.RequestTimeout.TotalMilliseconds) faults.Add($"delivery.timeout.ms={Producer.Batching.DeliveryTimeoutMs} is less than linger.ms + request.timeout.ms: a batch would have no time to be answered");
        if (Consumer.GroupProtocol == Client.Consumer.Groups.GroupProtocol.Classic && Consumer.HeartbeatInterval >= Consumer.SessionTimeout) faults.Add("heartbeat.interval.ms has to be less than session.timeout.ms");
        if (Consumer is { GroupRemoteAssignor: not null, GroupProtocol: Client.Consumer.Groups.GroupProtocol.Classic }) faults.Add("group.remote.assignor needs group.protocol=consumer");
        if (BrokerSystem is not null && Wire.Tls is not null) faults.Add("security.protocol=SSL has no meaning for akka.tcp addresses: TLS is set in the actor system's configuration (akka.remote.dot-netty.tcp.enable-ssl)");
        return faults;
    }
}

/// <summary>A configuration cannot be used.</summary>
public sealed class ClientConfigException : Exception
{
    /// <summary>An error with a sentence for each fault.</summary>
    public ClientConfigException(IReadOnlyList<string> faults) : base(string.Join(Environment.NewLine, faults)) => Faults = faults;

    /// <summary>The sentences.</summary>
    public IReadOnlyList<string> Faults { get; }
}

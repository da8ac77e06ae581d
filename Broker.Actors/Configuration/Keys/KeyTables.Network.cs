namespace AkkaStream.Actors.Configuration.Keys;

internal static partial class KeyTables
{
    /// <summary>Broker keys: listeners, connections, memory and metrics.</summary>
    internal static ReadOnlySpan<byte> Network =>
        """
        advertised.listeners | list | - | filled nullable list | HR+ | Addresses that clients are told to connect to, one for each listener; without it the listeners themselves.
        background.threads | int | 10 | 1.. | HC | Threads for background work in Kafka; here the dispatcher's threads do it.
        client.quota.callback.class | class | - |  | LR | Class that computes client quotas; Java classes cannot be loaded here.
        cluster.id | string | - |  | LR+ | Id of the cluster, 22 characters, that a broker with empty folders joins; without it several brokers make one from controller.quorum.voters, and one alone a random one.
        cluster.listener | string | - |  | HR+ | Address, as host:port, at which other brokers and clients that are actors reach this one; without it the broker's own entry in controller.quorum.voters, and for a broker that is alone none.
        config.providers | list | '' | list | LC | Names of providers that fill in placeholders of configuration values.
        connections.max.idle.ms | long | 600000 |  | MR+ | A connection without traffic for so many ms is closed.
        delete.records.purgatory.purge.interval.requests | int | 1 |  | MR | Finished waiting DeleteRecords that are kept before a sweep in Kafka; nothing is kept here.
        early.start.listeners | list | - | nullable list | HR | Listeners that open before the authorizer has read its rules.
        fetch.max.bytes | int | 57671680 | 1024.. | MR+ | Most bytes that one fetch answer carries, a first batch larger than that excepted.
        fetch.purgatory.purge.interval.requests | int | 1000 |  | MR | Finished waiting fetches that are kept before a sweep in Kafka; nothing is kept here.
        kafka.metrics.polling.interval.secs | int | 10 | 1.. | LR | How often, in seconds, Kafka's own metric reporters are asked.
        kafka.metrics.reporters | list | '' | list | LR | Classes that report metrics; Java classes cannot be loaded here.
        listener.security.protocol.map | string | SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT |  | LB+ | Which security protocol each listener name speaks.
        listeners | list | PLAINTEXT://:9092 | filled list | HB+ | Addresses that the broker listens on, as NAME://host:port; an empty host means all interfaces.
        log.level | string | warning | anycase trace, debug, information, warning, error, critical, none | LR+ | Least important log lines that are written to stderr.
        max.connection.creation.rate | int | 2147483647 | 0.. | MC | Most new connections a second.
        max.connections | int | 2147483647 | 0.. | MC+ | Most connections of the broker.
        max.connections.per.ip | int | 2147483647 | 0.. | MC+ | Most connections from one address.
        max.connections.per.ip.overrides | string | '' |  | MC+ | Exceptions to max.connections.per.ip, as host:count separated by commas.
        max.incremental.fetch.session.cache.slots | int | 1000 | 0.. | MR+ | Most fetch sessions that the broker keeps.
        max.request.partition.size.limit | int | 2000 | 1.. | MR+ | Most partitions in one answer to DescribeTopicPartitions.
        metric.reporters | list | org.apache.kafka.common.metrics.JmxReporter | list | LC | Classes that report metrics; Java classes cannot be loaded here.
        metrics.num.samples | int | 2 | 1.. | LR | Number of samples kept for a metric.
        metrics.recording.level | string | INFO |  | LR | How much detail metrics record: INFO, DEBUG or TRACE.
        metrics.sample.window.ms | long | 30000 | 1.. | LR | Length, in ms, of a metric's sample.
        num.io.threads | int | 8 | 1.. | HC | Request threads in Kafka; here the dispatcher's threads do it.
        num.network.threads | int | 3 | 1.. | HC | Network threads in Kafka; here the runtime's thread pool does it.
        petabridge.cmd.enable | boolean | true |  | LR+ | Whether pbm can look into the broker.
        petabridge.cmd.host | string | 127.0.0.1 |  | LR+ | Where the broker listens for pbm; whoever reaches it may run every command.
        petabridge.cmd.port | int | 9110 | 0..65535 | LR+ | At which port; 0 is any free one. A taken one is told in the log, and the broker goes on without.
        producer.purgatory.purge.interval.requests | int | 1000 |  | MR | Finished waiting produces that are kept before a sweep in Kafka; nothing is kept here.
        queued.max.request.bytes | long | -1 |  | MR+ | Memory, in bytes, for requests that are being read or handled; -1 means request.memory.max.bytes.
        queued.max.requests | int | 500 | 1.. | HR | Requests that may wait for a thread in Kafka; here memory is what limits them.
        quota.window.num | int | 11 | 1.. | LR | Number of samples kept for client quotas.
        quota.window.size.seconds | int | 1 | 1.. | LR | Length of each sample, in seconds, of client quotas.
        request.memory.max.bytes | long | 33554432 | 1048576.. | HR+ | Memory, in bytes, for requests that are being read or handled, where queued.max.request.bytes is not set; a single larger request is let in alone.
        request.timeout.ms | int | 30000 |  | HR | How long, in ms, a request to another broker waits for its answer.
        shutdown.timeout.ms | long | 900 | 0..60000 | MR+ | Time, in ms, that a stopping broker gives the requests in flight.
        socket.connection.setup.timeout.max.ms | long | 30000 |  | MR | Longest time, in ms, that a connection to another broker may take to open.
        socket.connection.setup.timeout.ms | long | 10000 |  | MR | Time, in ms, that a first connection to another broker may take to open.
        socket.listen.backlog.size | int | 50 | 1.. | MR+ | Connections that may wait to be accepted.
        socket.receive.buffer.bytes | int | 102400 |  | HR+ | Receive buffer, in bytes, of a client's socket; -1 leaves it to the system.
        socket.request.max.bytes | int | 104857600 | 1.. | HR+ | Largest request, in bytes; a longer one closes the connection.
        socket.send.buffer.bytes | int | 102400 |  | HR+ | Send buffer, in bytes, of a client's socket; -1 leaves it to the system.
        telemetry.max.bytes | int | 1048576 | 1.. | LR | Largest push of client metrics, in bytes.
        """u8;
}

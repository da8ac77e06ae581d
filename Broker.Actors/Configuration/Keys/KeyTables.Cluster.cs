namespace AkkaStream.Actors.Configuration.Keys;

internal static partial class KeyTables
{
    /// <summary>Broker keys: controllers, their metadata log, brokers and replication.</summary>
    internal static ReadOnlySpan<byte> Cluster =>
        """
        alter.log.dirs.replication.quota.window.num | int | 11 | 1.. | LR | Number of samples kept for the quota of moves between log directories.
        alter.log.dirs.replication.quota.window.size.seconds | int | 1 | 1.. | LR | Length of each sample, in seconds, of the quota of moves between log directories.
        auto.leader.rebalance.enable | bool | true |  | HR+ | Whether preferred leaders get their partitions back by themselves.
        broker.heartbeat.interval.ms | int | 2000 |  | MR+ | How often, in ms, a broker tells the controller that it lives.
        broker.id | int | -1 |  | HR+ | Older name of node.id; -1 means not set.
        broker.rack | string | - |  | MR+ | Rack or zone of this broker, for the placement of replicas.
        broker.session.timeout.ms | int | 9000 |  | MR | Silence, in ms, after which the controller takes a broker for dead.
        controlled.shutdown.enable | bool | true |  | MR | Whether a broker hands over its leaderships before it stops.
        controller.listener.names | list | '' | list | HR+ | Listeners that serve the controllers' own traffic; they have none of their own here, and these are left closed.
        controller.performance.always.log.threshold.ms | long | 2000 | 0.. | MRi | Controller work that takes longer than this many ms is always logged.
        controller.performance.sample.period.ms | long | 60000 | 100.. | MRi | Period, in ms, over which the controller sums up its own timing.
        controller.quorum.append.linger.ms | int | 25 | 0.. | MR | How long, in ms, the controller collects changes before it writes them together.
        controller.quorum.auto.join.enable | bool | false |  | LR | Whether a new controller adds itself to the quorum.
        controller.quorum.bootstrap.servers | list | '' | servers | HR | Addresses at which the quorum of controllers can be found.
        controller.quorum.election.backoff.max.ms | int | 1000 | 0.. | HR | Longest pause, in ms, before the next election after one that nobody won.
        controller.quorum.election.timeout.ms | int | 1000 | 0.. | HR | Longest time, in ms, without votes from a majority before a new election starts.
        controller.quorum.fetch.max.bytes | int | 1048576 | 1.. | LR | Most bytes of the metadata log that one fetch between controllers brings.
        controller.quorum.fetch.snapshot.max.bytes | int | 1048576 | 1.. | LR | Most bytes of a metadata snapshot that one fetch between controllers brings.
        controller.quorum.fetch.timeout.ms | int | 2000 | 0.. | HR | Silence of the leading controller, in ms, after which another one stands for election.
        controller.quorum.request.timeout.ms | int | 2000 | 0.. | MR | How long, in ms, a request between controllers waits for its answer.
        controller.quorum.retry.backoff.ms | int | 20 | 0.. | LR | Pause, in ms, before a request between controllers is tried again.
        controller.quorum.voters | list | '' | voters | HR+ | The brokers that keep the controller's journal, each as id@host:port with the address at which the others reach it; naming others than this broker makes it one of a cluster.
        controller.quota.window.num | int | 11 | 1.. | LR | Number of samples kept for the quota of topic and partition changes.
        controller.quota.window.size.seconds | int | 1 | 1.. | LR | Length of each sample, in seconds, of the quota of topic and partition changes.
        controller.socket.timeout.ms | int | 30000 |  | MR | Socket timeout, in ms, between controller and brokers.
        follower.replication.throttled.rate | long | 9223372036854775807 | 0.. | MC+ | Most bytes a second that throttled followers of this broker fetch.
        initial.broker.registration.timeout.ms | int | 60000 |  | MR | How long, in ms, a starting broker tries to register before it gives up.
        inter.broker.listener.name | string | - |  | MR | Listener over which brokers talk to one another.
        internal.metadata.delete.delay.millis | long | 60000 |  | LRi | Delay, in ms, before files of the metadata log are removed.
        internal.metadata.log.segment.bytes | int | - |  | LRi | Size, in bytes, of a segment of the metadata log, for tests.
        internal.metadata.max.batch.size.in.bytes | int | 8388608 |  | LRi | Largest batch, in bytes, of the metadata log.
        leader.imbalance.check.interval.seconds | long | 300 | 1.. | HR+ | How often, in seconds, the controller looks for leaders that are not the preferred ones.
        leader.imbalance.per.broker.percentage | int | 10 | 0.. | HR+ | Share, in percent, of the partitions with a broker as preferred leader that others may lead before it gets them back.
        leader.replication.throttled.rate | long | 9223372036854775807 | 0.. | MC+ | Most bytes a second that throttled leaders of this broker send.
        metadata.log.dir | string | - |  | HR | Folder of the metadata log, where it shall not be the first of log.dirs.
        metadata.log.max.record.bytes.between.snapshots | long | 20971520 | 1.. | HR+ | Bytes of metadata records after which a snapshot is taken, where the last one is not larger.
        metadata.log.max.snapshot.interval.ms | long | 3600000 | 0.. | HR | Time, in ms, after which a snapshot of the metadata is taken; 0 means never.
        metadata.log.segment.bytes | int | 1073741824 | 8388608.. | HR | Largest size, in bytes, of a segment of the metadata log.
        metadata.log.segment.ms | long | 604800000 |  | HR | Time, in ms, after which a new segment of the metadata log is begun.
        metadata.max.idle.interval.ms | int | 500 | 0.. | LR | How often, in ms, an idle controller writes an empty record; 0 means never.
        metadata.max.retention.bytes | long | 104857600 |  | HR | Bytes of metadata log and snapshots that are kept.
        metadata.max.retention.ms | long | 604800000 |  | HR | Time, in ms, that metadata log and snapshots are kept.
        node.id | int | 1 | 0.. | HR+ | Number of this broker in its cluster.
        num.replica.alter.log.dirs.threads | int | - |  | HR | Threads that move replicas between folders in Kafka; here the dispatcher's threads do it.
        num.replica.fetchers | int | 1 | 1.. | HC | Fetcher threads to each other broker in Kafka; followers are actors here.
        process.roles | list | broker,controller | filled list of broker, controller | HR | Roles of this process; a broker of AkkaStream has both.
        replica.alter.log.dirs.io.max.bytes.per.second | long | 9223372036854775807 | 0.. | MC+ | Most bytes a second that moves between log directories take.
        replica.fetch.backoff.ms | int | 1000 | 0.. | MR | Pause, in ms, of a follower after a failed fetch.
        replica.fetch.max.bytes | int | 1048576 | 0.. | MR | Bytes of a partition that a follower asks for at a time.
        replica.fetch.min.bytes | int | 1 |  | HR | Bytes that a leader waits for before it answers a follower.
        replica.fetch.response.max.bytes | int | 10485760 | 0.. | MR | Most bytes of an answer to a follower.
        replica.fetch.wait.max.ms | int | 500 |  | HR | Longest time, in ms, that a leader lets a follower wait.
        replica.high.watermark.checkpoint.interval.ms | long | 5000 |  | HR | How often, in ms, the high watermarks are written.
        replica.lag.time.max.ms | long | 30000 |  | HR+ | Time, in ms, after which a follower that has not caught up leaves the in-sync set.
        replica.selector.class | string | - |  | MR+ | Class that chooses the replica a consumer reads from.
        replica.socket.receive.buffer.bytes | int | 65536 |  | HR | Receive buffer, in bytes, of the sockets between brokers.
        replica.socket.timeout.ms | int | 30000 |  | HR | Socket timeout, in ms, between brokers.
        replication.quota.window.num | int | 11 | 1.. | LR | Number of samples kept for the replication quota.
        replication.quota.window.size.seconds | int | 1 | 1.. | LR | Length of each sample, in seconds, of the replication quota.
        server.max.startup.time.ms | long | 9223372036854775807 | 0.. | MRi | Longest time, in ms, that a start may take.
        unclean.leader.election.enable | bool | false |  | HC+ | Whether a replica that is not in sync may lead when no other is left, at the price of lost records.
        unclean.leader.election.interval.ms | long | 300000 | 1.. | MRi+ | How often, in ms, the controller looks for partitions that need such a leader.
        unstable.api.versions.enable | bool | false |  | HRi | Whether APIs that are not final are offered.
        unstable.feature.versions.enable | bool | false |  | HRi | Whether features that are not final are offered.
        """u8;
}

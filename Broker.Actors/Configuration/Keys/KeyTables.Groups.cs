namespace AkkaStream.Actors.Configuration.Keys;

internal static partial class KeyTables
{
    /// <summary>Broker keys: groups, their offsets, transactions and share groups.</summary>
    internal static ReadOnlySpan<byte> Groups =>
        """
        add.partitions.to.txn.retry.backoff.max.ms | int | 100 | 0.. | HR | Longest pause, in ms, before a producer's partition is offered to its transaction again.
        add.partitions.to.txn.retry.backoff.ms | int | 20 | 1.. | HR | First pause, in ms, before a producer's partition is offered to its transaction again.
        group.consumer.assignment.interval.ms | int | 1000 | 0.. | MC+ | Least time, in ms, between two assignments of a consumer group.
        group.consumer.assignors | list | uniform,range | filled list | MR+ | Assignors for consumer groups that the broker offers; the first one is the default.
        group.consumer.heartbeat.interval.ms | int | 5000 | 1.. | MR+ | Heartbeat interval, in ms, that members of consumer groups are given.
        group.consumer.max.assignment.interval.ms | int | 15000 | 0.. | MR | Greatest value, in ms, that a group may set for its assignment interval.
        group.consumer.max.heartbeat.interval.ms | int | 15000 | 1.. | MR+ | Greatest value, in ms, that a group may set for its heartbeat interval.
        group.consumer.max.session.timeout.ms | int | 60000 | 1.. | MR+ | Greatest value, in ms, that a group may set for its session timeout.
        group.consumer.max.size | int | 2147483647 | 1.. | MR+ | Most members of a consumer group.
        group.consumer.migration.policy | string | bidirectional | anycase BIDIRECTIONAL, DISABLED, DOWNGRADE, UPGRADE | MR+ | Whether groups may move between the classic and the consumer protocol, and in which direction.
        group.consumer.min.assignment.interval.ms | int | 0 | 0.. | MR | Least value, in ms, that a group may set for its assignment interval.
        group.consumer.min.heartbeat.interval.ms | int | 5000 | 1.. | MR+ | Least value, in ms, that a group may set for its heartbeat interval.
        group.consumer.min.session.timeout.ms | int | 45000 | 1.. | MR+ | Least value, in ms, that a group may set for its session timeout.
        group.consumer.regex.refresh.interval.ms | int | 600000 | 10000.. | MRi | How often, in ms, a subscription by pattern is matched against the topics again.
        group.consumer.session.timeout.ms | int | 45000 | 1.. | MR+ | Silence, in ms, after which a member of a consumer group is taken for dead.
        group.coordinator.append.linger.ms | int | -1 | -1.. | MR | How long, in ms, a group coordinator collects writes; -1 means by itself as load demands.
        group.coordinator.background.threads | int | 2 | 1.. | HR | Threads for the coordinators' side work in Kafka; here the dispatcher's threads do it.
        group.coordinator.cached.buffer.max.bytes | int | 1048588 | 524288.. | MC | Largest write buffer, in bytes, that a group coordinator keeps for reuse.
        group.coordinator.rebalance.protocols | list | classic,consumer,streams | filled list of consumer, classic, share, streams | MRd+ | Group protocols that the broker speaks.
        group.coordinator.threads | int | 4 | 1.. | HR | Coordinator threads in Kafka; here the dispatcher's threads do it.
        group.rebalance.gather.ms | int | 50 | 0..1000 | MR+ | How long, in ms, a rebalance of a classic group that a new member came into waits for the next one; ten times as long at most. Where many start at once, one rebalance takes them all in.
        group.initial.rebalance.delay.ms | int | 3000 |  | MR+ | How long, in ms, an empty classic group waits for more members before its first assignment.
        group.max.session.timeout.ms | int | 1800000 |  | MR+ | Longest session timeout, in ms, that a member of a classic group may ask for.
        group.max.size | int | 2147483647 | 1.. | MR+ | Most members of a classic group.
        group.min.session.timeout.ms | int | 6000 |  | MR+ | Shortest session timeout, in ms, that a member of a classic group may ask for.
        group.share.assignment.interval.ms | int | 1000 | 0.. | MC | Least time, in ms, between two assignments of a share group.
        group.share.assignors | list | simple | filled list | MR | Assignors for share groups that the broker offers.
        group.share.delivery.count.limit | int | 5 | 2..10 | MR | How often a record is handed out in a share group before it is given up.
        group.share.heartbeat.interval.ms | int | 5000 | 1.. | MR | Heartbeat interval, in ms, that members of share groups are given.
        group.share.initialize.retry.interval.ms | int | 30000 | 1.. | LRi | Pause, in ms, before the state of a share partition is initialised again.
        group.share.max.assignment.interval.ms | int | 15000 | 0.. | MR | Greatest value, in ms, that a share group may set for its assignment interval.
        group.share.max.delivery.count.limit | int | 10 | 5..25 | MR | Greatest value that a share group may set for its delivery limit.
        group.share.max.heartbeat.interval.ms | int | 15000 | 1.. | MR | Greatest value, in ms, that a share group may set for its heartbeat interval.
        group.share.max.partition.max.record.locks | int | 4000 | 2000..10000 | MR | Greatest value that a share group may set for its record locks.
        group.share.max.record.lock.duration.ms | int | 60000 | 30000..3600000 | MR | Greatest value, in ms, that a share group may set for its lock duration.
        group.share.max.session.timeout.ms | int | 60000 | 1.. | MR | Greatest value, in ms, that a share group may set for its session timeout.
        group.share.max.share.sessions | int | 2000 | 1.. | MR | Most share sessions that the broker keeps.
        group.share.max.size | int | 200 | 1..1000 | MR | Most members of a share group.
        group.share.min.assignment.interval.ms | int | 0 | 0.. | MR | Least value, in ms, that a share group may set for its assignment interval.
        group.share.min.delivery.count.limit | int | 2 | 2..5 | MR | Least value that a share group may set for its delivery limit.
        group.share.min.heartbeat.interval.ms | int | 5000 | 1.. | MR | Least value, in ms, that a share group may set for its heartbeat interval.
        group.share.min.partition.max.record.locks | int | 100 | 100..2000 | MR | Least value that a share group may set for its record locks.
        group.share.min.record.lock.duration.ms | int | 15000 | 1000..30000 | MR | Least value, in ms, that a share group may set for its lock duration.
        group.share.min.session.timeout.ms | int | 45000 | 1.. | MR | Least value, in ms, that a share group may set for its session timeout.
        group.share.partition.max.record.locks | int | 2000 | 100..10000 | MR | Most records of a partition that a share group may have out at a time.
        group.share.persister.class.name | string | org.apache.kafka.server.share.persister.DefaultStatePersister |  | MRi | Class that keeps the state of share partitions; Java classes cannot be loaded here.
        group.share.record.lock.duration.ms | int | 30000 | 1000..3600000 | MR | How long, in ms, a record handed out in a share group stays locked.
        group.share.session.timeout.ms | int | 45000 | 1.. | MR | Silence, in ms, after which a member of a share group is taken for dead.
        group.streams.assignment.interval.ms | int | 1000 | 0.. | MC | Least time, in ms, between two assignments of a streams group.
        group.streams.heartbeat.interval.ms | int | 5000 | 1.. | MR | Heartbeat interval, in ms, that members of streams groups are given.
        group.streams.initial.rebalance.delay.ms | int | 3000 | 0.. | MR | How long, in ms, a new streams group waits for members before its first assignment.
        group.streams.max.assignment.interval.ms | int | 15000 | 0.. | MR | Greatest value, in ms, that a streams group may set for its assignment interval.
        group.streams.max.heartbeat.interval.ms | int | 15000 | 1.. | MR | Greatest value, in ms, that a streams group may set for its heartbeat interval.
        group.streams.max.session.timeout.ms | int | 60000 | 1.. | MR | Greatest value, in ms, that a streams group may set for its session timeout.
        group.streams.max.size | int | 2147483647 | 1.. | MR | Most members of a streams group.
        group.streams.max.standby.replicas | int | 2 | 0.. | MR | Greatest number of standby copies that a streams group may ask for.
        group.streams.min.assignment.interval.ms | int | 0 | 0.. | MR | Least value, in ms, that a streams group may set for its assignment interval.
        group.streams.min.heartbeat.interval.ms | int | 5000 | 1.. | MR | Least value, in ms, that a streams group may set for its heartbeat interval.
        group.streams.min.session.timeout.ms | int | 45000 | 1.. | MR | Least value, in ms, that a streams group may set for its session timeout.
        group.streams.num.standby.replicas | int | 0 | 0.. | MR | Standby copies of each stateful task of a streams group.
        group.streams.session.timeout.ms | int | 45000 | 1.. | MR | Silence, in ms, after which a member of a streams group is taken for dead.
        offset.metadata.max.bytes | int | 4096 |  | HR+ | Longest text, in bytes, that may be committed with an offset.
        offsets.commit.timeout.ms | int | 5000 | 1.. | HR | How long, in ms, an offset commit waits for its replicas.
        offsets.load.buffer.size | int | 5242880 | 1.. | HR+ | Bytes read at a time while group state is loaded.
        offsets.retention.check.interval.ms | long | 600000 | 1.. | HR+ | How often, in ms, the broker looks for offsets to expire.
        offsets.retention.minutes | int | 10080 | 1.. | HR+ | Minutes that offsets are kept after their group became empty.
        offsets.topic.compression.codec | int | 0 |  | HR | Codec number of the offsets topic: 0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.
        offsets.topic.num.partitions | int | 50 | 1.. | HR+ | Partitions of the offsets topic; must not change once it exists.
        offsets.topic.replication.factor | short | 3 | 1.. | HR+ | Replicas of the offsets topic.
        offsets.topic.segment.bytes | int | 104857600 | 1.. | HR+ | Size, in bytes, of a segment of the offsets topic.
        share.coordinator.append.linger.ms | int | -1 | -1.. | MR | How long, in ms, a share coordinator collects writes; -1 means by itself as load demands.
        share.coordinator.cached.buffer.max.bytes | int | 1048588 | 524288.. | MC | Largest write buffer, in bytes, that a share coordinator keeps for reuse.
        share.coordinator.cold.partition.snapshot.interval.ms | int | 300000 | 1.. | LRi | How often, in ms, share partitions without changes get a snapshot.
        share.coordinator.load.buffer.size | int | 5242880 | 1.. | HR | Bytes read at a time while share state is loaded.
        share.coordinator.snapshot.update.records.per.snapshot | int | 500 | 0..500 | MR | Changes of a share partition between two snapshots.
        share.coordinator.state.topic.compression.codec | int | 0 |  | HR | Codec number of the share state topic.
        share.coordinator.state.topic.min.isr | short | 2 | 1.. | HR | Replicas of the share state topic that must have a record.
        share.coordinator.state.topic.num.partitions | int | 50 | 1.. | HR | Partitions of the share state topic.
        share.coordinator.state.topic.prune.interval.ms | int | 300000 | 1.. | LRi | How often, in ms, old share state is deleted.
        share.coordinator.state.topic.replication.factor | short | 3 | 1.. | HR | Replicas of the share state topic.
        share.coordinator.state.topic.segment.bytes | int | 104857600 | 1.. | HR | Size, in bytes, of a segment of the share state topic.
        share.coordinator.threads | int | 1 | 1.. | MR | Share coordinator threads in Kafka; here the dispatcher's threads do it.
        share.coordinator.write.timeout.ms | int | 5000 | 1.. | HR | How long, in ms, a write of share state waits for its replicas.
        share.fetch.purgatory.purge.interval.requests | int | 1000 |  | MR | Finished waiting share fetches that are kept before a sweep in Kafka; nothing is kept here.
        transaction.abort.timed.out.transaction.cleanup.interval.ms | int | 10000 | 1.. | LR+ | How often, in ms, the broker looks for transactions that took too long.
        transaction.max.timeout.ms | int | 900000 | 1.. | HR+ | Longest transaction timeout, in ms, that a producer may ask for.
        transaction.partition.verification.enable | bool | true |  | LC+ | Whether a transactional write is checked against its coordinator.
        transaction.remove.expired.transaction.cleanup.interval.ms | int | 3600000 | 1.. | LR+ | How often, in ms, the broker looks for transactional ids to forget.
        transaction.state.log.load.buffer.size | int | 5242880 | 1.. | HR+ | Bytes read at a time while transaction state is loaded.
        transaction.state.log.min.isr | int | 2 | 1.. | HR+ | Replicas of the transaction topic that must have a record.
        transaction.state.log.num.partitions | int | 50 | 1.. | HR+ | Partitions of the transaction topic; must not change once it exists.
        transaction.state.log.replication.factor | short | 3 | 1.. | HR+ | Replicas of the transaction topic.
        transaction.state.log.segment.bytes | int | 104857600 | 1.. | HR+ | Size, in bytes, of a segment of the transaction topic.
        transaction.two.phase.commit.enable | bool | false |  | LR | Whether producers may prepare a transaction and commit it later.
        transactional.id.expiration.ms | int | 604800000 | 1.. | HR+ | Time, in ms, without use after which a transactional id is forgotten.
        """u8;
}

namespace AkkaStream.Actors.Configuration.Keys;

internal static partial class KeyTables
{
    /// <summary>Keys of group resources, with the broker keys that are their defaults.</summary>
    internal static ReadOnlySpan<byte> GroupResources =>
        """
        consumer.assignment.interval.ms | int | 1000 | 0.. | MC+ | group.consumer.assignment.interval.ms | Least time, in ms, between two assignments.
        consumer.heartbeat.interval.ms | int | 5000 | 1.. | MC+ | group.consumer.heartbeat.interval.ms | Heartbeat interval, in ms, of the members.
        consumer.session.timeout.ms | int | 45000 | 1.. | MC+ | group.consumer.session.timeout.ms | Silence, in ms, after which a member is taken for dead.
        share.assignment.interval.ms | int | 1000 | 0.. | MC | group.share.assignment.interval.ms | Least time, in ms, between two assignments.
        share.auto.offset.reset | string | latest | reset | MC |  | Where a share group begins: latest, earliest, or by_duration: and an ISO 8601 duration back from now.
        share.delivery.count.limit | int | 5 | 2.. | MC | group.share.delivery.count.limit | How often a record is handed out before it is given up.
        share.heartbeat.interval.ms | int | 5000 | 1.. | MC | group.share.heartbeat.interval.ms | Heartbeat interval, in ms, of the members.
        share.isolation.level | string | read_uncommitted | in read_committed, read_uncommitted | MC |  | Whether members see records of open and aborted transactions.
        share.partition.max.record.locks | int | 2000 | 100.. | MC | group.share.partition.max.record.locks | Most records of a partition that may be out at a time.
        share.record.lock.duration.ms | int | 30000 | 1000.. | MC | group.share.record.lock.duration.ms | How long, in ms, a record handed out stays locked.
        share.renew.acknowledge.enable | bool | true |  | MC |  | Whether members may renew their locks.
        share.session.timeout.ms | int | 45000 | 1.. | MC | group.share.session.timeout.ms | Silence, in ms, after which a member is taken for dead.
        streams.assignment.interval.ms | int | 1000 | 0.. | MC | group.streams.assignment.interval.ms | Least time, in ms, between two assignments.
        streams.heartbeat.interval.ms | int | 5000 | 1.. | MC | group.streams.heartbeat.interval.ms | Heartbeat interval, in ms, of the members.
        streams.initial.rebalance.delay.ms | int | 3000 | 0.. | MC | group.streams.initial.rebalance.delay.ms | How long, in ms, a new group waits for members before its first assignment.
        streams.num.standby.replicas | int | 0 | 0.. | MC | group.streams.num.standby.replicas | Standby copies of each stateful task.
        streams.session.timeout.ms | int | 45000 | 1.. | MC | group.streams.session.timeout.ms | Silence, in ms, after which a member is taken for dead.
        """u8;
}

namespace AkkaStream.Actors.Configuration.Keys;

internal static partial class KeyTables
{
    /// <summary>Topic keys; the column before the sentence names the broker keys that are their defaults, with the factor between the units.</summary>
    internal static ReadOnlySpan<byte> Topics =>
        """
        cleanup.policy | list | delete | list of compact, delete | MC+ | log.cleanup.policy | What happens to old segments: delete, compact, or both.
        compression.gzip.level | int | -1 | 1..9 or -1 | MC+ | compression.gzip.level | Level at which the broker itself compresses with gzip; -1 leaves the choice to the codec.
        compression.lz4.level | int | 9 | 1..17 | MC+ | compression.lz4.level | Level at which the broker itself compresses with lz4.
        compression.type | string | producer | in uncompressed, zstd, lz4, snappy, gzip, producer | MC+ | compression.type | Codec in which batches are stored: producer keeps what the producer chose, uncompressed and the codecs' names recompress.
        compression.zstd.level | int | 3 | -131072..22 | MC+ | compression.zstd.level | Level at which the broker itself compresses with zstd.
        delete.retention.ms | long | 86400000 | 0.. | MC+ | log.cleaner.delete.retention.ms | How long, in ms, a tombstone of a compacted topic stays readable.
        file.delete.delay.ms | long | 60000 | 0.. | MC+ | log.segment.delete.delay.ms | How long, in ms, the file of a deleted segment stays on disk.
        flush.messages | long | 9223372036854775807 | 1.. | MC+ | log.flush.interval.messages | Records after which a partition's log is forced to disk.
        flush.mode | string | interval | in interval, group | MC+ | log.flush.mode | When records are forced to disk: interval goes by flush.messages and flush.ms, group does it before each acknowledgement, once for all that wait.
        flush.ms | long | 9223372036854775807 | 0.. | MC+ | log.flush.interval.ms, log.flush.scheduler.interval.ms | Time, in ms, after which a partition's new records are forced to disk.
        follower.replication.throttled.replicas | list | '' | replicas | MC+ |  | Replicas whose followers are throttled, as partition:broker, or * for all.
        index.interval.bytes | int | 4096 | 0.. | MC+ | log.index.interval.bytes | Bytes of log between two index entries.
        internal.segment.bytes | int | - |  | MC+i |  | Largest size, in bytes, of a segment's file without the lower bound of segment.bytes, for tests.
        leader.replication.throttled.replicas | list | '' | replicas | MC+ |  | Replicas whose leaders are throttled, as partition:broker, or * for all.
        local.retention.bytes | long | -2 | -2.. | MC | log.local.retention.bytes | Bytes of a tiered partition that stay on the local disk; -2 means as retention.bytes.
        local.retention.ms | long | -2 | -2.. | MC | log.local.retention.ms | Time, in ms, that a tiered partition's records stay on the local disk; -2 means as retention.ms.
        max.compaction.lag.ms | long | 9223372036854775807 | 1.. | MC+ | log.cleaner.max.compaction.lag.ms | Longest time, in ms, that a record may stay uncompacted.
        max.message.bytes | int | 1048588 | 0.. | MC+ | message.max.bytes | Largest batch, in bytes, that a producer may send.
        message.timestamp.after.max.ms | long | 3600000 | 0.. | MC+ | log.message.timestamp.after.max.ms | How far, in ms, a record's timestamp may lie ahead of the broker's clock.
        message.timestamp.before.max.ms | long | 9223372036854775807 | 0.. | MC+ | log.message.timestamp.before.max.ms | How far, in ms, a record's timestamp may lie behind the broker's clock.
        message.timestamp.type | string | CreateTime | in CreateTime, LogAppendTime | MC+ | log.message.timestamp.type | Whether records keep the producer's timestamp or get the time of the append.
        min.cleanable.dirty.ratio | double | 0.5 | 0..1 | MC+ | log.cleaner.min.cleanable.ratio | Share of not yet compacted bytes, 0 to 1, from which a log is worth cleaning.
        min.compaction.lag.ms | long | 0 | 0.. | MC+ | log.cleaner.min.compaction.lag.ms | Least time, in ms, that a record stays uncompacted.
        min.insync.replicas | int | 1 | 1.. | MC+ | min.insync.replicas | Replicas that must have a record before acks=all is answered.
        preallocate | bool | false |  | MC | log.preallocate | Whether a new segment's file gets its whole size at once.
        remote.log.copy.disable | bool | false |  | MC |  | Whether copying to tiered storage is halted.
        remote.log.delete.on.disable | bool | false |  | MC |  | Whether tiered segments are deleted when tiered storage is switched off.
        remote.storage.enable | bool | false |  | MC |  | Whether the topic uses tiered storage.
        retention.bytes | long | -1 |  | MC+ | log.retention.bytes | Bytes of a partition that are kept; -1 means no limit.
        retention.ms | long | 604800000 | -1.. | MC+ | log.retention.ms, log.retention.minutes*60000, log.retention.hours*3600000 | Time, in ms, that records are kept; -1 means no limit.
        segment.bytes | int | 1073741824 | 1048576.. | MC+ | log.segment.bytes | Largest size, in bytes, of a segment's file.
        segment.index.bytes | int | 10485760 | 4.. | MC+ | log.index.size.max.bytes | Largest size, in bytes, of an index file.
        segment.jitter.ms | long | 0 | 0.. | MC | log.roll.jitter.ms, log.roll.jitter.hours*3600000 | Most ms by which the roll of a segment is brought forward at random.
        segment.ms | long | 604800000 | 1.. | MC+ | log.roll.ms, log.roll.hours*3600000 | Time, in ms, after which a new segment is begun.
        unclean.leader.election.enable | bool | false |  | MC+ | unclean.leader.election.enable | Whether a replica that is not in sync may lead when no other is left, at the price of lost records.
        """u8;
}

namespace AkkaStream.Actors.Configuration.Keys;

internal static partial class KeyTables
{
    /// <summary>Broker keys: logs, topics and what records may look like.</summary>
    internal static ReadOnlySpan<byte> Log =>
        """
        alter.config.policy.class.name | class | - |  | LR | Class that may veto config changes; Java classes cannot be loaded here.
        auto.create.topics.enable | bool | true |  | HR+ | Whether a producer's or consumer's question about an unknown topic creates it.
        compression.gzip.level | int | -1 | 1..9 or -1 | MC+ | Level at which the broker itself compresses with gzip; -1 leaves the choice to the codec.
        compression.lz4.level | int | 9 | 1..17 | MC+ | Level at which the broker itself compresses with lz4.
        compression.type | string | producer | in uncompressed, zstd, lz4, snappy, gzip, producer | HC+ | Codec in which batches are stored: producer keeps what the producer chose, uncompressed and the codecs' names recompress.
        compression.zstd.level | int | 3 | -131072..22 | MC+ | Level at which the broker itself compresses with zstd.
        cordoned.log.dirs | list | '' | nullable list | MB+ | Log directories that get no new partitions; * stands for all.
        create.topic.policy.class.name | class | - |  | LR | Class that may veto new topics; Java classes cannot be loaded here.
        default.replication.factor | int | 1 |  | MR+ | Replicas of a topic that is created without saying how many.
        delete.topic.enable | bool | true |  | HR+ | Whether topics can be deleted.
        log.cleaner.backoff.ms | long | 15000 | 0.. | MC+ | Pause, in ms, of the cleaner when no log needs it.
        log.cleaner.dedupe.buffer.size | long | 134217728 |  | MC+ | Memory, in bytes, for the cleaner's maps of keys: all that are cleaned at the same time share it.
        log.cleaner.delete.retention.ms | long | 86400000 | 0.. | MC+ | How long, in ms, a tombstone of a compacted topic stays readable.
        log.cleaner.enable | bool | true |  | MRd+ | Whether compacted logs are cleaned.
        log.cleaner.io.buffer.load.factor | double | 0.9 |  | MC+ | How full the cleaner's map of keys may become, 0 to 1.
        log.cleaner.io.buffer.size | int | 524288 | 0.. | MC+ | Memory, in bytes, for the cleaner's reading and writing.
        log.cleaner.io.max.bytes.per.second | double | 1.7976931348623157E308 |  | MC+ | Most bytes a second that the cleaner reads and writes.
        log.cleaner.max.compaction.lag.ms | long | 9223372036854775807 | 1.. | MC+ | Longest time, in ms, that a record of a compacted topic may stay uncompacted.
        log.cleaner.min.cleanable.ratio | double | 0.5 | 0..1 | MC+ | Share of not yet compacted bytes, 0 to 1, from which a log is worth cleaning.
        log.cleaner.min.compaction.lag.ms | long | 0 | 0.. | MC+ | Least time, in ms, that a record of a compacted topic stays uncompacted.
        log.cleaner.threads | int | 1 | 0.. | MC+ | Logs that are cleaned at the same time; 0 means none.
        log.cleanup.policy | list | delete | list of compact, delete | MC+ | What happens to old segments: delete, compact, or both.
        log.dir | list | ./data | filled list | HR+ | Folder of the logs, used where log.dirs is not set.
        log.dir.failure.timeout.ms | long | 30000 | 1.. | LR | How long, in ms, a broker with a failed folder tries to tell the controller before it stops.
        log.dirs | list | - | filled nullable list | HR+ | Folders of the logs, separated by commas.
        log.flush.interval.messages | long | 9223372036854775807 | 1.. | HC+ | Records of a partition after which its log is forced to disk.
        log.flush.interval.ms | long | - |  | HC+ | Time, in ms, after which a partition's new records are forced to disk.
        log.flush.mode | string | interval | in interval, group | HC+ | When records are forced to disk: interval goes by log.flush.interval.messages and log.flush.interval.ms, group does it before each acknowledgement, once for all that wait.
        log.flush.offset.checkpoint.interval.ms | int | 60000 | 0.. | HR | How often, in ms, the recovery points are written.
        log.flush.scheduler.interval.ms | long | 9223372036854775807 |  | HR | How often, in ms, Kafka looks for logs to flush; here it is the default of log.flush.interval.ms only.
        log.flush.start.offset.checkpoint.interval.ms | int | 60000 | 0.. | HR | How often, in ms, the log start offsets are written; here at each change.
        log.index.interval.bytes | int | 4096 | 0.. | MC+ | Bytes of log between two index entries.
        log.index.size.max.bytes | int | 10485760 | 4.. | MC+ | Largest size, in bytes, of an index file.
        log.initial.task.delay.ms | long | 30000 | 0.. | LRi | Delay, in ms, before the first round of log housekeeping.
        log.local.retention.bytes | long | -2 | -2.. | MC | Bytes of a tiered partition that stay on the local disk; -2 means as log.retention.bytes.
        log.local.retention.ms | long | -2 | -2.. | MC | Time, in ms, that a tiered partition's records stay on the local disk; -2 means as log.retention.ms.
        log.message.timestamp.after.max.ms | long | 3600000 | 0.. | MC+ | How far, in ms, a record's timestamp may lie ahead of the broker's clock.
        log.message.timestamp.before.max.ms | long | 9223372036854775807 | 0.. | MC+ | How far, in ms, a record's timestamp may lie behind the broker's clock.
        log.message.timestamp.type | string | CreateTime | in CreateTime, LogAppendTime | MC+ | Whether records keep the producer's timestamp or get the time of the append.
        log.preallocate | bool | false |  | MC | Whether a new segment's file gets its whole size at once.
        log.retention.bytes | long | -1 |  | HC+ | Bytes of a partition that are kept; -1 means no limit.
        log.retention.check.interval.ms | long | 300000 | 1.. | MR+ | How often, in ms, the broker looks for segments to delete.
        log.retention.hours | int | 168 |  | HR+ | Hours that records are kept, where neither log.retention.ms nor log.retention.minutes is set.
        log.retention.minutes | int | - |  | HR+ | Minutes that records are kept, where log.retention.ms is not set.
        log.retention.ms | long | - |  | HC+ | Time, in ms, that records are kept; -1 means no limit.
        log.roll.hours | int | 168 | 1.. | HR+ | Hours after which a new segment is begun, where log.roll.ms is not set.
        log.roll.jitter.hours | int | 0 | 0.. | HR | Most hours by which the roll of a segment is brought forward at random, where log.roll.jitter.ms is not set.
        log.roll.jitter.ms | long | - |  | HC | Most ms by which the roll of a segment is brought forward at random.
        log.roll.ms | long | - |  | HC+ | Time, in ms, after which a new segment is begun.
        log.scrub.interval.ms | long | -1 | -1.. | MR+ | Pause, in ms, between two walks over all closed segments that compare them with their checksums; -1 for none.
        log.segment.bytes | int | 1073741824 | 1048576.. | HC+ | Largest size, in bytes, of a segment's file.
        log.segment.delete.delay.ms | long | 60000 | 0.. | HC+ | How long, in ms, the file of a deleted segment stays on disk.
        message.max.bytes | int | 1048588 | 0.. | HC+ | Largest batch, in bytes, that a producer may send.
        min.insync.replicas | int | 1 | 1.. | HC+ | Replicas that must have a record before acks=all is answered.
        num.partitions | int | 1 | 1.. | MR+ | Partitions of a topic that is created without saying how many.
        num.recovery.threads.per.data.dir | int | 2 | 1.. | HC | Logs of a folder that are recovered at the same time.
        producer.id.expiration.check.interval.ms | int | 600000 | 1.. | LRi | How often, in ms, the broker looks for producer ids to forget.
        producer.id.expiration.ms | int | 86400000 | 1.. | LC+ | Time, in ms, without a record after which a partition forgets a producer id.
        """u8;
}

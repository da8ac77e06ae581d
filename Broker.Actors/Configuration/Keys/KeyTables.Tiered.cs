namespace AkkaStream.Actors.Configuration.Keys;

internal static partial class KeyTables
{
    /// <summary>Broker keys: tiered storage.</summary>
    internal static ReadOnlySpan<byte> Tiered =>
        """
        follower.fetch.last.tiered.offset.enable | bool | false |  | MC | Whether a new follower starts behind what lies in tiered storage.
        remote.fetch.max.wait.ms | int | 500 | 1.. | MC | How long, in ms, a fetch waits for tiered storage.
        remote.list.offsets.request.timeout.ms | long | 30000 | 1.. | MC | How long, in ms, a search for an offset waits for tiered storage.
        remote.log.index.file.cache.total.size.bytes | long | 1073741824 | 1.. | LC | Disk space, in bytes, for index files of tiered segments.
        remote.log.index.file.cache.ttl.ms | long | 900000 | -1.. | LRi | Time, in ms, after which an unused index file of a tiered segment is dropped; -1 means never.
        remote.log.manager.copier.thread.pool.size | int | 10 | 1.. | MC | Threads that copy segments to tiered storage.
        remote.log.manager.copy.max.bytes.per.second | long | 9223372036854775807 | 1.. | MC | Most bytes a second copied to tiered storage.
        remote.log.manager.copy.quota.window.num | int | 11 | 1.. | MR | Number of samples kept for the copy quota of tiered storage.
        remote.log.manager.copy.quota.window.size.seconds | int | 1 | 1.. | MR | Length of each sample, in seconds, of the copy quota of tiered storage.
        remote.log.manager.expiration.thread.pool.size | int | 10 | 1.. | MC | Threads that delete expired segments in tiered storage.
        remote.log.manager.fetch.max.bytes.per.second | long | 9223372036854775807 | 1.. | MC | Most bytes a second read from tiered storage.
        remote.log.manager.fetch.quota.window.num | int | 11 | 1.. | MR | Number of samples kept for the read quota of tiered storage.
        remote.log.manager.fetch.quota.window.size.seconds | int | 1 | 1.. | MR | Length of each sample, in seconds, of the read quota of tiered storage.
        remote.log.manager.follower.thread.pool.size | int | 2 | 1.. | MC | Threads that followers use for tiered storage.
        remote.log.manager.task.interval.ms | long | 30000 | 1.. | LR | How often, in ms, work for tiered storage is looked for.
        remote.log.manager.task.retry.backoff.max.ms | long | 30000 | 1.. | LRi | Longest pause, in ms, before failed work for tiered storage is tried again.
        remote.log.manager.task.retry.backoff.ms | long | 500 | 1.. | LRi | First pause, in ms, before failed work for tiered storage is tried again.
        remote.log.manager.task.retry.jitter | double | 0.2 | 0..0.5 | LRi | Random share, 0 to 0.5, by which these pauses vary.
        remote.log.manager.thread.pool.size | int | 2 | 1.. | MRd | Older common size of the thread pools for tiered storage.
        remote.log.metadata.custom.metadata.max.bytes | int | 128 | 0.. | LR | Most bytes that a tiered storage plugin may keep about a segment.
        remote.log.metadata.manager.class.name | string | org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager | nonempty | MR | Class that keeps the metadata of tiered storage; Java classes cannot be loaded here.
        remote.log.metadata.manager.class.path | string | - |  | MR | Where that class is loaded from.
        remote.log.metadata.manager.impl.prefix | string | rlmm.config. | nonempty | MR | Prefix of the keys that are meant for that class.
        remote.log.metadata.manager.listener.name | string | - | nonempty | MR | Listener that that class connects to.
        remote.log.reader.max.pending.tasks | int | 100 | 1.. | MR | Reads of tiered storage that may wait.
        remote.log.reader.threads | int | 10 | 1.. | MC | Threads that read tiered storage.
        remote.log.storage.manager.class.name | string | - | nonempty | MR | Class that reaches tiered storage; Java classes cannot be loaded here.
        remote.log.storage.manager.class.path | string | - |  | MR | Where that class is loaded from.
        remote.log.storage.manager.impl.prefix | string | rsm.config. | nonempty | MR | Prefix of the keys that are meant for that class.
        remote.log.storage.system.enable | bool | false |  | MR | Whether tiered storage is available.
        """u8;
}

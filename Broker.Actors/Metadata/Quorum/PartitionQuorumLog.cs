using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>A voter's log in a partition's log, <c>__cluster_metadata-0</c>: Kafka's batches, with the controller's epoch as the leader's epoch.</summary>
/// <param name="log">The log; stays its owner's to close.</param>
/// <param name="nowMs">Milliseconds since 1970.</param>
public sealed class PartitionQuorumLog(PartitionLog log, Func<long> nowMs) : IQuorumLog
{
    private long end = log.View.EndOffset;

    /// <inheritdoc/>
    public long StartOffset => log.View.StartOffset;

    /// <inheritdoc/>
    public long EndOffset => Volatile.Read(ref end);

    /// <inheritdoc/>
    public IReadOnlyList<EpochStart> Epochs => log.LeaderEpochs;

    /// <inheritdoc/>
    public byte[] Read(long offset, int maxBytes)
    {
        using var read = log.Read(offset, maxBytes, ReadLimit.End, minOneBatch: true);
        if (read.Error != ErrorCode.None || read.Length == 0) throw new IOException($"the controller's log cannot be read at offset {offset}: {read.Error.Name()}");
        var bytes = read.ReadBytes();
        var whole = 0;
        var walker = new RecordBatchWalker(bytes);
        while (walker.MoveNext())
        {
            // What stands behind the end is not durable, or about to be cut off.
            if (!RecordBatchHeader.IsCrcValid(walker.Batch) || walker.Header.NextOffset > EndOffset) break;
            whole = walker.Position + walker.Header.SizeInBytes;
        }

        if (whole == 0) throw new IOException($"the controller's log is damaged at offset {offset}");
        return whole == bytes.Length ? bytes : bytes[..whole];
    }

    /// <inheritdoc/>
    public bool TryAppend(ReadOnlyMemory<byte> batches)
    {
        var before = EndOffset;
        if (Append(batches))
        {
            Volatile.Write(ref end, log.View.EndOffset);
            return true;
        }

        // Nobody was told of it, and nobody shall find it: what is not known to be durable goes. Where the disk refuses that too, the next append cuts first.
        if (log.View.EndOffset > before) log.TruncateTo(before, nowMs());
        return false;
    }

    /// <inheritdoc/>
    public bool TryTruncate(long offset)
    {
        Volatile.Write(ref end, Math.Min(EndOffset, offset));
        return log.TruncateTo(offset, nowMs()) == ErrorCode.None && log.View.EndOffset == offset;
    }

    private bool Append(ReadOnlyMemory<byte> batches)
    {
        var now = nowMs();
        var walker = new RecordBatchWalker(batches.Span);
        var staged = true;
        while (staged && walker.MoveNext())
        {
            var header = walker.Header;
            staged = log.StageReplica(batches.Slice(walker.Position, header.SizeInBytes), header, now).Error == ErrorCode.None;
        }

        if (log.Commit().Error != ErrorCode.None || !staged) return false;
        var flush = log.BeginFlush();
        flush.Run();
        return log.EndFlush(flush) == ErrorCode.None;
    }
}

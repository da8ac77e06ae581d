using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>
/// A snapshot's bytes, in Kafka's format of one: a control batch that begins it, one with the voters, the events that make the image of nothing, a control batch that ends it. Offsets
/// count from 0, the batches' epoch is the last event's.
/// </summary>
public static class SnapshotBatches
{
    private const int BatchBytes = 32 << 10;

    /// <summary>The batches, made one after the other while they are read.</summary>
    /// <param name="end">Where the snapshot ends.</param>
    /// <param name="voters">The voters then; null for none.</param>
    /// <param name="events">The events.</param>
    /// <param name="nowMs">Milliseconds since 1970.</param>
    public static IEnumerable<ReadOnlyMemory<byte>> Encode(LogEnd end, VoterSet? voters, IEnumerable<IApiMessage> events, long nowMs)
    {
        var offset = 0L;
        yield return QuorumBatches.Control(QuorumBatches.SnapshotHeaderType, new SnapshotHeaderRecord { LastContainedLogTimestamp = nowMs }, offset++, end.Epoch, nowMs);
        if (voters is not null) yield return QuorumBatches.Control(QuorumBatches.VotersType, QuorumBatches.ToRecord(voters), offset++, end.Epoch, nowMs);
        using var builder = new RecordBatchBuilder(CompressionType.None);
        foreach (var e in events)
        {
            builder.Append(nowMs, null, MetadataRecords.Encode(e));
            if (builder.UncompressedSize < BatchBytes) continue;
            var count = builder.Count;
            yield return Built(builder, offset, end.Epoch);
            offset += count;
        }

        var rest = builder.Count;
        if (rest > 0) yield return Built(builder, offset, end.Epoch);
        yield return QuorumBatches.Control(QuorumBatches.SnapshotFooterType, new SnapshotFooterRecord(), offset + rest, end.Epoch, nowMs);
    }

    /// <summary>The events of one of its batches; none of a control batch.</summary>
    /// <exception cref="MalformedMessageException">It holds what this version does not know.</exception>
    /// <exception cref="CorruptRecordException">Its records are damaged.</exception>
    public static IReadOnlyList<IApiMessage> EventsOf(in RecordBatchHeader header, ReadOnlySpan<byte> records) => header.IsControl ? [] : QuorumBatches.Decode(header, records);

    /// <summary>Gives a snapshot's batches piece by piece, whole ones each time.</summary>
    /// <param name="log">The log whose snapshot it is.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <exception cref="IOException">The disk failed, the snapshot is damaged or not there any more.</exception>
    public static IEnumerable<byte[]> Pieces(IQuorumReader log, QuorumSnapshot snapshot)
    {
        for (var position = 0L; position < snapshot.Length;)
        {
            var piece = log.ReadSnapshot(snapshot.End, position, Limits.QuorumSnapshotPieceBytes) ?? throw new IOException($"the snapshot at offset {snapshot.End.Offset} of the controller's log is not there any more");
            position += piece.Length;
            yield return piece;
        }
    }

    /// <summary>The image in a snapshot.</summary>
    /// <param name="pieces">Its batches, whole ones in each piece.</param>
    /// <param name="end">Where it ends.</param>
    /// <exception cref="IOException">As of <see cref="Pieces"/>.</exception>
    /// <exception cref="MalformedMessageException">It holds what this version does not know.</exception>
    /// <exception cref="CorruptRecordException">Its records are damaged.</exception>
    public static MetadataImage ToImage(IEnumerable<byte[]> pieces, LogEnd end)
    {
        var image = new SnapshotImage(end.Offset - 1);
        foreach (var piece in pieces)
        {
            var walker = new RecordBatchWalker(piece);
            while (walker.MoveNext()) image.Add(walker.Header, walker.Records);
        }

        return image.Whole();
    }

    private static byte[] Built(RecordBatchBuilder builder, long offset, int epoch)
    {
        var batch = builder.Build(new RecordBatchFields { BaseOffset = offset, PartitionLeaderEpoch = epoch }).ToArray();
        builder.Reset();
        return batch;
    }
}

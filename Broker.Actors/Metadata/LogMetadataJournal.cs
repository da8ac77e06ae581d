using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Metadata;

/// <summary>
/// The controller's journal in one local log, <c>__cluster_metadata-0</c>: a batch of records an append, made durable before it counts. Snapshots lie beside it, as a quorum's do, and the log before the
/// older one of them goes.
/// </summary>
/// <param name="disk">The disk.</param>
/// <param name="log">The log; owned by the journal.</param>
/// <param name="nowMs">Milliseconds since 1970.</param>
/// <param name="snapshotBytes">Bytes of the log after which a snapshot is taken, where the last one is not larger.</param>
/// <exception cref="IOException">The disk failed, or the beginning of the log is missing; the message says what to do.</exception>
public sealed class LogMetadataJournal(IDisk disk, PartitionLog log, Func<long> nowMs, long snapshotBytes = long.MaxValue) : IMetadataJournal
{
    private const int ReadBytes = 1 << 20;
    private const int FirstEpoch = 1;

    private readonly PartitionQuorumLog past = new(disk, log, nowMs);
    private long bytesSince;

    // A directory that was a quorum's goes on with its epoch.
    private int LeaderEpoch => Math.Max(FirstEpoch, Math.Max(past.Newest()?.End.Epoch ?? -1, log.LeaderEpochs is [.., var last] ? last.Epoch : -1));

    /// <inheritdoc/>
    public void Replay(Action<IReadOnlyList<IApiMessage>, long> batch)
    {
        var offset = past.Newest() is { } snapshot ? Replay(snapshot, batch) : log.View.StartOffset;
        while (offset < log.View.EndOffset)
        {
            using var read = log.Read(offset, ReadBytes, ReadLimit.End, minOneBatch: true);
            if (read.Error != ErrorCode.None || read.Length == 0) throw new InvalidDataException($"the metadata journal cannot be read at offset {offset}: {read.Error.Name()}");
            bytesSince += read.Length;
            offset = Replay(read.ReadBytes(), batch, offset);
        }
    }

    /// <inheritdoc/>
    public void Offer(MetadataImage image)
    {
        var newest = past.Newest();
        var end = image.Offset + 1;
        // A snapshot that is larger than the log behind it would be written more often than it is worth.
        if (bytesSince < snapshotBytes || bytesSince < newest?.Length || end != log.View.EndOffset || end <= (newest?.End.Offset ?? 0)) return;
        bytesSince = 0;
        if (past.TrySave(new LogEnd(past.EpochBefore(end), end), null, image.ToEvents()) is { } saved) past.Saved(saved);
    }

    /// <inheritdoc/>
    public void Append(IReadOnlyList<IApiMessage> events, Action<long, Exception?> done)
    {
        var now = nowMs();
        var batch = Batch(events, now);
        RecordBatchHeader.TryParse(batch, out var header);
        var staged = log.Stage(batch, header, LeaderEpoch, now);
        var committed = log.Commit();
        if (staged.Error != ErrorCode.None || committed.Error != ErrorCode.None)
        {
            done(-1, new IOException(committed.Cause ?? staged.Error.Name()));
            return;
        }

        var flush = log.BeginFlush();
        flush.Run();
        var flushed = log.EndFlush(flush);
        if (flushed == ErrorCode.None) bytesSince += batch.Length;
        if (flushed == ErrorCode.None) done(staged.LastOffset, null);
        else done(-1, new IOException(TakeBack(staged.BaseOffset, now, flush.Error?.Message ?? flushed.Name())));
    }

    // What was refused must not come back at the next start; nor may a later flush pass it for durable, since the system forgets what it could not write. Where the
    // disk refuses that as well, the log takes no append before it is done.
    private string TakeBack(long offset, long now, string cause)
        => log.TruncateTo(offset, now) == ErrorCode.None ? cause : $"{cause}; the events cannot be taken back yet, and may be there after a crash";

    // Gives where the events go on.
    private long Replay(QuorumSnapshot snapshot, Action<IReadOnlyList<IApiMessage>, long> batch)
    {
        foreach (var piece in SnapshotBatches.Pieces(past, snapshot))
        {
            var walker = new RecordBatchWalker(piece);
            while (walker.MoveNext())
            {
                var events = EventsOf(walker.Header, walker.Records);
                if (!walker.Header.IsControl) batch(events, snapshot.End.Offset - 1);
            }
        }

        return snapshot.End.Offset;
    }

    private static long Replay(byte[] bytes, Action<IReadOnlyList<IApiMessage>, long> batch, long from)
    {
        var walker = new RecordBatchWalker(bytes);
        var next = from;
        while (walker.MoveNext())
        {
            var header = walker.Header;
            if (!RecordBatchHeader.IsCrcValid(walker.Batch)) throw new InvalidDataException($"the metadata journal is damaged at offset {header.BaseOffset}");
            batch(EventsOf(header, walker.Records), header.LastOffset);
            next = header.NextOffset;
        }

        if (next == from) throw new InvalidDataException($"the metadata journal is damaged at offset {from}");
        return next;
    }

    // What one of several voters writes alone would stand against what the others write.
    private static List<IApiMessage> EventsOf(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        var events = QuorumBatches.Decode(header, records);
        if (events is not [VotersRecord voters]) return events;
        if (voters.Voters.Count > 1) throw new InvalidDataException($"the metadata journal is a cluster's, with the voters {string.Join(", ", voters.Voters.Select(v => v.VoterId))}: set controller.quorum.voters, or give this broker a directory of its own");
        return [];
    }

    private static byte[] Batch(IReadOnlyList<IApiMessage> events, long now)
    {
        using var builder = new RecordBatchBuilder(CompressionType.None);
        foreach (var e in events) builder.Append(now, null, MetadataRecords.Encode(e));
        return builder.Build(new RecordBatchFields()).ToArray();
    }
}

using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>
/// A voter's log in a partition's log, <c>__cluster_metadata-0</c>: Kafka's batches, with the controller's epoch as the leader's epoch; and its snapshots beside it, the two newest. It begins where the
/// older one of them ends, so that whoever is a little behind needs no snapshot, and a damaged one is no loss.
/// </summary>
public sealed class PartitionQuorumLog : IQuorumLog
{
    private static readonly LogEnd Beginning = new(-1, 0);

    private readonly PartitionLog log;
    private readonly Func<long> nowMs;
    private readonly SnapshotFiles files;
    private Kept kept;
    private long end;

    /// <summary>Looks at what is there. A snapshot that was being installed when the broker ended takes the log's place.</summary>
    /// <param name="disk">The disk.</param>
    /// <param name="log">The log; stays its owner's to close.</param>
    /// <param name="nowMs">Milliseconds since 1970.</param>
    /// <exception cref="IOException">The disk failed, or the beginning of the log is missing; the message says what to do.</exception>
    public PartitionQuorumLog(IDisk disk, PartitionLog log, Func<long> nowMs)
    {
        this.log = log;
        this.nowMs = nowMs;
        files = new SnapshotFiles(disk, log.Directory);
        end = log.View.EndOffset;
        kept = Find();
    }

    /// <inheritdoc/>
    public LogEnd Start => Volatile.Read(ref kept).Start;

    /// <inheritdoc/>
    public long EndOffset => Volatile.Read(ref end);

    /// <inheritdoc/>
    public IReadOnlyList<EpochStart> Epochs => log.LeaderEpochs;

    /// <inheritdoc/>
    public IReadOnlyList<QuorumSnapshot> Snapshots => Volatile.Read(ref kept).Snapshots;

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
    public byte[]? ReadSnapshot(LogEnd snapshot, long position, int maxBytes)
    {
        try
        {
            return files.Read(snapshot, position, maxBytes);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new IOException(error.Message, error);
        }
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

    /// <inheritdoc/>
    public QuorumSnapshot? TrySave(LogEnd snapshot, VoterSet? voters, IEnumerable<IApiMessage> events)
    {
        try
        {
            return files.Write(snapshot, SnapshotBatches.Encode(snapshot, voters, events, nowMs()));
        }
        catch (Exception error) when (error.IsDiskError())
        {
            return null; // the log goes on as it is; after as many events again another one is tried
        }
    }

    /// <inheritdoc/>
    public void Saved(QuorumSnapshot snapshot)
    {
        var (start, snapshots) = kept;
        if (snapshots is not [.., var before]) Volatile.Write(ref kept, new Kept(start, [snapshot]));
        else if (before.End.Offset < snapshot.End.Offset) Volatile.Write(ref kept, new Kept(before.End, [before, snapshot]));
        Tidy();
    }

    /// <inheritdoc/>
    public bool TryStage(long position, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            files.Stage(position, bytes.Span);
            return true;
        }
        catch (Exception error) when (error.IsDiskError())
        {
            return false; // the log directory has said what is wrong
        }
    }

    /// <inheritdoc/>
    public bool TryInstall(QuorumSnapshot snapshot)
    {
        try
        {
            if (!files.TryName(snapshot)) return false;
        }
        catch (Exception error) when (error.IsDiskError())
        {
            return false; // it may have its name all the same: a start after that installs it
        }

        Volatile.Write(ref end, snapshot.End.Offset);
        Volatile.Write(ref kept, new Kept(snapshot.End, [snapshot]));
        // From here on it counts: where the disk refuses to empty the log now, the next append or start does so before anything else.
        log.TruncateFully(snapshot.End.Offset, nowMs());
        Tidy();
        return true;
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

    // What the snapshots that are kept make superfluous goes; what the disk keeps now goes the next time.
    private void Tidy()
    {
        try
        {
            files.RemoveOthers(kept.Snapshots);
            log.CutHead(kept.Start.Offset, nowMs());
        }
        catch (Exception error) when (error.IsDiskError())
        {
            // No harm: there is more than is needed.
        }
    }

    private Kept Find()
    {
        var first = log.View.StartOffset;
        var found = files.List();
        found.RemoveAll(s => s.End.Offset < first);
        while (found is [.., var last] && !files.IsWhole(last)) found.RemoveAt(found.Count - 1);
        if (found.Count == 0)
        {
            if (first == 0) return new Kept(Beginning, []);
            throw new IOException($"{log.Directory} begins at offset {first}, and there is no whole snapshot of what was before. Remove the directory to have the broker come back as a new voter, which must then be added to the quorum in the place of the old one.");
        }

        var newest = found[^1];
        if (Continues(newest.End, first)) return new Kept(first == 0 ? Beginning : found[0].End, [.. found]);
        if (log.TruncateFully(newest.End.Offset, nowMs()) != ErrorCode.None) throw new IOException($"{log.Directory} cannot be emptied for the snapshot at offset {newest.End.Offset}");
        end = newest.End.Offset;
        return new Kept(newest.End, [newest]);
    }

    private bool Continues(LogEnd snapshot, long first)
    {
        if (snapshot.Offset > end) return false;
        if (snapshot.Offset == first) return true;
        for (var i = log.LeaderEpochs.Count - 1; i >= 0; i--)
        {
            if (log.LeaderEpochs[i].StartOffset < snapshot.Offset) return log.LeaderEpochs[i].Epoch == snapshot.Epoch;
        }

        return false;
    }

    /// <summary>What stands of the past.</summary>
    /// <param name="Start">Where the log begins.</param>
    /// <param name="Snapshots">The snapshots, oldest first.</param>
    private sealed record Kept(LogEnd Start, IReadOnlyList<QuorumSnapshot> Snapshots);
}

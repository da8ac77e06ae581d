using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <content>Snapshots: when one is due, and one from elsewhere in the log's place.</content>
public sealed partial class QuorumVoter
{
    private readonly long snapshotBytes;
    private long bytesSince;
    private (Guid Claim, QuorumSnapshot Snapshot, long Position)? staged;

    /// <summary>Up to here it knows that a majority has its log.</summary>
    public long Committed => committed;

    /// <summary>
    /// What snapshot to take now, where one is due and may be taken at an offset: only of what is committed. The next one is due after as much again, whatever becomes of this one; <see cref="Saved"/> is
    /// to be called when it is durable. Null for none.
    /// </summary>
    /// <param name="offset">Behind the last event of an image that is at hand.</param>
    public QuorumSnapshotDue? BeginSnapshot(long offset)
    {
        var newest = log.Newest();
        // A snapshot that is larger than the log behind it would be written more often than it is worth.
        if (isBroken || bytesSince < snapshotBytes || bytesSince < newest?.Length || offset > committed || offset <= (newest?.End.Offset ?? 0)) return null;
        bytesSince = 0;
        VoterSet? then = null;
        foreach (var (at, set) in voters)
        {
            if (at >= offset) continue;
            then = set;
            break;
        }

        return new QuorumSnapshotDue(new LogEnd(log.EpochBefore(offset), offset), then);
    }

    /// <summary>A snapshot that was due is durable.</summary>
    public void Saved(QuorumSnapshot snapshot) => log.Saved(snapshot);

    private void LookAtSnapshot()
    {
        if (log.Newest() is not { } newest) return;
        committed = Math.Max(committed, newest.End.Offset);
        voters.Clear();
        foreach (var piece in SnapshotBatches.Pieces(log, newest))
        {
            var walker = new RecordBatchWalker(piece);
            while (walker.MoveNext())
            {
                if (QuorumBatches.VotersOf(walker.Header, walker.Records) is { } set) voters.Push((newest.End.Offset - 1, set));
            }
        }
    }

    private QuorumSnapshotFetched Fetch(QuorumFetchSnapshot fetch)
    {
        var refusal = Obey(fetch);
        var (snapshot, position, bytes) = (default(QuorumSnapshot), 0L, Array.Empty<byte>());
        if (refusal == QuorumRefusal.None)
        {
            try
            {
                (snapshot, position, bytes) = Piece(fetch);
            }
            catch (IOException)
            {
                refusal = QuorumRefusal.Disk;
            }
        }

        return new QuorumSnapshotFetched(id, promises.Disk, fetch.Epoch, fetch.Claim, refusal, Promised, snapshot, position, bytes);
    }

    private (QuorumSnapshot Snapshot, long Position, byte[] Bytes) Piece(QuorumFetchSnapshot fetch)
    {
        var newest = log.Newest() ?? throw new IOException("there is no snapshot");
        foreach (var snapshot in log.Snapshots)
        {
            if (snapshot.End != fetch.Snapshot || fetch.Position < 0 || fetch.Position >= snapshot.Length) continue;
            if (log.ReadSnapshot(snapshot.End, fetch.Position, Limits.QuorumSnapshotPieceBytes) is { } found) return (snapshot, fetch.Position, found);
        }

        return (newest, 0, log.ReadSnapshot(newest.End, 0, Limits.QuorumSnapshotPieceBytes) ?? throw new IOException("the snapshot is not there any more"));
    }

    private QuorumInstalled Install(QuorumInstall install)
    {
        var refusal = Obey(install);
        var (position, isThere) = (0L, false);
        if (refusal == QuorumRefusal.None) refusal = Take(install, out position, out isThere);
        return new QuorumInstalled(id, promises.Disk, install.Epoch, install.Claim, refusal, Promised, install.Snapshot.End, position, isThere);
    }

    private QuorumRefusal Take(QuorumInstall install, out long position, out bool isThere)
    {
        var snapshot = install.Snapshot;
        (position, isThere) = (0, Has(snapshot.End));
        if (isThere) return QuorumRefusal.None;
        if (snapshot.End.Offset <= 0 || snapshot.Length is <= 0 or > Limits.QuorumSnapshotBytes) return QuorumRefusal.Malformed;
        // What is committed is in every snapshot of what comes later: one without it must not be.
        isBroken |= snapshot.End.Offset <= committed;
        if (isBroken) return QuorumRefusal.Disk;
        if (install.Position == 0 || staged is not { } known || known.Claim != install.Claim || known.Snapshot != snapshot) staged = known = (install.Claim, snapshot, 0);
        position = known.Position;
        // Another piece than the next one: it is told which that is.
        if (install.Position != position) return QuorumRefusal.None;
        if (install.Bytes.IsEmpty || install.Bytes.Length > snapshot.Length - position) return QuorumRefusal.Malformed;
        var isStaged = log.TryStage(position, install.Bytes);
        position += install.Bytes.Length;
        staged = isStaged && position < snapshot.Length ? known with { Position = position } : null;
        if (!isStaged) return QuorumRefusal.Disk;
        if (staged is not null) return QuorumRefusal.None;
        if (!log.TryInstall(snapshot)) return QuorumRefusal.Disk;
        bytesSince = 0;
        isThere = true;
        return TryLookAtSnapshot() ? QuorumRefusal.None : QuorumRefusal.Disk;
    }

    private bool TryLookAtSnapshot()
    {
        try
        {
            LookAtSnapshot();
            return true;
        }
        catch (Exception error) when (error is IOException or Client.Protocol.MalformedMessageException or CorruptRecordException)
        {
            // Who votes is not known any more: it stands still until it is started anew, and reads it again.
            isBroken = true;
            return false;
        }
    }

    private bool Has(LogEnd end) => end.Offset <= log.EndOffset && (end.Offset < log.Start.Offset || log.EpochBefore(end.Offset) == end.Epoch);
}

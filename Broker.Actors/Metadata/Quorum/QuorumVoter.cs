using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>
/// One voter of the controller's quorum, as a plain state machine: it promises an epoch and obeys no lower one, and says that it has a batch only when that is durable. What it
/// promised and what it holds lies behind two small interfaces, so that it is what it was after a crash.
/// </summary>
public sealed partial class QuorumVoter
{
    private readonly int id;
    private readonly IQuorumLog log;
    private readonly IQuorumPromises promises;
    private readonly Stack<(long Offset, VoterSet Voters)> voters = new();
    private long committed;
    private bool isBroken;

    /// <summary>A voter over what its disk holds; reads the log once, for the sets of voters in it.</summary>
    /// <param name="id">The broker's id.</param>
    /// <param name="log">The log.</param>
    /// <param name="promises">What was promised.</param>
    /// <param name="snapshotBytes">Bytes of the log after which a snapshot is due, where the last one is not larger.</param>
    /// <exception cref="IOException">The disk failed, or the log is damaged.</exception>
    public QuorumVoter(int id, IQuorumLog log, IQuorumPromises promises, long snapshotBytes = long.MaxValue)
    {
        this.id = id;
        this.log = log;
        this.promises = promises;
        this.snapshotBytes = snapshotBytes;
        LookAtSnapshot();
        for (var offset = committed; offset < log.EndOffset;)
        {
            var from = offset;
            var batches = log.Read(offset, Limits.QuorumReadBytes);
            bytesSince += batches.Length;
            var walker = new RecordBatchWalker(batches);
            while (walker.MoveNext())
            {
                Note(walker.Header, walker.Records);
                offset = walker.Header.NextOffset;
            }

            if (offset == from) throw new IOException($"the controller's log is damaged at offset {offset}");
        }
    }

    /// <summary>The newest set of voters in the log; null where there is none.</summary>
    public VoterSet? Voters => voters.TryPeek(out var newest) ? newest.Voters : null;

    /// <summary>The epoch that was promised, or -1.</summary>
    public int Promised => promises.Promise.Epoch;

    /// <summary>Whether it refuses everything until it is started anew: its log was to be cut where it must not.</summary>
    public bool IsBroken => isBroken;

    /// <summary>Does what a proposer asks, and gives the answer for it: what the answer says is durable.</summary>
    public QuorumAnswer Handle(QuorumMessage message) => message switch
    {
        QuorumClaim claim => Claim(claim),
        QuorumFetch fetch => Fetch(fetch),
        QuorumAppend append => Append(append),
        QuorumFetchSnapshot fetch => Fetch(fetch),
        QuorumInstall install => Install(install),
        _ => throw new ArgumentException($"{message.GetType().Name} is nothing that a voter is asked", nameof(message)),
    };

    private QuorumClaimed Claim(QuorumClaim claim)
    {
        var refusal = Obey(claim);
        // Two that claim one epoch: it is promised once.
        if (refusal == QuorumRefusal.None && promises.Promise.Claim != claim.Claim) refusal = QuorumRefusal.Promised;
        return new QuorumClaimed(id, promises.Disk, claim.Epoch, claim.Claim, refusal, Promised, log.End(), Voters);
    }

    private QuorumFetched Fetch(QuorumFetch fetch)
    {
        var refusal = Obey(fetch);
        // At its beginning and before there is nothing in which the logs could agree.
        if (refusal == QuorumRefusal.None && !Meets(fetch.Offset, fetch.EpochBefore)) refusal = log.Start.Offset > 0 && fetch.Offset <= log.Start.Offset ? QuorumRefusal.Trimmed : QuorumRefusal.Diverged;
        var batches = Array.Empty<byte>();
        if (refusal == QuorumRefusal.None && fetch.Offset < log.EndOffset)
        {
            try
            {
                batches = log.Read(fetch.Offset, Limits.QuorumReadBytes);
            }
            catch (IOException)
            {
                refusal = QuorumRefusal.Disk; // the proposer turns to another voter; the log has said what is wrong
            }
        }

        return new QuorumFetched(id, promises.Disk, fetch.Epoch, fetch.Claim, refusal, Promised, fetch.Offset, Near(fetch.Offset, fetch.EpochBefore), batches);
    }

    private QuorumAppended Append(QuorumAppend append)
    {
        var refusal = Obey(append);
        if (refusal == QuorumRefusal.None && !Meets(append.Offset, append.EpochBefore)) refusal = QuorumRefusal.Diverged;
        var end = append.Offset;
        if (refusal == QuorumRefusal.None) refusal = Take(append, out end);
        return new QuorumAppended(id, promises.Disk, append.Epoch, append.Claim, refusal, Promised, append.Offset, end, Near(append.Offset, append.EpochBefore));
    }

    private QuorumRefusal Obey(QuorumMessage message)
    {
        if (isBroken) return QuorumRefusal.Disk;
        if (message.Epoch < Promised) return QuorumRefusal.Promised;
        if (message.Epoch == Promised) return QuorumRefusal.None;
        return promises.TryStore(new QuorumPromise(message.Epoch, message.Claim)) ? QuorumRefusal.None : QuorumRefusal.Disk;
    }

    private bool Meets(long offset, int epochBefore) => offset >= log.Start.Offset && offset <= log.EndOffset && log.EpochBefore(offset) == epochBefore;

    private LogEnd Near(long offset, int epoch) => log.EndOfEpoch(epoch, Math.Min(offset, log.EndOffset));

    private QuorumRefusal Take(QuorumAppend append, out long end)
    {
        end = append.Offset;
        if (!IsWhole(append, out var there, out var next)) return QuorumRefusal.Malformed;
        var rest = append.Batches[there..];
        if (rest.Length > 0)
        {
            RecordBatchHeader.TryParse(rest.Span, out var first);
            // What a majority has nobody who won an epoch can want to be cut off. Where it happens all the same, the least harm is to stand still.
            isBroken |= first.BaseOffset < committed;
            if (isBroken || (first.BaseOffset < log.EndOffset && !Cut(first.BaseOffset))) return QuorumRefusal.Disk;
            if (!log.TryAppend(rest)) return QuorumRefusal.Disk;
            bytesSince += rest.Length;
            var walker = new RecordBatchWalker(rest.Span);
            while (walker.MoveNext()) Note(walker.Header, walker.Records);
        }

        end = next;
        committed = Math.Max(committed, Math.Min(append.Committed, next));
        return QuorumRefusal.None;
    }

    private bool Cut(long offset)
    {
        while (voters.TryPeek(out var newest) && newest.Offset >= offset) voters.Pop();
        return log.TryTruncate(offset);
    }

    // Gives how many bytes of it the log holds already: what came twice, or late, cuts nothing off.
    private bool IsWhole(QuorumAppend append, out int there, out long next)
    {
        there = 0;
        next = append.Offset;
        var epoch = append.EpochBefore;
        var isThere = true;
        var walker = new RecordBatchWalker(append.Batches.Span);
        while (walker.MoveNext())
        {
            var header = walker.Header;
            var follows = header.BaseOffset == next && header.LastOffsetDelta >= 0 && header.PartitionLeaderEpoch >= epoch && header.PartitionLeaderEpoch <= append.Epoch;
            if (!follows || !RecordBatchHeader.IsCrcValid(walker.Batch) || !IsReadable(header, walker.Records)) return false;
            epoch = header.PartitionLeaderEpoch;
            next = header.NextOffset;
            isThere = isThere && next <= log.EndOffset && log.EpochBefore(next) == epoch && log.EpochBefore(header.BaseOffset + 1) == epoch;
            if (isThere) there = walker.Position + header.SizeInBytes;
        }

        return walker.End == BatchWalkEnd.Complete;
    }

    private static bool IsReadable(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        try
        {
            return !header.IsControl || QuorumBatches.VotersOf(header, records) is not null;
        }
        catch (Exception error) when (error is MalformedMessageException or CorruptRecordException)
        {
            return false; // a set of voters that nobody can read must not come into any log
        }
    }

    private void Note(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        if (QuorumBatches.VotersOf(header, records) is { } set) voters.Push((header.BaseOffset, set));
    }
}

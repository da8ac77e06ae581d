namespace AkkaStream.Tests.Actors.Storage;

/// <summary>What a log should hold, as a plain list of batches; told what was done to the log, asked whether what is found in it may be so.</summary>
/// <param name="retention">How long a tombstone stays after the first cleaning that came by it, ms.</param>
internal sealed class LogModel(long retention)
{
    private readonly Dictionary<long, long> _cleanedAt = [];
    private readonly List<ModelBatch> _failed = [];
    private bool _isMended;

    public List<ModelBatch> Batches { get; private set; } = [];

    public long Start { get; private set; }

    public long End { get; private set; }

    /// <summary>A loss of power takes nothing below.</summary>
    public long Durable { get; private set; }

    /// <summary>A cleaning may have worked below; from here on offsets are dense.</summary>
    public long Cleanable { get; private set; }

    /// <summary>The clock of the run, ms.</summary>
    public long NowMs { get; set; }

    public void Append(ModelBatch batch)
    {
        Assert.Equal(End, batch.Base);
        Batches.Add(batch);
        End = batch.Last + 1;
        _isMended = true;
    }

    /// <summary>A batch was refused by the disk: a part of it, or all, may still come out of a crash.</summary>
    public void Fail(ModelBatch batch)
    {
        _failed.Add(batch);
        _isMended = false;
    }

    public void Flush(long upTo)
    {
        Durable = Math.Max(Durable, Math.Min(upTo, End));
        // An append cuts off what failed before it.
        if (_isMended && Durable == End) _failed.Clear();
    }

    public void DeleteBelow(long offset) => Start = Math.Max(Start, offset);

    public void BeginCleaning(long limit, long nowMs)
    {
        Cleanable = Math.Max(Cleanable, limit);
        foreach (var record in Batches.SelectMany(batch => batch.Records).Where(record => record.Value is null && record.Offset < limit)) _cleanedAt.TryAdd(record.Offset, nowMs);
    }

    /// <summary>The log was cut to an offset, and ends somewhere now: there, or where the batch began that held it, or behind what compaction left before.</summary>
    public void Cut(long offset, long end)
    {
        // Where offsets are dense the one below is what the other is.
        var least = Batches.FindLast(batch => batch.Last < offset && IsLeft(batch))?.Last + 1 ?? 0;
        Assert.InRange(end, least, Math.Min(offset, Batches.Find(batch => batch.Last >= offset)?.Base ?? offset));
        EndAt(end);
    }

    /// <summary>A cut broke off: what lies behind may be there still, or not.</summary>
    public void Forget(long from) => Durable = Math.Min(Durable, Batches.Find(batch => batch.Last >= from)?.Base ?? from);

    public void Empty(long newStart)
    {
        EndAt(0);
        Start = End = Durable = Cleanable = newStart;
    }

    /// <summary>The log was opened after a crash: what it holds now must be durable or acknowledged, and what is more must have been written once.</summary>
    public void Crash(List<ModelBatch> found, long end, bool lostPower)
    {
        var safe = lostPower ? Math.Max(Durable, Start) : End;
        Assert.True(end >= safe, $"all below {safe} was safe, but the log ends at {end}");
        // As in Kafka, a segment that survived is kept although the tail of the one before it, never made durable, did not: its offsets are final.
        // What is deleted is not seen: a marker there that was not durable may be lost, and its transaction open again.
        var kept = Batches.Where(batch => batch.Last < end && (batch.Last < (lostPower && batch.Ends ? Durable : safe) || found.Exists(batch.IsSame))).ToList();
        foreach (var batch in found.Where(batch => batch.Last >= safe && !kept.Exists(other => other.IsSame(batch))))
        {
            Assert.True(_failed.Exists(failed => failed.IsSame(batch)), $"{batch} was never written there");
            // What was kept behind it, in a segment of its own, stays.
            kept.RemoveAll(other => other.Last >= batch.Base && other.Base <= batch.Last);
            kept.Add(batch);
        }

        Batches = [.. kept.OrderBy(batch => batch.Base)];
        if (lostPower) Revive(found);
        EndAt(end);
    }

    // The files that a cleaned segment took the place of may be back; what failed to be written is here now, or gone.
    private void Revive(List<ModelBatch> found)
    {
        _failed.Clear();
        var there = found.SelectMany(batch => batch.Records).ToHashSet();
        foreach (var batch in Batches.Where(batch => batch.Gone.Exists(there.Contains)))
        {
            batch.Records.AddRange(batch.Gone.Where(there.Contains));
            batch.Records.Sort((a, b) => a.Offset.CompareTo(b.Offset));
            batch.Gone.RemoveAll(there.Contains);
        }
    }

    /// <summary>Compares with all that is in the log. What compaction took is forgotten here, too, once it is seen that it might.</summary>
    public void Agree(List<ModelBatch> found, long lastStable)
    {
        var (least, aborted) = Transactions(_ => true);
        // What lies below the start is gone, or not yet, and so are batches that were compacted away, whose marker was cut off afterwards: a transaction that began there may be known or not.
        Assert.InRange(lastStable, least, Transactions(batch => batch.Last >= Start && (batch.Ends || IsLeft(batch))).Stable);
        var dense = Math.Max(Cleanable, Start);
        Assert.Equal(Batches.Where(batch => batch.Base >= dense).Select(batch => batch.Identity), found.Where(batch => batch.Base >= dense).Select(batch => batch.Identity));

        var there = found.SelectMany(batch => batch.Records).ToList();
        var offsets = there.Select(record => record.Offset).ToHashSet();
        // Nothing else than what was appended, in that order, once.
        Assert.Equal(Batches.SelectMany(batch => batch.Records).Where(record => offsets.Contains(record.Offset)), there);

        var latest = new Dictionary<int, ModelRecord>();
        foreach (var record in Batches.Where(batch => !aborted.Contains(batch)).SelectMany(batch => batch.Records).Where(record => record.Offset < Cleanable)) latest[record.Key] = record;
        foreach (var batch in Batches)
        {
            var gone = batch.Records.Where(record => record.Offset >= Start && !offsets.Contains(record.Offset)).ToList();
            foreach (var record in gone) Assert.True(record.Offset < Cleanable && (aborted.Contains(batch) || IsSuperseded(record, latest[record.Key])), $"{record} is gone");
            batch.Records.RemoveAll(gone.Contains);
            batch.Gone.AddRange(gone);
        }
    }

    /// <summary>A cleaning came to its end: below there is one record a key, and nothing of aborted transactions.</summary>
    public void CheckClean(long upTo)
    {
        var (aborted, keys) = (Transactions(_ => true).Aborted, new HashSet<int>());
        foreach (var (batch, record) in Batches.SelectMany(batch => batch.Records.Select(record => (batch, record))).Where(found => found.record.Offset >= Start && found.record.Offset < upTo))
        {
            Assert.True(!aborted.Contains(batch) && keys.Add(record.Key), $"{record} is there still");
        }
    }

    /// <summary>What a reader of committed records gets.</summary>
    public IEnumerable<ModelRecord> Committed(long lastStable)
    {
        var aborted = Transactions(_ => true).Aborted;
        return Batches.Where(batch => !aborted.Contains(batch)).SelectMany(batch => batch.Records).Where(record => record.Offset >= Start && record.Offset < lastStable);
    }

    private bool IsSuperseded(ModelRecord record, ModelRecord latest)
        => latest != record || (record.Value is null && _cleanedAt.TryGetValue(record.Offset, out var first) && first + retention <= NowMs);

    // Compaction did not take it whole.
    private bool IsLeft(ModelBatch batch) => batch.Last >= Cleanable || batch.Records.Exists(record => record.Offset >= Start);

    // Where the first open one begins, and what belongs to aborted ones, as far as the log has those batches.
    private (long Stable, HashSet<ModelBatch> Aborted) Transactions(Func<ModelBatch, bool> isThere)
    {
        var (open, aborted) = (new Dictionary<int, List<ModelBatch>>(), new HashSet<ModelBatch>());
        foreach (var batch in Batches.Where(isThere))
        {
            if (batch.Kind == BatchKind.Transactional && !open.TryAdd(batch.Producer, [batch])) open[batch.Producer].Add(batch);
            if (batch.Ends && open.Remove(batch.Producer, out var ended) && batch.Kind == BatchKind.Abort) aborted.UnionWith(ended);
        }

        return (Math.Max(Start, open.Values.Select(batches => batches[0].Base).Append(End).Min()), aborted);
    }

    private void EndAt(long end)
    {
        Batches.RemoveAll(batch => batch.Last >= end);
        foreach (var offset in _cleanedAt.Keys.Where(offset => offset >= end).ToList()) _cleanedAt.Remove(offset);
        End = end;
        (Start, Durable, Cleanable) = (Math.Min(Start, end), Math.Min(Durable, end), Math.Min(Cleanable, end));
    }
}

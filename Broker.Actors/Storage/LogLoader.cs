using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>
/// Opens a partition's directory: which segments are there, where the good batches end, what indexes, epochs and producers have to be made anew.
/// </summary>
internal sealed partial class LogLoader(LogOpening opening)
{
    private readonly IDisk _disk = opening.Disk;
    private readonly string _directory = opening.Directory;
    private readonly HashSet<string> _names = [];
    private readonly List<AbortedTransaction> _aborted = [];
    private long _followedFrom;
    private long _snapshotAt;

    public List<LogSegment> Segments { get; } = [];

    public LeaderEpochs Epochs { get; } = new();

    public ProducerStates Producers { get; } = new();

    /// <summary>The log has or had transactions, so that its segments' indexes of aborted ones are worth a look.</summary>
    public bool HasTransactions { get; private set; }

    public Guid TopicId { get; private set; }

    public long StartOffset { get; private set; }

    public long EndOffset { get; private set; }

    public long RecoveryPoint { get; private set; }

    /// <summary>All that a close would write is there: nobody appended since the last one, or since the log was made durable.</summary>
    public bool IsComplete => opening.WasCleanlyShutDown || (EndOffset == opening.RecoveryPoint && EndOffset == _snapshotAt);

    public void Load()
    {
        if (TakeClosed()) return;
        var entries = _disk.List(_directory);
        if (entries.Count == 0 && !_disk.DirectoryExists(_directory)) entries = Create();
        foreach (var entry in entries)
        {
            _names.Add(entry.Name);
            HasTransactions |= entry.Name.EndsWith(LogFiles.TransactionIndex, StringComparison.Ordinal);
        }

        LoadMetadata();
        LogLeftovers.CleanUp(_disk, _directory, _names, Report);
        FindSegments();
        SetStraysAside();
        RestoreProducers();
        Recover();
        LoadEpochs();
        SetStart();
        HasTransactions |= Producers.SawTransactions;
        RecoveryPoint = opening.WasCleanlyShutDown ? EndOffset : Math.Min(opening.RecoveryPoint, EndOffset);
        Rest();
    }

    // Of ten thousand partitions most are idle: what they need for appends and readers is opened when one comes.
    private void Rest()
    {
        try
        {
            foreach (var segment in Segments) segment.Rest();
        }
        catch (Exception error) when (error.IsDiskError())
        {
            // The indexes that could not be written stay in memory; the append that needs the disk tells.
        }
    }

    private IReadOnlyList<DiskEntry> Create()
    {
        _disk.CreateDirectory(_directory);
        if (opening.TopicId == Guid.Empty) return [];
        using var file = _disk.Open($"{_directory}/{LogFiles.Metadata}", DiskAccess.Create);
        file.Write(PartitionMetadataFile.Encode(opening.TopicId), 0);
        return [new DiskEntry(LogFiles.Metadata, false)];
    }

    private void LoadMetadata()
    {
        if (!_names.Contains(LogFiles.Metadata)) return;
        var bytes = _disk.ReadAll($"{_directory}/{LogFiles.Metadata}");
        if (PartitionMetadataFile.TryDecode(bytes, out var id)) TopicId = id;
        else Report($"{LogFiles.Metadata} is damaged: the topic's id is taken from the broker's metadata");
    }

    private void FindSegments()
    {
        var bases = new List<long>();
        foreach (var name in _names)
        {
            if (LogFiles.TryParse(name, LogFiles.Log, out var offset)) bases.Add(offset);
        }

        bases.Sort();
        RemoveOrphans(bases);
        if (bases.Count == 0)
        {
            EndOffset = Math.Max(opening.StartOffset, 0);
            Segments.Add(Empty(EndOffset));
            return;
        }

        for (var i = 0; i < bases.Count; i++) Segments.Add(Closed(bases[i]));
    }

    private void RemoveOrphans(List<long> bases)
    {
        foreach (var name in _names)
        {
            foreach (var suffix in LogFiles.OfSegment)
            {
                if (!LogFiles.TryParse(name, suffix, out var offset) || bases.BinarySearch(offset) >= 0) continue;
                Report($"{name} belongs to no segment and is removed");
                _disk.Delete($"{_directory}/{name}");
            }
        }
    }

    private LogSegment Empty(long baseOffset)
    {
        var segment = LogSegment.Fresh(_disk, _directory, baseOffset, opening.NowMs);
        segment.SawEveryMarker = true;
        return segment;
    }

    private LogSegment Closed(long baseOffset)
    {
        var index = new SegmentFile(_directory, baseOffset, LogFiles.Index);
        var times = new SegmentFile(_directory, baseOffset, LogFiles.TimeIndex);
        var log = new SegmentFile(_directory, baseOffset, LogFiles.Log);
        return new LogSegment(_disk, _directory, baseOffset, log, DiskAccess.Write,
            SegmentIndex.Stored(_disk, index, SegmentIndex.OffsetEntrySize), SegmentIndex.Stored(_disk, times, SegmentIndex.TimeEntrySize))
        { Size = _disk.LengthOf(log.ToString()), OpenedMs = opening.NowMs };
    }

    // Closed segments below the recovery point are believed; the rest is read, and the log ends behind the last good batch.
    private void Recover()
    {
        var trusted = opening.WasCleanlyShutDown ? long.MaxValue : opening.RecoveryPoint;
        var (endBefore, hole) = (0L, long.MaxValue);
        for (var i = 0; i < Segments.Count; i++)
        {
            if (i > 0) endBefore = EndOffset;
            var isLast = i == Segments.Count - 1;
            var next = isLast ? long.MaxValue : Segments[i + 1].BaseOffset;
            // One that ends at the recovery point may have been closed behind the flush: its tail is read, which completes its indexes.
            if (!isLast && next < trusted)
            {
                TrustClosed(i);
                EndOffset = next;
                continue;
            }

            if (!Scan(i, trusted, next))
            {
                DropAfter(i);
                break;
            }

            if (!isLast && EndOffset < next) hole = Math.Min(hole, EndOffset);
        }

        // A power loss may have taken the tail of a segment and not the next one, nor the snapshot there, which knows what is gone.
        if (!opening.WasCleanlyShutDown && hole < EndOffset) ProducerRestore.RemoveBeyond(_disk, _directory, _names, Math.Max(hole, opening.RecoveryPoint));
        if (!opening.WasCleanlyShutDown) DropEmptyBehindGap(endBefore);
        if (Producers.EndOffset > EndOffset) FollowAgain();
        Producers.EndOffset = EndOffset;
    }

    private long FirstBase => Segments.Count > 0 ? Segments[0].BaseOffset : 0;

    // The log ends before what the producers were followed to: what they are said to have written there is not in it.
    private void FollowAgain()
    {
        var (entries, from) = ProducerRestore.Newest(_disk, _directory, _names, FirstBase, EndOffset, Report);
        Producers.Reset(entries, from);
        SnapshotTransactions.Confirm(Producers, from, Segments);
        FollowFrom(from, EndOffset);
        _aborted.Clear();
    }

    private void FollowFrom(long from, long until)
    {
        for (var i = 0; i < Segments.Count && Segments[i].BaseOffset < until; i++)
        {
            var next = i + 1 < Segments.Count ? Segments[i + 1].BaseOffset : long.MaxValue;
            if (next <= from || Segments[i].Size == 0) continue;
            using var scan = new SegmentScan(_disk, _directory, Segments[i], opening);
            scan.ForEachHeader(from, until, Follow);
        }
    }

    private void TrustClosed(int at)
    {
        var segment = Segments[at];
        if (segment.Size == 0) return;
        if (WhatIsWrong(segment) is not { } wrong) return;
        Report($"an index of the segment at offset {segment.BaseOffset} is {wrong} and made anew");
        using var rescan = new SegmentScan(_disk, _directory, segment, opening);
        Segments[at] = rescan.Rebuild(checksums: false);
        Segments[at].Seal();
    }

    // By the files' names and lengths, which are known anyway: no index of a closed segment is opened at a start. What it says is verified where it is used.
    private string? WhatIsWrong(LogSegment segment)
    {
        if (!_names.Contains(Path.GetFileName(segment.Offsets.Path)) || !_names.Contains(Path.GetFileName(segment.Times.Path))) return "missing";
        if (segment.Offsets.HasOddLength || segment.Times.HasOddLength) return "cut off";
        // No message has two entries.
        var most = segment.Size / LegacyMessage.LeastSize;
        if (segment.Offsets.Count > most || segment.Times.Count > most + 1) return "too long";
        var isShort = segment.Offsets.Count == 0 && segment.Size > opening.Config.IndexIntervalBytes;
        return (isShort || segment.Times.Count == 0) && LacksEntries(segment) ? "empty" : null;
    }

    // A segment of a few batches needs no entry in the one index, and records without timestamps none in the other: its first batches tell.
    private bool LacksEntries(LogSegment segment)
    {
        if (segment.Log.TryLease() is not { } file) return false;
        try
        {
            using var scanner = new BatchScanner(file, 0, segment.Size, checksums: false);
            var interval = segment.Offsets.Count == 0 ? opening.Config.IndexIntervalBytes : 0;
            while (scanner.MoveNext() && scanner.Position <= interval)
            {
                if (segment.Times.Count == 0 && scanner.Header.MaxTimestamp >= 0) return true;
            }

            return segment.Offsets.Count == 0 && scanner.End == ScanEnd.None && scanner.Position > interval;
        }
        finally
        {
            segment.Log.Dispose();
        }
    }

    // True where the whole segment is good, or all up to where the next one begins: what a write left that failed then stands behind it.
    private bool Scan(int at, long trusted, long next)
    {
        var old = Segments[at];
        var size = old.Size;
        using var scan = new SegmentScan(_disk, _directory, old, opening) { OnBatch = TakeIn, Limit = next };
        var segment = opening.WasCleanlyShutDown ? scan.ResumeClosed() : scan.Resume(trusted, checksums: true);
        Segments[at] = segment;
        EndOffset = scan.EndOffset;
        var whole = scan.End == ScanEnd.Complete;
        if (!whole) CutTail(segment, size, scan.End);
        whole |= EndOffset == next;
        HasTransactions |= Producers.SawTransactions;
        if (!opening.WasCleanlyShutDown) KeepAborted(segment);
        if (next < long.MaxValue && whole) segment.Seal();
        if (segment != old) old.Retire();
        return whole;
    }

    // Where the producers were followed from the segment's beginning on, every marker in it was seen; otherwise its file is looked at when it is needed.
    private void KeepAborted(LogSegment segment)
    {
        if (segment.BaseOffset < _followedFrom) return;
        segment.SawEveryMarker = true;
        foreach (var aborted in _aborted)
        {
            if (aborted.LastOffset < segment.BaseOffset || aborted.LastOffset >= EndOffset) continue;
            segment.Transactions.Add(aborted);
            if (segment.Transactions.Waiting >= Limits.WaitingAbortedTransactions) segment.StoreTransactions(HasTransactions);
        }

        _aborted.RemoveAll(aborted => aborted.LastOffset < EndOffset);
        segment.StoreTransactions(HasTransactions);
    }

    private void Follow(BatchScanner batch)
    {
        if (batch.Header.BaseOffset < Producers.EndOffset) return;
        if (Producers.Apply(batch.Header, batch.ReadMarker(), out var ended) && ended.IsAborted) _aborted.Add(ended.Aborted);
        Producers.Keep();
    }

    private void TakeIn(BatchScanner batch)
    {
        Follow(batch);
        if (batch.Header.PartitionLeaderEpoch > Epochs.Latest) Epochs.Assign(batch.Header.PartitionLeaderEpoch, batch.Header.BaseOffset);
    }

    // What is cut off is kept beside the log, unless it is nothing but zeros: an expert may find something in it.
    private void CutTail(LogSegment segment, long oldSize, ScanEnd why)
    {
        var file = segment.Log.TryLease()!;
        try
        {
            var cut = oldSize - segment.Size;
            var what = why == ScanEnd.Torn ? "a torn batch" : "no batch";
            Report($"{cut} bytes from byte {segment.Size} of the segment at offset {segment.BaseOffset} are {what}: the log ends at offset {EndOffset}");
            SaveTail(segment, file, oldSize);
            file.SetLength(segment.Size);
            file.Flush(); // a second crash must not bring it back
        }
        finally
        {
            segment.Log.Dispose();
        }
    }

    private void SaveTail(LogSegment segment, IDiskFile file, long oldSize)
    {
        var buffer = new byte[Math.Min(Limits.ScanBufferBytes, oldSize - segment.Size)];
        IDiskFile? aside = null;
        try
        {
            for (var at = segment.Size; at < oldSize;)
            {
                var got = file.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, oldSize - at)), at);
                if (got == 0) break;
                var piece = buffer.AsSpan(0, got);
                if (aside is null && piece.IndexOfAnyExcept((byte)0) >= 0) aside = _disk.Open($"{segment.Log.Path}.{segment.Size}.cut", DiskAccess.Create);
                aside?.Write(piece, at - segment.Size);
                at += got;
            }
        }
        finally
        {
            aside?.Dispose();
        }
    }

    // Behind damage nothing is believed: the offsets that follow would leave a hole that nobody asked for.
    private void DropAfter(int last)
    {
        for (var i = Segments.Count - 1; i > last; i--)
        {
            Report($"the segment at offset {Segments[i].BaseOffset} lies behind damage and is set aside");
            SetAside(i);
        }

        _disk.SyncDirectory(_directory); // a second crash must not bring them back
    }

    private void SetAside(int at)
    {
        var segment = Segments[at];
        segment.Retire();
        foreach (var suffix in LogFiles.OfSegment)
        {
            var path = LogFiles.Path(_directory, segment.BaseOffset, suffix);
            if (_disk.LengthOf(path) >= 0) _disk.Rename(path, suffix == LogFiles.Log ? path + ".cut" : path + LogFiles.Deleted);
        }

        Segments.RemoveAt(at);
    }

    private void RestoreProducers()
    {
        var found = NewestSnapshot(out _followedFrom);
        Producers.Reset(found.Entries, found.Offset);
        var from = Math.Max(found.Offset, Segments[0].BaseOffset);
        Producers.EndOffset = from;
        _snapshotAt = found.Offset;
        if (opening.WasCleanlyShutDown && found.Offset == opening.RecoveryPoint) return;
        SnapshotTransactions.Confirm(Producers, found.Offset, Segments);
        var until = opening.WasCleanlyShutDown ? long.MaxValue : Math.Max(_followedFrom, opening.RecoveryPoint);
        if (from >= until) return;
        FollowFrom(from, until);

        // Those of segments that are not read again are found in their indexes.
        _aborted.RemoveAll(aborted => aborted.LastOffset < _followedFrom);
    }

    // After a crash one at the recovery point saves reading the log up to there; in a log with transactions the segment that is read again is followed from its
    // beginning, so that no aborted one is missing in its index.
    private (IReadOnlyList<ProducerEntry> Entries, long Offset) NewestSnapshot(out long followedFrom)
    {
        followedFrom = opening.WasCleanlyShutDown ? long.MaxValue : ScanStart();
        if (opening.WasCleanlyShutDown && ProducerRestore.IsEmptyAt(_disk, _directory, _names, opening.RecoveryPoint)) return ([], opening.RecoveryPoint);
        if (!opening.WasCleanlyShutDown && !HasTransactions && opening.RecoveryPoint > followedFrom)
        {
            var late = ProducerRestore.Newest(_disk, _directory, _names, FirstBase, opening.RecoveryPoint, Report);
            if (late.Offset > followedFrom && !late.Entries.Any(entry => entry.FirstOffsetOfTransaction >= 0 || entry.CoordinatorEpoch >= 0))
            {
                followedFrom = late.Offset;
                return late;
            }
        }

        return ProducerRestore.Newest(_disk, _directory, _names, FirstBase, followedFrom, Report);
    }

    // A power loss can take the tail of a segment and leave the empty one that was opened after it. The log ends where its records do: offsets without
    // records that nobody deleted would be a hole.
    private void DropEmptyBehindGap(long endBefore)
    {
        var last = Segments.Count - 1;
        if (last == 0 || Segments[last].Size > 0 || endBefore >= Segments[last].BaseOffset || endBefore < opening.StartOffset) return;
        // What was durable is not lost with the power: a cleaning by another broker took the tail.
        if (opening.RecoveryPoint >= Segments[last].BaseOffset) return;
        DropAfter(last - 1);
        EndOffset = endBefore;
        // The segment before is the one to append to again.
        var active = Segments[^1];
        active.Offsets.Unseal(endBefore - active.BaseOffset, active.Size);
        active.Times.Unseal(long.MaxValue, endBefore - active.BaseOffset);
    }

    // Where the first segment begins of which anything will be read.
    private long ScanStart()
    {
        for (var i = Segments.Count - 1; i > 0; i--)
        {
            if (Segments[i].BaseOffset <= opening.RecoveryPoint) return Segments[i].BaseOffset;
        }

        return Segments[0].BaseOffset;
    }

    private void LoadEpochs()
    {
        var scanned = Epochs.Entries;
        var bytes = _names.Contains(LogFiles.Epochs) ? _disk.ReadAll($"{_directory}/{LogFiles.Epochs}") : null;
        var good = bytes is { Length: > 0 } && Epochs.TryDecode(bytes);
        if (!good && EndOffset > Segments[0].BaseOffset)
        {
            Report($"{LogFiles.Epochs} is {(bytes is null ? "missing" : "damaged")} and made anew from the log");
            Epochs.Clear();
            foreach (var segment in Segments) ScanEpochs(segment);
        }

        foreach (var (epoch, start) in scanned)
        {
            if (epoch > Epochs.Latest) Epochs.Assign(epoch, start);
        }

        Epochs.CutTail(EndOffset + 1);
        if (!Epochs.IsChanged) return;
        _disk.ReplaceAll($"{_directory}/{LogFiles.Epochs}", Epochs.Encode(), durable: false);
        Epochs.MarkStored();
    }

    private void ScanEpochs(LogSegment segment)
    {
        using var scan = new SegmentScan(_disk, _directory, segment, opening);
        scan.ForEachHeader(segment.BaseOffset, long.MaxValue, batch =>
        {
            if (batch.Header.PartitionLeaderEpoch > Epochs.Latest) Epochs.Assign(batch.Header.PartitionLeaderEpoch, batch.Header.BaseOffset);
        });
    }

    private void SetStart()
    {
        StartOffset = Math.Max(opening.StartOffset, Segments[0].BaseOffset);
        if (StartOffset > EndOffset)
        {
            Report($"the log should start at offset {StartOffset} but ends at {EndOffset}: all of it goes, and it starts there, empty");
            DropAfter(-1);
            EndOffset = StartOffset;
            Segments.Add(Empty(EndOffset));
            Producers.Reset([], EndOffset);
            ProducerRestore.RemoveAll(_disk, _directory, _names);
            Epochs.Clear();
        }
        else
        {
            Epochs.CutHead(StartOffset);
        }

        if (Epochs.IsChanged) _disk.ReplaceAll($"{_directory}/{LogFiles.Epochs}", Epochs.Encode(), durable: false);
        Epochs.MarkStored();
        ProducerRestore.RemoveStale(_disk, _directory, _names, Segments, EndOffset, Report);
    }

    private void Report(string sentence) => opening.Report?.Invoke($"{_directory}: {sentence}");
}

using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Quorum;

/// <summary>A node lost its process in the middle of something.</summary>
internal sealed class CrashedException : Exception;

/// <summary>When a node ends while its log gives way to a snapshot.</summary>
internal enum SnapshotCrash
{
    None,

    /// <summary>The snapshot is not durable yet.</summary>
    Before,

    /// <summary>The snapshot is durable, and the log as it was.</summary>
    Between,
}

/// <summary>A voter's log in memory, that can crash before, within and after it makes batches durable, and at each step of a snapshot. A snapshot is the log's batches up to its end.</summary>
internal sealed class FakeQuorumLog : IQuorumLog
{
    private readonly List<(long Offset, long Next, int Epoch, byte[] Bytes)> _batches = [];
    private readonly List<byte> _staged = [];
    private (LogEnd End, byte[] Bytes)? _snapshot;
    private (LogEnd End, byte[] Bytes)? _saving;
    private int _durable;
    private bool _isEarly;

    /// <summary>A snapshot counts before it is durable: a crash loses it.</summary>
    public bool TrimsEarly { get; init; }

    /// <summary>The next snapshot that is saved or installed crashes then.</summary>
    public SnapshotCrash CrashOfSnapshot { get; set; }

    /// <summary>Batches count as written before they are durable: a crash loses them.</summary>
    public bool IsLazy { get; init; }

    /// <summary>Of the next append a crash leaves so many batches; null where it does not crash.</summary>
    public int? CrashAfter { get; set; }

    /// <summary>The disk takes nothing.</summary>
    public bool Fails { get; set; }

    public LogEnd Start { get; private set; } = new(-1, 0);

    public long EndOffset => _batches.Count == 0 ? Start.Offset : _batches[^1].Next;

    public IReadOnlyList<QuorumSnapshot> Snapshots => _snapshot is { } there ? [new QuorumSnapshot(there.End, there.Bytes.Length)] : [];

    public IReadOnlyList<EpochStart> Epochs
    {
        get
        {
            var epochs = new List<EpochStart>();
            foreach (var batch in _batches)
            {
                if (epochs.Count == 0 || epochs[^1].Epoch != batch.Epoch) epochs.Add(new EpochStart(batch.Epoch, batch.Offset));
            }

            return epochs;
        }
    }

    /// <summary>Every batch as text: offset, epoch and contents.</summary>
    public IEnumerable<(long Offset, string Text)> Contents
        => Parse(_snapshot?.Bytes ?? []).Where(b => b.Offset < Start.Offset).Concat(_batches).Select(b => (b.Offset, $"{b.Epoch}:{Convert.ToHexString(b.Bytes.AsSpan(RecordBatchHeader.LogOverhead))}"));

    public byte[] Read(long offset, int maxBytes)
    {
        if (offset < Start.Offset) throw new IOException("that part of the log is gone");
        var bytes = new List<byte>();
        foreach (var batch in _batches)
        {
            if (batch.Next <= offset) continue;
            if (bytes.Count > 0 && bytes.Count + batch.Bytes.Length > maxBytes) break;
            bytes.AddRange(batch.Bytes);
        }

        return [.. bytes];
    }

    public bool TryAppend(ReadOnlyMemory<byte> batches)
    {
        if (Fails) return false;
        var walker = new RecordBatchWalker(batches.Span);
        for (var i = 0; walker.MoveNext(); i++)
        {
            if (CrashAfter == i) throw new CrashedException();
            var header = walker.Header;
            if (header.BaseOffset != EndOffset) throw new InvalidOperationException($"a batch at {header.BaseOffset} does not continue a log that ends at {EndOffset}");
            _batches.Add((header.BaseOffset, header.NextOffset, header.PartitionLeaderEpoch, walker.Batch.ToArray()));
            if (!IsLazy) _durable = _batches.Count;
        }

        if (CrashAfter is not null) throw new CrashedException();
        return true;
    }

    public bool TryTruncate(long offset)
    {
        if (Fails) return false;
        _batches.RemoveAll(b => b.Next > offset);
        _durable = Math.Min(_durable, _batches.Count);
        return true;
    }

    /// <summary>What is left after a crash.</summary>
    public void Crash()
    {
        _batches.RemoveRange(_durable, _batches.Count - _durable);
        (CrashAfter, CrashOfSnapshot) = (null, SnapshotCrash.None);
        _staged.Clear();
        if (_isEarly) _snapshot = null;
        if (_saving is not { } durable) return;
        // As at a real start: a durable snapshot that the log does not lead to takes its place.
        _saving = null;
        if (durable.End.Offset <= (_snapshot?.End.Offset ?? 0)) return;
        Count(durable);
    }

    /// <summary>Everything becomes durable after all.</summary>
    public void Settle() => (_durable, _isEarly) = (_batches.Count, false);

    public byte[]? ReadSnapshot(LogEnd snapshot, long position, int maxBytes)
    {
        if (_snapshot is not { } there || there.End != snapshot) return null;
        // One batch at a time, so that many pieces are sent.
        var walker = new RecordBatchWalker(there.Bytes.AsSpan((int)position));
        return walker.MoveNext() ? walker.Batch.ToArray() : null;
    }

    public QuorumSnapshot? TrySave(LogEnd snapshot, VoterSet? voters, IEnumerable<global::AkkaStream.Client.Protocol.IApiMessage> events)
    {
        if (Fails) return null;
        if (CrashOfSnapshot == SnapshotCrash.Before) throw new CrashedException();
        var past = Parse(_snapshot?.Bytes ?? []).Where(b => b.Offset < Start.Offset).Concat(_batches).Where(b => b.Next <= snapshot.Offset);
        _saving = (snapshot, [.. past.SelectMany(b => b.Bytes)]);
        if (CrashOfSnapshot == SnapshotCrash.Between) throw new CrashedException();
        return new QuorumSnapshot(snapshot, _saving.Value.Bytes.Length);
    }

    public void Saved(QuorumSnapshot snapshot)
    {
        if (_saving is { } saved && saved.End == snapshot.End) Count(saved);
        _saving = null;
    }

    public bool TryStage(long position, ReadOnlyMemory<byte> bytes)
    {
        if (Fails) return false;
        if (position == 0) _staged.Clear();
        if (position != _staged.Count) throw new InvalidOperationException($"a piece at {position} does not follow {_staged.Count}");
        _staged.AddRange(bytes.ToArray());
        return true;
    }

    public bool TryInstall(QuorumSnapshot snapshot)
    {
        if (CrashOfSnapshot == SnapshotCrash.Before) throw new CrashedException();
        if (_staged.Count != snapshot.Length) return false;
        _saving = (snapshot.End, [.. _staged]);
        if (CrashOfSnapshot == SnapshotCrash.Between) throw new CrashedException();
        Count(_saving.Value);
        _saving = null;
        return true;
    }

    private void Count((LogEnd End, byte[] Bytes) snapshot)
    {
        var continues = snapshot.End.Offset <= EndOffset && this.EpochBefore(snapshot.End.Offset) == snapshot.End.Epoch;
        (_snapshot, Start) = (snapshot, snapshot.End);
        _batches.RemoveAll(b => !continues || b.Next <= snapshot.End.Offset);
        _isEarly = TrimsEarly;
        _durable = _batches.Count;
    }

    private static List<(long Offset, long Next, int Epoch, byte[] Bytes)> Parse(byte[] bytes)
    {
        var batches = new List<(long Offset, long Next, int Epoch, byte[] Bytes)>();
        var walker = new RecordBatchWalker(bytes);
        while (walker.MoveNext()) batches.Add((walker.Header.BaseOffset, walker.Header.NextOffset, walker.Header.PartitionLeaderEpoch, walker.Batch.ToArray()));
        return batches;
    }
}

/// <summary>A promise in memory, that can crash before and after it is durable.</summary>
internal sealed class FakePromises(Guid disk) : IQuorumPromises
{
    private QuorumPromise _durable = QuorumPromise.None;

    /// <summary>A crash loses the promise.</summary>
    public bool Forgets { get; init; }

    /// <summary>The next promise crashes before (false) or after (true) it is durable; null where it does not.</summary>
    public bool? CrashesDurably { get; set; }

    public Guid Disk => disk;

    public QuorumPromise Promise { get; private set; } = QuorumPromise.None;

    public bool TryStore(QuorumPromise promise)
    {
        if (CrashesDurably is { } durably)
        {
            if (durably) _durable = promise;
            throw new CrashedException();
        }

        Promise = _durable = promise;
        return true;
    }

    public void Crash()
    {
        if (Forgets) _durable = QuorumPromise.None;
        Promise = _durable;
        CrashesDurably = null;
    }
}

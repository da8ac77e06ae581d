using AkkaStream.Actors.Metadata.Quorum;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Quorum;

/// <summary>A node lost its process in the middle of something.</summary>
internal sealed class CrashedException : Exception;

/// <summary>A voter's log in memory, that can crash before, within and after it makes batches durable.</summary>
internal sealed class FakeQuorumLog : IQuorumLog
{
    private readonly List<(long Offset, long Next, int Epoch, byte[] Bytes)> _batches = [];
    private int _durable;

    /// <summary>Batches count as written before they are durable: a crash loses them.</summary>
    public bool IsLazy { get; init; }

    /// <summary>Of the next append a crash leaves so many batches; null where it does not crash.</summary>
    public int? CrashAfter { get; set; }

    /// <summary>The disk takes nothing.</summary>
    public bool Fails { get; set; }

    public long StartOffset => 0;

    public long EndOffset => _batches.Count == 0 ? 0 : _batches[^1].Next;

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
        => _batches.Select(b => (b.Offset, $"{b.Epoch}:{Convert.ToHexString(b.Bytes.AsSpan(RecordBatchHeader.LogOverhead))}"));

    public byte[] Read(long offset, int maxBytes)
    {
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
        CrashAfter = null;
    }

    /// <summary>Everything becomes durable after all.</summary>
    public void Settle() => _durable = _batches.Count;
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

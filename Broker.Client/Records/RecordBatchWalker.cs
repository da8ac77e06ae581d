using System.Buffers.Binary;

namespace AkkaStream.Client.Records;

/// <summary>How a walk over batches ended.</summary>
public enum BatchWalkEnd
{
    /// <summary>It has not ended.</summary>
    None,

    /// <summary>The last batch ended where the bytes do.</summary>
    Complete,

    /// <summary>The bytes end inside a batch; <see cref="RecordBatchWalker.Position"/> is where it starts.</summary>
    Truncated,

    /// <summary>No batch can stand at <see cref="RecordBatchWalker.Position"/>: impossible length or another magic.</summary>
    Corrupt,
}

/// <summary>
/// Steps over batches that lie back to back, without a copy or an allocation. Lengths are checked against what is there;
/// checksums are not computed. It stops at the first batch that is cut off or impossible and says which.
/// </summary>
public ref struct RecordBatchWalker
{
    private readonly ReadOnlySpan<byte> _source;
    private readonly bool _takesOldFormats;
    private RecordBatchHeader _header;
    private int _start;
    private int _next;

    /// <summary>A walk over <paramref name="source"/> from its first byte.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="takesOldFormats">Messages of the formats 0 and 1 are batches too, as of <see cref="RecordBatchHeader.TryParseStored"/>.</param>
    public RecordBatchWalker(ReadOnlySpan<byte> source, bool takesOldFormats = false)
    {
        _source = source;
        _takesOldFormats = takesOldFormats;
        _header = default;
        _start = 0;
        _next = 0;
        End = BatchWalkEnd.None;
    }

    /// <summary>Header of the current batch.</summary>
    public readonly RecordBatchHeader Header => _header;

    /// <summary>The current batch, header included.</summary>
    public readonly ReadOnlySpan<byte> Batch => _source[_start.._next];

    /// <summary>Records of the current batch of format 2, as they were written: possibly compressed.</summary>
    public readonly ReadOnlySpan<byte> Records => _source[(_start + RecordBatchHeader.Size).._next];

    /// <summary>Where the current batch starts; after the end, where the whole batches end.</summary>
    public readonly int Position => _start;

    /// <summary>Why the walk ended.</summary>
    public BatchWalkEnd End { get; private set; }

    /// <summary>Steps to the next whole batch. False at the end, whatever its cause.</summary>
    public bool MoveNext()
    {
        if (End != BatchWalkEnd.None) return false;
        _start = _next;
        var rest = _source[_start..];
        if (rest.IsEmpty) return Ended(BatchWalkEnd.Complete);
        if (rest.Length < RecordBatchHeader.LogOverhead) return Ended(BatchWalkEnd.Truncated);

        var length = BinaryPrimitives.ReadInt32BigEndian(rest[RecordBatchHeader.LengthPosition..]);
        if (_takesOldFormats && rest.Length > RecordBatchHeader.MagicPosition && rest[RecordBatchHeader.MagicPosition] < RecordBatchHeader.CurrentMagic) return MoveNextOld(rest);
        if (length is < RecordBatchHeader.Size - RecordBatchHeader.LogOverhead or > int.MaxValue - RecordBatchHeader.LogOverhead) return Ended(BatchWalkEnd.Corrupt);
        if (rest.Length > RecordBatchHeader.MagicPosition && rest[RecordBatchHeader.MagicPosition] != RecordBatchHeader.CurrentMagic) return Ended(BatchWalkEnd.Corrupt);
        if (rest.Length < RecordBatchHeader.LogOverhead + length) return Ended(BatchWalkEnd.Truncated);

        RecordBatchHeader.TryParse(rest, out _header);
        _next = _start + RecordBatchHeader.LogOverhead + length;
        return true;
    }

    private bool MoveNextOld(ReadOnlySpan<byte> rest)
    {
        if (!RecordBatchHeader.TryParseStored(rest, out _header)) return Ended(BatchWalkEnd.Truncated);
        if (!_header.HasPossibleLength) return Ended(BatchWalkEnd.Corrupt);
        if (rest.Length < _header.SizeInBytes) return Ended(BatchWalkEnd.Truncated);
        _next = _start + _header.SizeInBytes;
        return true;
    }

    private bool Ended(BatchWalkEnd end)
    {
        End = end;
        return false;
    }
}

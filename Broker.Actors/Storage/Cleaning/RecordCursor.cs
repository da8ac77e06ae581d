using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>
/// Steps over the uncompressed records of a batch whose checksum is right, and looks at no more of them than a cleaning needs: key, whether there is a value, and
/// where the bytes behind the offset begin.
/// </summary>
internal ref struct RecordCursor(ReadOnlySpan<byte> records, int count)
{
    private readonly ReadOnlySpan<byte> _records = records;
    private int _left = count;
    private int _keyStart;
    private int _keyLength;

    /// <summary>Where the record begins, its length included.</summary>
    public int Start { get; private set; }

    /// <summary>Where it ends.</summary>
    public int End { get; private set; }

    /// <summary>Where its key's length begins: everything from there on is the same wherever the record stands.</summary>
    public int Tail { get; private set; }

    /// <summary>Milliseconds from the batch's base timestamp.</summary>
    public long TimestampDelta { get; private set; }

    /// <summary>Offset from the batch's base offset.</summary>
    public int OffsetDelta { get; private set; }

    /// <summary>It has a key.</summary>
    public readonly bool HasKey => _keyLength >= 0;

    /// <summary>It has a value; without one it is a tombstone.</summary>
    public bool HasValue { get; private set; }

    /// <summary>The key; empty also where there is none.</summary>
    public readonly ReadOnlySpan<byte> Key => _records.Slice(_keyStart, Math.Max(_keyLength, 0));

    /// <summary>The bytes from <see cref="Tail"/> on.</summary>
    public readonly ReadOnlySpan<byte> Rest => _records[Tail..End];

    /// <summary>Steps to the next record; false after the last one.</summary>
    /// <exception cref="CorruptRecordException">The bytes are no records, or not as many as announced.</exception>
    public bool MoveNext()
    {
        if (_left == 0 && End == _records.Length) return false;
        var at = End;
        Start = at;
        if (_left-- <= 0 || !Varint.TryReadInt(_records, ref at, out var length) || length <= 0 || length > _records.Length - at) throw Broken();
        End = at + length;
        var body = _records[..End];
        at++;
        if (!Varint.TryReadLong(body, ref at, out var timestamp) || !Varint.TryReadInt(body, ref at, out var offset) || offset < 0) throw Broken();
        Tail = at;
        (TimestampDelta, OffsetDelta) = (timestamp, offset);
        if (!Varint.TryReadInt(body, ref at, out _keyLength) || _keyLength > End - at) throw Broken();
        _keyStart = at;
        at += Math.Max(_keyLength, 0);
        if (!Varint.TryReadInt(body, ref at, out var value) || value > End - at) throw Broken();
        HasValue = value >= 0;
        return true;
    }

    private static CorruptRecordException Broken() => new(RecordFault.Invalid, "a record is longer than its batch, or the batch has another number of records than it says");
}

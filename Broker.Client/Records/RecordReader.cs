using System.Diagnostics.CodeAnalysis;

namespace AkkaStream.Client.Records;

/// <summary>
/// Steps over the uncompressed records of one batch of format 2 without a copy or an allocation; keys, values and headers are slices.
/// Every length is checked against what is left before it is used. A compressed batch is decompressed first.
/// </summary>
public ref struct RecordReader
{
    private readonly ReadOnlySpan<byte> _source;
    private readonly long _baseOffset;
    private readonly long _baseTimestamp;
    private readonly long _appendTime;
    private readonly int _count;
    private readonly bool _appended;
    private int _read;
    private int _next;
    private int _keyStart;
    private int _keyLength;
    private int _valueStart;
    private int _valueLength;
    private int _headersStart;

    /// <summary>The records <paramref name="records"/> of the batch with this header.</summary>
    public RecordReader(in RecordBatchHeader header, ReadOnlySpan<byte> records)
    {
        this = default;
        _source = records;
        _baseOffset = header.BaseOffset;
        _baseTimestamp = header.BaseTimestamp;
        _appendTime = header.MaxTimestamp;
        _appended = header.TimestampType == TimestampType.LogAppendTime;
        _count = header.RecordCount;
    }

    /// <summary>The record's offset.</summary>
    public long Offset { readonly get; private set; }

    /// <summary>Milliseconds since 1970, or -1.</summary>
    public long Timestamp { readonly get; private set; }

    /// <summary>The record has no key.</summary>
    public readonly bool IsKeyNull => _keyLength < 0;

    /// <summary>The record has no value: a tombstone.</summary>
    public readonly bool IsValueNull => _valueLength < 0;

    /// <summary>The key; empty also where there is none.</summary>
    public readonly ReadOnlySpan<byte> Key => _source.Slice(_keyStart, Math.Max(_keyLength, 0));

    /// <summary>The value; empty also where there is none.</summary>
    public readonly ReadOnlySpan<byte> Value => _source.Slice(_valueStart, Math.Max(_valueLength, 0));

    /// <summary>Where the key starts in the records' bytes, for a caller that slices memory of its own.</summary>
    public readonly int KeyStart => _keyStart;

    /// <summary>Bytes of the key; negative where there is none.</summary>
    public readonly int KeyLength => _keyLength;

    /// <summary>Where the value starts in the records' bytes.</summary>
    public readonly int ValueStart => _valueStart;

    /// <summary>Bytes of the value; negative where there is none.</summary>
    public readonly int ValueLength => _valueLength;

    /// <summary>How many headers the record has.</summary>
    public int HeaderCount { readonly get; private set; }

    /// <summary>Where the headers start in the records' bytes; they end at <see cref="Consumed"/>.</summary>
    public readonly int HeadersStart => _headersStart;

    /// <summary>The record's headers, in the order in which the producer set them.</summary>
    public readonly RecordHeaderReader Headers => new(_source[_headersStart.._next], HeaderCount, _headersStart);

    /// <summary>The record's headers as they were written, without their count.</summary>
    internal readonly ReadOnlySpan<byte> RawHeaders => _source[_headersStart.._next];

    /// <summary>Bytes of the records read so far.</summary>
    public readonly int Consumed => _next;

    /// <summary>
    /// Steps to the next record. False after the last one that the batch announced.
    /// </summary>
    /// <exception cref="CorruptRecordException">The bytes are no records, or not as many as announced.</exception>
    public bool MoveNext()
    {
        if (_read >= _count)
        {
            if (_next != _source.Length || _count < 0) Refuse("the batch holds more bytes than its records");
            return false;
        }

        var at = _next;
        if (!Varint.TryReadInt(_source, ref at, out var length) || length < 0 || length > _source.Length - at) Refuse("a record is longer than its batch");
        var end = at + length;
        var body = _source[..end];
        if (at >= end) Refuse("a record is empty");
        at++; // the record's attributes have no meaning yet
        if (!Varint.TryReadLong(body, ref at, out var timestampDelta)) Refuse("a record ends in its timestamp");
        if (!Varint.TryReadInt(body, ref at, out var offsetDelta)) Refuse("a record ends in its offset");
        if (!TryReadBytes(body, ref at, out _keyStart, out _keyLength)) Refuse("a key is longer than its record");
        if (!TryReadBytes(body, ref at, out _valueStart, out _valueLength)) Refuse("a value is longer than its record");
        if (!Varint.TryReadInt(body, ref at, out var headers) || headers < 0 || headers > end - at) Refuse("a record cannot hold as many headers as it announces");
        _headersStart = at;
        HeaderCount = headers;
        if (!RecordHeaderReader.TrySkip(body, ref at, headers) || at != end) Refuse("a record's length is not that of its fields");

        _next = end;
        _read++;
        Offset = _baseOffset + offsetDelta;
        Timestamp = _appended ? _appendTime : _baseTimestamp + timestampDelta;
        return true;
    }

    internal static bool TryReadBytes(ReadOnlySpan<byte> body, ref int at, out int start, out int length)
    {
        start = at;
        if (!Varint.TryReadInt(body, ref at, out length)) return false;
        start = at;
        if (length < 0) return true; // any negative length means absent, as in Kafka
        if (length > body.Length - at) return false;
        at += length;
        return true;
    }

    [DoesNotReturn]
    private static void Refuse(string what) => throw new CorruptRecordException(RecordFault.Invalid, what);
}

/// <summary>Steps over the headers of one record.</summary>
public ref struct RecordHeaderReader
{
    private readonly ReadOnlySpan<byte> _source;
    private readonly int _origin;
    private readonly int _count;
    private int _read;
    private int _next;
    private int _keyStart;
    private int _keyLength;
    private int _valueStart;
    private int _valueLength;

    internal RecordHeaderReader(ReadOnlySpan<byte> source, int count, int origin)
    {
        this = default;
        _source = source;
        _count = count;
        _origin = origin;
    }

    /// <summary>The header's name, UTF-8.</summary>
    public readonly ReadOnlySpan<byte> Key => _source.Slice(_keyStart, _keyLength);

    /// <summary>The header's value; empty also where there is none.</summary>
    public readonly ReadOnlySpan<byte> Value => _source.Slice(_valueStart, Math.Max(_valueLength, 0));

    /// <summary>The header has no value.</summary>
    public readonly bool IsValueNull => _valueLength < 0;

    /// <summary>Where the value starts in the records' bytes.</summary>
    public readonly int ValueStart => _origin + _valueStart;

    /// <summary>Bytes of the value; negative where there is none.</summary>
    public readonly int ValueLength => _valueLength;

    /// <summary>Steps to the next header. False after the last one.</summary>
    public bool MoveNext()
    {
        if (_read >= _count) return false;
        _read++;
        return RecordReader.TryReadBytes(_source, ref _next, out _keyStart, out _keyLength)
            && RecordReader.TryReadBytes(_source, ref _next, out _valueStart, out _valueLength);
    }

    // The count is already known to be no larger than the bytes left.
    internal static bool TrySkip(ReadOnlySpan<byte> body, ref int at, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!RecordReader.TryReadBytes(body, ref at, out _, out var keyLength) || keyLength < 0) return false;
            if (!RecordReader.TryReadBytes(body, ref at, out _, out _)) return false;
        }

        return true;
    }
}

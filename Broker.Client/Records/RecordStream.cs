using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using AkkaStream.Client.Compression;

namespace AkkaStream.Client.Records;

/// <summary>
/// Steps over the records of a compressed batch through a window of fixed size, without keeping keys or values: what a broker needs to
/// know about a batch that it stores as it came. It asks what Kafka asks there, so a record's own length field is not believed nor checked.
/// </summary>
internal ref struct RecordStream
{
    private readonly Decompressor _source;
    private readonly byte[] _window;
    private readonly long _limit;
    private long _unfolded;
    private int _at;
    private int _filled;
    private bool _ended;

    /// <summary>A stream of what <paramref name="source"/> unfolds to, at most <paramref name="limit"/> bytes.</summary>
    public RecordStream(Decompressor source, long limit)
    {
        _source = source;
        _limit = limit;
        _window = ArrayPool<byte>.Shared.Rent(Limits.RecordWindow);
    }

    /// <summary>Milliseconds from the batch's base timestamp.</summary>
    public long TimestampDelta { get; private set; }

    /// <summary>Offset from the batch's base offset.</summary>
    public int OffsetDelta { get; private set; }

    /// <summary>The record has a key.</summary>
    public bool HasKey { get; private set; }

    /// <summary>Reads one record.</summary>
    /// <exception cref="CorruptRecordException">The bytes end first, are no record, or are none of the codec's.</exception>
    public void Next()
    {
        ReadInt(); // the record's length
        Skip(1); // its attributes
        TimestampDelta = ReadLong();
        OffsetDelta = ReadInt();
        HasKey = SkipField() >= 0;
        SkipField();
        var headers = ReadInt();
        if (headers < 0) Refuse("a record cannot have fewer than no headers");
        for (; headers > 0; headers--)
        {
            if (SkipField() < 0) Refuse("a header has no name");
            SkipField();
        }
    }

    /// <summary>Makes sure that nothing follows.</summary>
    /// <exception cref="CorruptRecordException">Something does.</exception>
    public void End()
    {
        if (_at < _filled || Fill()) Refuse("the batch holds more bytes than its records");
    }

    /// <summary>Gives the window back.</summary>
    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_window);

    private int SkipField()
    {
        var length = ReadInt();
        if (length > 0) Skip(length);
        return length;
    }

    private int ReadInt()
    {
        if (_filled - _at < Varint.MaxIntSize) Fill();
        if (!Varint.TryReadInt(_window.AsSpan(0, _filled), ref _at, out var value)) Refuse("a record ends in a number");
        return value;
    }

    private long ReadLong()
    {
        if (_filled - _at < Varint.MaxLongSize) Fill();
        if (!Varint.TryReadLong(_window.AsSpan(0, _filled), ref _at, out var value)) Refuse("a record ends in a number");
        return value;
    }

    private void Skip(int count)
    {
        while (count > _filled - _at)
        {
            count -= _filled - _at;
            _at = _filled;
            if (!Fill()) Refuse("a field is longer than its batch");
        }

        _at += count;
    }

    // Moves what is left to the window's start and reads behind it; false at the end.
    private bool Fill()
    {
        if (_ended) return false;
        var left = _filled - _at;
        if (left > 0) _window.AsSpan(_at, left).CopyTo(_window);
        _at = 0;
        _filled = left;
        do
        {
            var count = _source.Read(_window.AsSpan(_filled));
            _ended = count == 0;
            _filled += count;
            _unfolded += count;
        }
        while (!_ended && _filled < Varint.MaxLongSize);
        if (_unfolded > _limit) throw RecordCodec.TooLarge(_limit);
        return _filled > left;
    }

    [DoesNotReturn]
    private static void Refuse(string what) => throw new CorruptRecordException(RecordFault.Invalid, what);
}

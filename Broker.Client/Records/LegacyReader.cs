using AkkaStream.Client.Compression;

namespace AkkaStream.Client.Records;

/// <summary>
/// Reads messages of the formats 0 and 1, those inside compressed wrappers too, with absolute offsets. Keys and values are slices that live
/// until the next step. Checksums are checked. Bytes behind the last whole message are ignored.
/// </summary>
public ref struct LegacyReader
{
    private readonly ReadOnlySpan<byte> _source;
    private PooledBuffer? _inner;
    private LegacyMessage _message;
    private long _innerBase;
    private long _wrapperTime;
    private bool _wrapperAppended;
    private int _innerAt;
    private int _at;

    /// <summary>A reader of <paramref name="messages"/>.</summary>
    public LegacyReader(ReadOnlySpan<byte> messages)
    {
        this = default;
        _source = messages;
        if (messages.Length > RecordBatchHeader.MagicPosition + 1) Compression = (CompressionType)(messages[RecordBatchHeader.MagicPosition + 1] & RecordBatchHeader.CompressionMask);
    }

    /// <summary>The codec of the first entry.</summary>
    public CompressionType Compression { get; }

    /// <summary>The message's offset.</summary>
    public long Offset { readonly get; private set; }

    /// <summary>Milliseconds since 1970; -1 in format 0.</summary>
    public long Timestamp { readonly get; private set; }

    /// <summary>The message has no key.</summary>
    public readonly bool IsKeyNull => !_message.HasKey;

    /// <summary>The message has no value.</summary>
    public readonly bool IsValueNull => !_message.HasValue;

    /// <summary>The key.</summary>
    public readonly ReadOnlySpan<byte> Key => _message.Key;

    /// <summary>The value.</summary>
    public readonly ReadOnlySpan<byte> Value => _message.Value;

    /// <summary>Steps to the next message. False at the end.</summary>
    /// <exception cref="CorruptRecordException">The bytes are no messages, or a wrapper cannot be unfolded.</exception>
    public bool MoveNext()
    {
        if (InnerNext()) return true;
        if (!LegacyMessage.TryParse(_source[_at..], out _message)) return false;
        _at += _message.Size;
        if (_message.Compression == CompressionType.None)
        {
            Offset = _message.Offset;
            Timestamp = _message.Timestamp;
            return true;
        }

        Unwrap(_message);
        return InnerNext();
    }

    /// <summary>Gives the memory of unfolded wrappers back.</summary>
    public void Dispose()
    {
        _inner?.Dispose();
        _inner = null;
    }

    private bool InnerNext()
    {
        if (_inner is null || _innerAt == _inner.Length) return false;
        LegacyMessage.TryParse(_inner.WrittenSpan[_innerAt..], out _message);
        _innerAt += _message.Size;
        Offset = _innerBase + _message.Offset;
        Timestamp = _wrapperAppended ? _wrapperTime : _message.Timestamp;
        return true;
    }

    private void Unwrap(in LegacyMessage wrapper)
    {
        if (!wrapper.HasValue) throw new CorruptRecordException(RecordFault.Invalid, "a wrapper without messages");
        _inner ??= new PooledBuffer(wrapper.Value.Length);
        _inner.Truncate(0);
        _innerAt = 0;
        RecordCodec.Decompress(wrapper.Compression, wrapper.Value, _inner, Limits.DecompressedBytes(wrapper.Value.Length), ignoreLz4HeaderChecksum: wrapper.Magic == 0);
        var last = LastInnerOffset(_inner.WrittenSpan);
        // Format 1 counts inside from any base, and the wrapper's offset is the last one's; format 0 has absolute offsets inside.
        _innerBase = wrapper.Magic == 0 ? 0 : wrapper.Offset - last;
        _wrapperAppended = wrapper.IsAppendTime;
        _wrapperTime = wrapper.Timestamp;
    }

    private static long LastInnerOffset(ReadOnlySpan<byte> messages)
    {
        var last = 0L;
        var rest = messages;
        if (rest.IsEmpty) throw new CorruptRecordException(RecordFault.Invalid, "a wrapper without messages");
        while (!rest.IsEmpty)
        {
            if (!LegacyMessage.TryParse(rest, out var message)) throw new CorruptRecordException(RecordFault.Invalid, "a wrapper ends inside a message");
            if (message.Compression != CompressionType.None) throw new CorruptRecordException(RecordFault.Invalid, "a wrapper inside a wrapper");
            last = message.Offset;
            rest = rest[message.Size..];
        }

        return last;
    }
}

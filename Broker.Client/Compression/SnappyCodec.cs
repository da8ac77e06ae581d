using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AkkaStream.Client.Compression;

/// <summary>Snappy's block format and xerial's framing around it (the Java client's form).</summary>
internal static class SnappyCodec
{
    /// <summary>The start of a xerial stream: 8 bytes of magic, then version and the least version that reads it.</summary>
    internal static ReadOnlySpan<byte> FrameMagic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    internal const int FrameHeaderSize = 16;
    internal const int FrameVersion = 1;

    private const int FrameBlock = 32 * 1024;
    private const int HashBits = 13;
    private const int LeastMatch = 4;
    private const int LongestCopy = 64;
    private const int Wide = 16;

    public static void CompressFramed(ReadOnlySpan<byte> source, PooledBuffer destination)
    {
        var header = destination.GetSpan(FrameHeaderSize);
        FrameMagic.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], FrameVersion);
        BinaryPrimitives.WriteInt32BigEndian(header[12..], FrameVersion);
        destination.Advance(FrameHeaderSize);

        var table = ArrayPool<ushort>.Shared.Rent(1 << HashBits);
        do
        {
            var block = source[..Math.Min(source.Length, FrameBlock)];
            var target = destination.GetSpan(4 + MaxCompressedLength(block.Length));
            var size = CompressBlock(block, target[4..], table.AsSpan(0, 1 << HashBits));
            BinaryPrimitives.WriteInt32BigEndian(target, size);
            destination.Advance(4 + size);
            source = source[block.Length..];
        }
        while (!source.IsEmpty);
        ArrayPool<ushort>.Shared.Return(table);
    }

    /// <summary>
    /// The length that a block says it unfolds to. False where it says none, more than its bytes can hold, or more than <paramref name="limit"/>.
    /// </summary>
    public static bool TryReadLength(ReadOnlySpan<byte> block, long limit, out int length, out int at)
    {
        length = 0;
        at = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            if (at >= block.Length) return false;
            var part = block[at++];
            length |= (part & 0x7f) << shift;
            if (part >= 0x80) continue;
            // Three bytes copy at most 64: nothing unfolds to more than 22 times its size.
            return length >= 0 && length <= limit && length <= (block.Length * 22L) + LongestCopy;
        }

        return false;
    }

    /// <summary>Unfolds a block into exactly <paramref name="destination"/>. False where it is none.</summary>
    public static unsafe bool TryDecompressBlock(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* sourceStart = source)
        fixed (byte* targetStart = destination)
        {
            byte* from = sourceStart, to = targetStart;
            byte* sourceEnd = sourceStart + source.Length, targetEnd = targetStart + destination.Length;
            while (from < sourceEnd)
            {
                var tag = *from++;
                var done = (tag & 3) == 0
                    ? TryLiteral(ref from, sourceEnd, tag >> 2, ref to, targetEnd)
                    : TryCopy(ref from, sourceEnd, tag, targetStart, ref to, targetEnd);
                if (!done) return false;
            }

            return to == targetEnd;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe bool TryLiteral(ref byte* from, byte* sourceEnd, int code, ref byte* to, byte* targetEnd)
    {
        if (code < Wide && sourceEnd - from >= Wide && targetEnd - to >= Wide)
        {
            // Mostly short: one wide move, of which the part that is too much is written over.
            Vector128.Store(Vector128.Load(from), to);
            from += code + 1;
            to += code + 1;
            return true;
        }

        return TryLongLiteral(ref from, sourceEnd, code, ref to, targetEnd);
    }

    private static unsafe bool TryLongLiteral(ref byte* from, byte* sourceEnd, int code, ref byte* to, byte* targetEnd)
    {
        var length = code + 1L;
        if (code >= 60)
        {
            var bytes = code - 59;
            if (bytes > sourceEnd - from) return false;
            length = 1;
            for (var i = 0; i < bytes; i++) length += (long)from[i] << (8 * i);
            from += bytes;
        }

        if (length > sourceEnd - from || length > targetEnd - to) return false;
        System.Buffer.MemoryCopy(from, to, targetEnd - to, length);
        from += length;
        to += length;
        return true;
    }

    private static unsafe bool TryCopy(ref byte* from, byte* sourceEnd, byte tag, byte* targetStart, ref byte* to, byte* targetEnd)
    {
        if (!TryReadCopy(ref from, sourceEnd, tag, out var length, out var offset)) return false;
        if (offset == 0 || offset > to - targetStart || length > targetEnd - to) return false;
        var back = to - offset;
        if (offset >= Wide && targetEnd - to >= LongestCopy)
        {
            // No move reads what itself writes; what is too much is written over.
            for (var i = 0; i < length; i += Wide) Vector128.Store(Vector128.Load(back + i), to + i);
        }
        else
        {
            // A copy that reads what it has just written repeats the last bytes.
            for (var i = 0; i < length; i++) to[i] = back[i];
        }

        to += length;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe bool TryReadCopy(ref byte* from, byte* sourceEnd, byte tag, out int length, out uint offset)
    {
        length = (tag >> 2) + 1;
        offset = 0;
        switch (tag & 3)
        {
            case 1:
                if (from >= sourceEnd) return false;
                length = ((tag >> 2) & 7) + 4;
                offset = (uint)((tag >> 5) << 8) | *from++;
                return true;
            case 2:
                if (sourceEnd - from < 2) return false;
                offset = (uint)(from[0] | (from[1] << 8));
                from += 2;
                return true;
            default:
                if (sourceEnd - from < 4) return false;
                offset = BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(from, 4));
                from += 4;
                return true;
        }
    }

    private static int MaxCompressedLength(int length) => 32 + length + (length / 6);

    private static int CompressBlock(ReadOnlySpan<byte> source, Span<byte> destination, Span<ushort> table)
    {
        var to = 0;
        var raw = (uint)source.Length;
        for (; raw >= 0x80; raw >>= 7) destination[to++] = (byte)(raw | 0x80);
        destination[to++] = (byte)raw;

        table.Clear();
        int literal = 0, at = 1;
        var misses = 32;
        while (at <= source.Length - LeastMatch)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(source[at..]);
            ref var slot = ref table[(int)((word * 0x1e35a7bd) >> (32 - HashBits))];
            var candidate = slot;
            slot = (ushort)at;
            if (BinaryPrimitives.ReadUInt32LittleEndian(source[candidate..]) != word || candidate >= at)
            {
                // The longer nothing matches, the larger the steps.
                at += misses++ >> 5;
                continue;
            }

            to = WriteLiteral(source[literal..at], destination, to);
            var length = LeastMatch + source[(at + LeastMatch)..].CommonPrefixLength(source[(candidate + LeastMatch)..]);
            to = WriteCopies(destination, to, at - candidate, length);
            at += length;
            literal = at;
            misses = 32;
        }

        return WriteLiteral(source[literal..], destination, to);
    }

    private static int WriteLiteral(ReadOnlySpan<byte> literal, Span<byte> destination, int to)
    {
        if (literal.IsEmpty) return to;
        var code = literal.Length - 1;
        if (code < 60)
        {
            destination[to++] = (byte)(code << 2);
        }
        else if (code < 256)
        {
            destination[to++] = 60 << 2;
            destination[to++] = (byte)code;
        }
        else
        {
            destination[to++] = 61 << 2;
            destination[to++] = (byte)code;
            destination[to++] = (byte)(code >> 8);
        }

        literal.CopyTo(destination[to..]);
        return to + literal.Length;
    }

    private static int WriteCopies(Span<byte> destination, int to, int offset, int length)
    {
        while (length > 0)
        {
            var part = Math.Min(length, LongestCopy);
            destination[to++] = (byte)(((part - 1) << 2) | 2);
            destination[to++] = (byte)offset;
            destination[to++] = (byte)(offset >> 8);
            length -= part;
        }

        return to;
    }
}

/// <summary>Unfolds xerial streams (one or several, back to back) or one raw block, told apart by the first bytes.</summary>
internal sealed unsafe class SnappyDecompressor : Decompressor
{
    private readonly byte* _source;
    private readonly int _length;
    private readonly bool _framed;
    private byte[] _block = [];
    private int _blockLength;
    private int _blockRead;
    private int _at;

    public SnappyDecompressor(byte* source, int length)
    {
        _source = source;
        _length = length;
        var bytes = new ReadOnlySpan<byte>(source, length);
        if (length == 0) throw Refused("nothing where snappy should be");
        _framed = bytes.StartsWith(SnappyCodec.FrameMagic);
        if (_framed) SkipHeader();
    }

    public override int Read(Span<byte> destination)
    {
        while (_blockRead == _blockLength)
        {
            if (_at >= _length) return 0;
            NextBlock();
        }

        var count = Math.Min(destination.Length, _blockLength - _blockRead);
        _block.AsSpan(_blockRead, count).CopyTo(destination);
        _blockRead += count;
        return count;
    }

    public override void Dispose()
    {
        if (_block.Length > 0) ArrayPool<byte>.Shared.Return(_block);
        _block = [];
    }

    private void SkipHeader()
    {
        var rest = new ReadOnlySpan<byte>(_source + _at, _length - _at);
        if (rest.Length < SnappyCodec.FrameHeaderSize || BinaryPrimitives.ReadInt32BigEndian(rest[8..]) < SnappyCodec.FrameVersion) throw Refused("a snappy stream of a version that is not known");
        _at += SnappyCodec.FrameHeaderSize;
    }

    private void NextBlock()
    {
        var rest = new ReadOnlySpan<byte>(_source + _at, _length - _at);
        if (_framed && rest.StartsWith(SnappyCodec.FrameMagic))
        {
            SkipHeader();
            return;
        }

        if (_framed)
        {
            if (rest.Length < 4) throw Refused("a snappy stream ends in a length");
            var size = BinaryPrimitives.ReadInt32BigEndian(rest);
            if (size < 0 || size > rest.Length - 4) throw Refused("a snappy block is longer than its stream");
            rest = rest.Slice(4, size);
            _at += 4;
        }

        _at += rest.Length;
        Unfold(rest);
    }

    private void Unfold(ReadOnlySpan<byte> block)
    {
        _blockRead = _blockLength = 0;
        if (!SnappyCodec.TryReadLength(block, Limits.DecompressedBytes(block.Length), out var length, out var start)) throw Refused("a snappy block's length is impossible");
        if (_block.Length < length)
        {
            Dispose();
            _block = ArrayPool<byte>.Shared.Rent(length);
        }

        if (!SnappyCodec.TryDecompressBlock(block[start..], _block.AsSpan(0, length))) throw Refused("a snappy block cannot be unfolded");
        _blockLength = length;
    }
}

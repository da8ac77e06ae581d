using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AkkaStream.Client.Compression;

/// <summary>
/// LZ4: blocks by the system's library, the frame around them here, since Kafka's is a narrow one (independent blocks, no dictionary) with
/// oddities: content checksums are not looked at, and messages of format 0 carry a wrong header checksum.
/// </summary>
internal static unsafe class Lz4Codec
{
    public const int DefaultLevel = 9;
    public const int MinLevel = 1;
    public const int MaxLevel = 17;

    internal const uint Magic = 0x184d2204;
    internal const uint StoredBit = 0x80000000;
    internal const int BlockSize = 64 * 1024;
    internal const int FrameHeaderSize = 7;

    private const byte Flags = 0x60; // version 1, independent blocks
    private const byte BlockDescriptor = 0x40; // blocks of 64 KiB
    private const int HighestCompression = 12; // the library's; above it levels mean the same

    private static readonly Lazy<Functions> Library = new(() => new Functions());

    public static void Compress(ReadOnlySpan<byte> source, int level, PooledBuffer destination, bool brokenHeaderChecksum = false)
    {
        WriteHeader(destination, brokenHeaderChecksum);
        for (; !source.IsEmpty; source = source[Math.Min(source.Length, BlockSize)..])
            WriteBlock(source[..Math.Min(source.Length, BlockSize)], level, destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination.GetSpan(4), 0);
        destination.Advance(4);
    }

    /// <summary>Unfolds one block; negative where it is none.</summary>
    public static int DecompressBlock(byte* source, int length, Span<byte> destination)
    {
        fixed (byte* target = destination) return Library.Value.Decompress(source, target, length, destination.Length);
    }

    /// <summary>The checksum byte of a frame's header. Old Kafka computed it over the magic too.</summary>
    public static byte HeaderChecksum(ReadOnlySpan<byte> header) => (byte)(XxHash32.Compute(header) >> 8);

    private static void WriteHeader(PooledBuffer destination, bool brokenChecksum)
    {
        var header = destination.GetSpan(FrameHeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(header, Magic);
        header[4] = Flags;
        header[5] = BlockDescriptor;
        header[6] = HeaderChecksum(brokenChecksum ? header[..6] : header[4..6]);
        destination.Advance(FrameHeaderSize);
    }

    private static void WriteBlock(ReadOnlySpan<byte> block, int level, PooledBuffer destination)
    {
        var target = destination.GetSpan(4 + block.Length);
        // Room for one byte less than the block has: what does not get smaller is stored.
        var size = CompressBlock(block, target.Slice(4, block.Length - 1), level);
        var stored = size <= 0;
        if (stored) block.CopyTo(target[4..]);
        BinaryPrimitives.WriteUInt32LittleEndian(target, stored ? (uint)block.Length | StoredBit : (uint)size);
        destination.Advance(4 + (stored ? block.Length : size));
    }

    private static int CompressBlock(ReadOnlySpan<byte> block, Span<byte> destination, int level)
    {
        fixed (byte* source = block)
        fixed (byte* target = destination)
        {
            return level == DefaultLevel
                ? Library.Value.CompressFast(source, target, block.Length, destination.Length)
                : Library.Value.CompressHigh(source, target, block.Length, destination.Length, Math.Min(level, HighestCompression));
        }
    }

    private sealed class Functions
    {
        public readonly delegate* unmanaged<byte*, byte*, int, int, int> Decompress;
        public readonly delegate* unmanaged<byte*, byte*, int, int, int> CompressFast;
        public readonly delegate* unmanaged<byte*, byte*, int, int, int, int> CompressHigh;

        public Functions()
        {
            var library = NativeCodec.Load("lz4", "liblz4.so.1", "liblz4.1.dylib", "liblz4.dll");
            Decompress = (delegate* unmanaged<byte*, byte*, int, int, int>)NativeLibrary.GetExport(library, "LZ4_decompress_safe");
            CompressFast = (delegate* unmanaged<byte*, byte*, int, int, int>)NativeLibrary.GetExport(library, "LZ4_compress_default");
            CompressHigh = (delegate* unmanaged<byte*, byte*, int, int, int, int>)NativeLibrary.GetExport(library, "LZ4_compress_HC");
        }
    }
}

/// <summary>Unfolds one LZ4 frame block by block; what follows it is ignored, as in Kafka.</summary>
internal sealed unsafe class Lz4Decompressor : Decompressor
{
    private const byte VersionMask = 0xc0;
    private const byte Version = 0x40;
    private const byte IndependentBit = 0x20;
    private const byte BlockChecksumBit = 0x10;
    private const byte ContentSizeBit = 0x08;
    private const byte ContentChecksumBit = 0x04;
    private const byte ReservedBits = 0x03; // a reserved bit, and the dictionary id that Kafka does not know
    private const byte DescriptorReservedBits = 0x8f;

    private readonly byte* _source;
    private readonly int _length;
    private readonly bool _blockChecksums;
    private readonly bool _contentChecksum;
    private readonly int _blockSize;
    private byte[] _block = [];
    private int _blockLength;
    private int _blockRead;
    private int _at;
    private bool _ended;

    public Lz4Decompressor(byte* source, int length, bool ignoreHeaderChecksum)
    {
        _source = source;
        _length = length;
        var bytes = new ReadOnlySpan<byte>(source, length);
        if (length < Lz4Codec.FrameHeaderSize || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Lz4Codec.Magic) throw Refused("no LZ4 frame");

        byte flags = bytes[4], descriptor = bytes[5];
        if ((flags & VersionMask) != Version || (flags & ReservedBits) != 0 || (flags & IndependentBit) == 0) throw Refused("an LZ4 frame of a form that is not used");
        var sizeCode = (descriptor >> 4) & 7;
        if ((descriptor & DescriptorReservedBits) != 0 || sizeCode < 4) throw Refused("an LZ4 frame with an impossible block size");
        _at = 6 + ((flags & ContentSizeBit) != 0 ? 8 : 0);
        if (_at >= length) throw Refused("an LZ4 frame ends in its header");
        if (!ignoreHeaderChecksum && bytes[_at] != Lz4Codec.HeaderChecksum(bytes[4.._at])) throw Refused("an LZ4 frame's header is not as its checksum says");
        _at++;
        _blockSize = 1 << (8 + (2 * sizeCode));
        _blockChecksums = (flags & BlockChecksumBit) != 0;
        _contentChecksum = (flags & ContentChecksumBit) != 0;
    }

    public override int Read(Span<byte> destination)
    {
        while (_blockRead == _blockLength)
        {
            if (_ended) return 0;
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

    private void NextBlock()
    {
        var header = Take(4);
        _blockRead = _blockLength = 0;
        if (header == 0)
        {
            _ended = true;
            if (_contentChecksum) Take(4);
            return;
        }

        var stored = (header & Lz4Codec.StoredBit) != 0;
        var size = (int)(header & ~Lz4Codec.StoredBit);
        if (size > _blockSize || size > _length - _at) throw Refused("an LZ4 block is longer than its frame");
        var block = new ReadOnlySpan<byte>(_source + _at, size);
        Unfold(block, stored);
        _at += size;
        if (_blockChecksums && Take(4) != XxHash32.Compute(block)) throw Refused("an LZ4 block is not as its checksum says");
    }

    private void Unfold(ReadOnlySpan<byte> block, bool stored)
    {
        // No block unfolds to more than 255 times its size: a small one that claims 4 MiB gets no 4 MiB.
        var room = (int)Math.Min(_blockSize, (block.Length * 255L) + 16);
        if (_block.Length < room)
        {
            Dispose();
            _block = ArrayPool<byte>.Shared.Rent(room);
        }

        if (stored)
        {
            block.CopyTo(_block);
            _blockLength = block.Length;
            return;
        }

        _blockLength = Lz4Codec.DecompressBlock(_source + _at, block.Length, _block.AsSpan(0, room));
        if (_blockLength < 0)
        {
            _blockLength = 0;
            throw Refused("an LZ4 block cannot be unfolded");
        }
    }

    private uint Take(int count)
    {
        if (_length - _at < count) throw Refused("an LZ4 frame has no end mark");
        var value = BinaryPrimitives.ReadUInt32LittleEndian(new ReadOnlySpan<byte>(_source + _at, count));
        _at += count;
        return value;
    }
}

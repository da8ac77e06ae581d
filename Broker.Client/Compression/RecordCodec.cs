using AkkaStream.Client.Records;

namespace AkkaStream.Client.Compression;

/// <summary>Compresses and unfolds whole sections of records.</summary>
public static class RecordCodec
{
    private const int Piece = 64 * 1024;

    /// <summary>The level that a codec uses where none is set.</summary>
    public static int DefaultLevel(CompressionType type) => type switch
    {
        CompressionType.Gzip => GzipCodec.DefaultLevel,
        CompressionType.Lz4 => Lz4Codec.DefaultLevel,
        CompressionType.Zstd => ZstdCodec.DefaultLevel,
        _ => 0,
    };

    /// <summary>Whether a codec has a level: gzip 1 to 9 and -1, lz4 1 to 17, zstd -131072 to 22; the others have none.</summary>
    public static bool IsLevel(CompressionType type, int level) => type switch
    {
        CompressionType.Gzip => level is GzipCodec.DefaultLevel or (>= GzipCodec.MinLevel and <= GzipCodec.MaxLevel),
        CompressionType.Lz4 => level is >= Lz4Codec.MinLevel and <= Lz4Codec.MaxLevel,
        CompressionType.Zstd => level is >= ZstdCodec.MinLevel and <= ZstdCodec.MaxLevel,
        _ => false,
    };

    /// <summary>
    /// Adds the compressed form of <paramref name="source"/> to <paramref name="destination"/>: snappy in xerial's framing, lz4 as a frame of
    /// 64 KiB blocks without checksums, zstd and gzip as one frame.
    /// </summary>
    /// <param name="type">The codec; <see cref="CompressionType.None"/> copies.</param>
    /// <param name="source">The records.</param>
    /// <param name="destination">Where they go, compressed.</param>
    /// <param name="level">The codec's level, or null for its default.</param>
    /// <exception cref="CorruptRecordException">The codec's library is not on this machine, or there is no such codec.</exception>
    public static void Compress(CompressionType type, ReadOnlySpan<byte> source, PooledBuffer destination, int? level = null)
        => Compress(type, source, destination, level, lz4BrokenHeaderChecksum: false);

    /// <summary>
    /// Adds what <paramref name="source"/> unfolds to to <paramref name="destination"/>. Nothing is allocated for what it claims.
    /// </summary>
    /// <param name="type">The codec; <see cref="CompressionType.None"/> copies.</param>
    /// <param name="source">The compressed section.</param>
    /// <param name="destination">Where it goes.</param>
    /// <param name="limit">Most bytes that may be added.</param>
    /// <exception cref="CorruptRecordException">
    /// The bytes are none of the codec's, unfold to more than the limit (<see cref="RecordFault.TooLarge"/>), or the codec or its library is missing.
    /// </exception>
    public static void Decompress(CompressionType type, ReadOnlySpan<byte> source, PooledBuffer destination, long limit)
        => Decompress(type, source, destination, limit, ignoreLz4HeaderChecksum: false);

    internal static void Compress(CompressionType type, ReadOnlySpan<byte> source, PooledBuffer destination, int? level, bool lz4BrokenHeaderChecksum)
    {
        switch (type)
        {
            case CompressionType.None:
                destination.Write(source);
                break;
            case CompressionType.Gzip:
                GzipCodec.Compress(source, level ?? GzipCodec.DefaultLevel, destination);
                break;
            case CompressionType.Snappy:
                SnappyCodec.CompressFramed(source, destination);
                break;
            case CompressionType.Lz4:
                Lz4Codec.Compress(source, level ?? Lz4Codec.DefaultLevel, destination, lz4BrokenHeaderChecksum);
                break;
            case CompressionType.Zstd:
                ZstdCodec.Compress(source, level ?? ZstdCodec.DefaultLevel, destination);
                break;
            default:
                throw new CorruptRecordException(RecordFault.UnsupportedCompression, $"there is no codec {(int)type}");
        }
    }

    internal static unsafe void Decompress(CompressionType type, ReadOnlySpan<byte> source, PooledBuffer destination, long limit, bool ignoreLz4HeaderChecksum)
    {
        if (type == CompressionType.None)
        {
            if (source.Length > limit) throw TooLarge(limit);
            destination.Write(source);
            return;
        }

        fixed (byte* pinned = source)
        {
            using var decompressor = Decompressor.Open(type, pinned, source.Length, ignoreLz4HeaderChecksum);
            for (var added = 0L; ;)
            {
                var count = decompressor.Read(destination.GetSpan(Math.Min(Piece, Math.Max(source.Length, 256))));
                if (count == 0) return;
                added += count;
                if (added > limit) throw TooLarge(limit);
                destination.Advance(count);
            }
        }
    }

    internal static CorruptRecordException TooLarge(long limit) => new(RecordFault.TooLarge, $"the records unfold to more than {limit} bytes");
}

using AkkaStream.Client.Records;

namespace AkkaStream.Client.Compression;

/// <summary>
/// Unfolds one compressed section piece by piece, so that a stranger's batch never takes more memory than a window.
/// The source stays pinned by the caller until <see cref="Dispose"/>.
/// </summary>
internal abstract unsafe class Decompressor : IDisposable
{
    /// <summary>Fills <paramref name="destination"/> from its start; 0 only at the end of the section.</summary>
    /// <exception cref="CorruptRecordException">The bytes are none of this codec's.</exception>
    public abstract int Read(Span<byte> destination);

    /// <summary>Gives codec contexts back.</summary>
    public abstract void Dispose();

    /// <summary>A decompressor of <paramref name="length"/> bytes.</summary>
    /// <param name="type">The codec.</param>
    /// <param name="source">The pinned bytes.</param>
    /// <param name="length">How many there are.</param>
    /// <param name="ignoreLz4HeaderChecksum">Messages of format 0 carry a wrong one.</param>
    /// <exception cref="CorruptRecordException">No such codec, its library is missing, or there is nothing where a header should be.</exception>
    public static Decompressor Open(CompressionType type, byte* source, int length, bool ignoreLz4HeaderChecksum = false) => type switch
    {
        CompressionType.Gzip => new GzipDecompressor(source, length),
        CompressionType.Snappy => new SnappyDecompressor(source, length),
        CompressionType.Lz4 => new Lz4Decompressor(source, length, ignoreLz4HeaderChecksum),
        CompressionType.Zstd => new ZstdDecompressor(source, length),
        _ => throw new CorruptRecordException(RecordFault.UnsupportedCompression, $"there is no codec {(int)type}"),
    };

    protected static CorruptRecordException Refused(string what, Exception? cause = null) => new(RecordFault.Compression, what, cause);
}

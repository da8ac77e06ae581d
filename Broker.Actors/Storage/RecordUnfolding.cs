using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>The records of a batch, decompressed where they are compressed. Valid until disposed.</summary>
internal readonly ref struct RecordUnfolding : IDisposable
{
    private readonly PooledBuffer? _unfolded;

    /// <summary>Unfolds a whole batch. <see cref="CorruptRecordException"/> where the codec refuses it.</summary>
    public RecordUnfolding(in RecordBatchHeader header, ReadOnlySpan<byte> batch)
    {
        Records = batch[RecordBatchHeader.Size..];
        if (header.Compression == CompressionType.None) return;
        _unfolded = new PooledBuffer(Records.Length);
        try
        {
            RecordCodec.Decompress(header.Compression, Records, _unfolded, Client.Limits.DecompressedBytes(Records.Length));
        }
        catch (CorruptRecordException)
        {
            _unfolded.Dispose();
            throw;
        }

        Records = _unfolded.WrittenSpan;
    }

    /// <summary>Bytes for a <see cref="RecordReader"/>.</summary>
    public ReadOnlySpan<byte> Records { get; }

    /// <inheritdoc/>
    public void Dispose() => _unfolded?.Dispose();
}

using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>The batch that a cleaner writes anew: records are added to the buffer that <see cref="Begin"/> gives, and packed and sent together. For one thread.</summary>
internal sealed class RebuiltBatch : IDisposable
{
    private readonly PooledBuffer _built = new();
    private readonly PooledBuffer _packed = new();

    /// <summary>Begins a batch. Gives the buffer that takes its records; room for the header is in it already.</summary>
    public PooledBuffer Begin()
    {
        if (_built.Capacity > Limits.CleanerUnfoldedBytes) _built.Dispose();
        _built.Truncate(0);
        _built.GetSpan(RecordBatchHeader.Size)[..RecordBatchHeader.Size].Clear();
        _built.Advance(RecordBatchHeader.Size);
        return _built;
    }

    /// <summary>Packs the records by the header's codec and gives the batch to the segment.</summary>
    /// <param name="header">Its header; length and checksum are made here.</param>
    /// <param name="to">Where it goes.</param>
    public void Send(in RecordBatchHeader header, CleanedSegment to)
    {
        var batch = _built;
        if (header.Compression != CompressionType.None)
        {
            _packed.Truncate(0);
            _packed.Write(_built.WrittenSpan[..RecordBatchHeader.Size]);
            RecordCodec.Compress(header.Compression, _built.WrittenSpan[RecordBatchHeader.Size..], _packed);
            batch = _packed;
        }

        Send(header, batch.WrittenSpan, to);
    }

    /// <summary>Gives a batch without records to the segment.</summary>
    public static void SendEmpty(in RecordBatchHeader header, CleanedSegment to) => Send(header, stackalloc byte[RecordBatchHeader.Size], to);

    /// <inheritdoc/>
    public void Dispose()
    {
        _built.Dispose();
        _packed.Dispose();
    }

    private static void Send(in RecordBatchHeader header, Span<byte> batch, CleanedSegment to)
    {
        header.WriteTo(batch);
        to.Append(header with { BatchLength = batch.Length - RecordBatchHeader.LogOverhead }, batch);
    }
}

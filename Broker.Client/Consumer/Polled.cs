using System.Buffers;
using System.Collections;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Records;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Consumer;

/// <summary>What one poll brought: records by partition, in order. Dispose it when they have been handled: their bytes lie in its memory.</summary>
public sealed class Polled : IReadOnlyCollection<ConsumedRecord>, IDisposable
{
    // Length, attributes, time, offset, two lengths and the number of headers.
    private const int SmallestRecord = 7;
    private const int FirstRoom = 64;
    private readonly List<IDisposable> memory = [];
    private readonly List<(TopicPartition Partition, long From)> taken = [];
    private ConsumedRecord[] records = [];

    /// <summary>How many records.</summary>
    public int Count { get; private set; }

    /// <summary>Which partitions were read, and from which offset on.</summary>
    internal IReadOnlyList<(TopicPartition Partition, long From)> Taken => taken;

    /// <summary>The records, partition by partition, in order.</summary>
    internal ReadOnlySpan<ConsumedRecord> Records => records.AsSpan(0, Count);

    /// <summary>The records.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <inheritdoc/>
    IEnumerator<ConsumedRecord> IEnumerable<ConsumedRecord>.GetEnumerator() => new Enumerator(this);

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => new Enumerator(this);

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        foreach (var piece in memory) piece.Dispose();
        memory.Clear();
        Count = 0;
        if (records.Length > 0) ArrayPool<ConsumedRecord>.Shared.Return(records, clearArray: true);
        records = [];
    }

    internal void Own(BrokerAnswer answer) => memory.Add(answer);

    /// <summary>Adds a partition's records from an offset on; gives the offset after the last whole batch.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="bytes">Batches as the broker sent them.</param>
    /// <param name="from">The first offset that is wanted.</param>
    /// <param name="aborted">The aborted transactions among them, to be left out; null to leave out none.</param>
    /// <exception cref="CorruptRecordException">A batch is not what its checksum says, or cannot be read.</exception>
    internal long Add(TopicPartition partition, ReadOnlyMemory<byte> bytes, long from, AbortedRanges? aborted = null)
    {
        var next = from;
        taken.Add((partition, from));
        var walker = new RecordBatchWalker(bytes.Span, takesOldFormats: true);
        while (walker.MoveNext())
        {
            var header = walker.Header;
            if (header.IsOldFormat)
            {
                if (header.LastOffset >= from) AddMessages(partition, walker.Batch, from);
                next = Math.Max(next, header.NextOffset);
                continue;
            }

            if (!RecordBatchHeader.IsCrcValid(walker.Batch)) throw new CorruptRecordException(RecordFault.Corrupt, $"{partition}: the batch at offset {header.BaseOffset} does not match its checksum");
            var isSkipped = header.IsControl || aborted?.IsAborted(header) == true;
            if (header.IsControl) aborted?.End(header, walker.Records);
            if (!isSkipped && header.LastOffset >= from) AddBatch(partition, header, bytes.Slice(walker.Position + RecordBatchHeader.Size, walker.Records.Length), from);
            next = Math.Max(next, header.LastOffset + 1);
        }

        if (walker.End == BatchWalkEnd.Corrupt) throw new CorruptRecordException(RecordFault.Corrupt, $"{partition}: bytes that are no batch after offset {next}");
        return next;
    }

    // What a broker before 0.11 wrote and a log still holds. Its reader checks it, and its slices are short-lived.
    private void AddMessages(TopicPartition partition, ReadOnlySpan<byte> entry, long from)
    {
        using var reader = new LegacyReader(entry);
        while (reader.MoveNext())
        {
            if (reader.Offset < from) continue;
            ReadOnlyMemory<byte>? key = reader.IsKeyNull ? default(ReadOnlyMemory<byte>?) : reader.Key.ToArray();
            ReadOnlyMemory<byte>? value = reader.IsValueNull ? default(ReadOnlyMemory<byte>?) : reader.Value.ToArray();
            Add(new ConsumedRecord(partition, reader.Offset, reader.Timestamp, key, value, default, 0));
        }
    }

    private void AddBatch(TopicPartition partition, in RecordBatchHeader header, ReadOnlyMemory<byte> stored, long from)
    {
        var plain = stored;
        if (header.Compression != CompressionType.None)
        {
            var unpacked = new PooledBuffer(stored.Length * 4);
            memory.Add(unpacked);
            RecordCodec.Decompress(header.Compression, stored.Span, unpacked, Limits.DecompressedBytes(stored.Length));
            plain = unpacked.WrittenMemory;
        }

        // The batch's own count may not be believed as far as memory goes: a record takes at least so many bytes.
        Reserve(Math.Min(header.RecordCount, plain.Length / SmallestRecord));
        var reader = new RecordReader(header, plain.Span);
        while (reader.MoveNext())
        {
            if (reader.Offset < from) continue;
            ReadOnlyMemory<byte>? key = reader.IsKeyNull ? default(ReadOnlyMemory<byte>?) : plain.Slice(reader.KeyStart, reader.KeyLength);
            ReadOnlyMemory<byte>? value = reader.IsValueNull ? default(ReadOnlyMemory<byte>?) : plain.Slice(reader.ValueStart, reader.ValueLength);
            var headers = reader.HeaderCount == 0 ? default : plain[reader.HeadersStart..reader.Consumed];
            Add(new ConsumedRecord(partition, reader.Offset, reader.Timestamp, key, value, headers, reader.HeaderCount));
        }
    }

    private void Add(in ConsumedRecord record)
    {
        if (Count == records.Length) Reserve(1);
        records[Count++] = record;
    }

    private void Reserve(int more)
    {
        if (records.Length - Count >= more) return;
        var larger = ArrayPool<ConsumedRecord>.Shared.Rent(Math.Max(Count + more, Math.Max(records.Length * 2, FirstRoom)));
        Records.CopyTo(larger);
        if (records.Length > 0) ArrayPool<ConsumedRecord>.Shared.Return(records, clearArray: true);
        records = larger;
    }

    /// <summary>Goes over the records.</summary>
    public struct Enumerator : IEnumerator<ConsumedRecord>
    {
        private readonly Polled polled;
        private int at;

        internal Enumerator(Polled polled)
        {
            this.polled = polled;
            at = -1;
        }

        /// <inheritdoc/>
        public readonly ConsumedRecord Current => polled.records[at];

        /// <inheritdoc/>
        readonly object IEnumerator.Current => Current;

        /// <inheritdoc/>
        public bool MoveNext() => ++at < polled.Count;

        /// <inheritdoc/>
        public void Reset() => at = -1;

        /// <inheritdoc/>
        public readonly void Dispose()
        {
            // It holds nothing.
        }
    }
}

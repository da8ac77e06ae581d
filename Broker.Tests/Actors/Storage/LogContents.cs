using System.Text;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Tests.Actors.Storage;

/// <summary>Reads a log as a consumer does.</summary>
internal static class LogContents
{
    /// <summary>All whole batches from the log's start (or an offset) to the limit, fetched in pieces of <paramref name="maxBytes"/>.</summary>
    public static List<byte[]> Batches(PartitionLog log, long from = -1, int maxBytes = 1 << 20, ReadLimit limit = ReadLimit.End)
    {
        var batches = new List<byte[]>();
        var offset = from < 0 ? log.View.StartOffset : from;
        while (true)
        {
            using var read = log.Read(offset, maxBytes, limit, minOneBatch: true);
            Assert.Equal(ErrorCode.None, read.Error);
            if (read.Length == 0) return batches;
            var walker = new RecordBatchWalker(read.ReadBytes());
            var before = offset;
            while (walker.MoveNext())
            {
                if (walker.Header.LastOffset < offset) continue;
                batches.Add(walker.Batch.ToArray());
                offset = walker.Header.NextOffset;
            }

            Assert.True(offset > before, $"nothing whole at offset {offset}");
        }
    }

    /// <summary>SHA-256 over one line a record, as the vectors have it.</summary>
    public static string RecordsSha(PartitionLog log, int maxBytes) => Sha(Batches(log, maxBytes: maxBytes), log.View.StartOffset);

    /// <summary>The same over the records that a consumer with <c>read_committed</c> gives out.</summary>
    public static string CommittedSha(PartitionLog log, int maxBytes) => Sha(Committed(log, maxBytes), log.View.StartOffset);

    /// <summary>The batches that a consumer with <c>read_committed</c> gives out: it leaves out those of producers whose abort marker comes, as the fetch told it.</summary>
    public static List<byte[]> Committed(PartitionLog log, int maxBytes = 1 << 20)
    {
        var given = new List<byte[]>();
        var offset = log.View.StartOffset;
        while (true)
        {
            using var read = log.Read(offset, maxBytes, ReadLimit.Committed, minOneBatch: true);
            Assert.Equal(ErrorCode.None, read.Error);
            if (read.Length == 0) return given;
            var aborted = new List<AbortedTransaction>();
            Assert.Equal(ErrorCode.None, log.AbortedTransactions(read, aborted));
            aborted.Sort((a, b) => a.FirstOffset.CompareTo(b.FirstOffset));
            var before = offset;
            TakeCommitted(read.ReadBytes(), aborted, given, ref offset);
            Assert.True(offset > before, $"nothing whole at offset {offset}");
        }
    }

    private static void TakeCommitted(byte[] bytes, List<AbortedTransaction> aborted, List<byte[]> given, ref long offset)
    {
        var leftOut = new HashSet<long>();
        var walker = new RecordBatchWalker(bytes);
        while (walker.MoveNext())
        {
            var header = walker.Header;
            for (; aborted.Count > 0 && aborted[0].FirstOffset <= header.LastOffset; aborted.RemoveAt(0)) leftOut.Add(aborted[0].ProducerId);
            if (header.IsControl) leftOut.Remove(header.ProducerId);
            else if (header.LastOffset >= offset && !(header.IsTransactional && leftOut.Contains(header.ProducerId))) given.Add(walker.Batch.ToArray());
            offset = Math.Max(offset, header.NextOffset);
        }
    }

    private static string Sha(List<byte[]> batches, long start)
    {
        var text = new StringBuilder();
        foreach (var batch in batches)
        {
            RecordBatchHeader.TryParse(batch, out var header);
            Assert.True(RecordBatchHeader.IsCrcValid(batch));
            if (header.IsControl) continue;
            using var unfolded = new PooledBuffer();
            RecordCodec.Decompress(header.Compression, batch.AsSpan(RecordBatchHeader.Size), unfolded, 1 << 24);
            var records = new RecordReader(header, unfolded.WrittenSpan);
            while (records.MoveNext())
            {
                if (records.Offset >= start) Append(text, records);
            }
        }

        return StorageVectors.Sha(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static void Append(StringBuilder text, in RecordReader record)
    {
        text.Append(record.Offset).Append('|').Append(record.Timestamp).Append('|').Append(record.IsKeyNull ? "-" : Convert.ToHexStringLower(record.Key))
            .Append('|').Append(record.IsValueNull ? "-" : Convert.ToHexStringLower(record.Value)).Append('|');
        var headers = record.Headers;
        for (var first = true; headers.MoveNext(); first = false)
        {
            if (!first) text.Append(',');
            text.Append(Encoding.UTF8.GetString(headers.Key)).Append('=').Append(headers.IsValueNull ? "-" : Convert.ToHexStringLower(headers.Value));
        }

        text.Append('\n');
    }
}

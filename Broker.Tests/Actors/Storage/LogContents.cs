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
    public static string RecordsSha(PartitionLog log, int maxBytes)
    {
        var text = new StringBuilder();
        var start = log.View.StartOffset;
        foreach (var batch in Batches(log, maxBytes: maxBytes))
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

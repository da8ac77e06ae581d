using System.Buffers.Binary;
using AkkaStream.Client.Records;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Host.Dump;

/// <summary>Shows a time index, and compares it with its log.</summary>
internal static class TimeIndexDump
{
    private const int Entry = 12;

    internal static bool Write(string path, SafeFileHandle handle, long baseOffset, DumpOptions options, DumpLine line, TextWriter error)
    {
        var bytes = IndexDump.ReadAll(handle);
        if (options.ChecksOnly) return IndexDump.WriteSanity(path, bytes.Length, Entry, line, error);
        var faults = new Faults();
        using var log = IndexDump.OpenLog(path);
        var batches = log is null ? null : new Batches(log);
        var before = long.MinValue;
        for (var at = 0; at + Entry <= bytes.Length; at += Entry)
        {
            var timestamp = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at));
            var offset = baseOffset + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 8));
            if (offset == baseOffset && at > 0) break;
            if (batches is not null) Compare(batches, timestamp, offset, before, faults);
            if (!options.VerifiesOnly) line.Begin("", "timeindex").Add("timestamp", timestamp).Add("offset", offset).End();
            before = timestamp;
        }

        return faults.Write(Path.GetFullPath(path), error);
    }

    private static void Compare(Batches batches, long timestamp, long offset, long before, Faults faults)
    {
        var (last, newest) = batches.At(offset);
        if (last != offset)
        {
            faults.NotFound.Add($"Indexed offset: {offset}, found log offset: {last}");
            return;
        }

        if (newest != timestamp) faults.Mismatches.Add($"  Index timestamp: {timestamp}, log timestamp: {newest}");
        if (before >= timestamp) faults.OutOfOrder.Add($"  Index timestamp: {timestamp}, Previously indexed timestamp: {before}");
    }

    private sealed class Faults
    {
        internal List<string> Mismatches { get; } = [];

        internal List<string> OutOfOrder { get; } = [];

        internal List<string> NotFound { get; } = [];

        // True where there is none.
        internal bool Write(string path, TextWriter error)
        {
            Write($"Found timestamp mismatch in :{path}", Mismatches, error);
            Write($"Found out of order timestamp in :{path}", OutOfOrder, error);
            Write("The following indexed offsets are not found in the log.", NotFound, error);
            return Mismatches.Count + OutOfOrder.Count + NotFound.Count == 0;
        }

        private static void Write(string title, List<string> sentences, TextWriter error)
        {
            if (sentences.Count == 0) return;
            error.WriteLine(title);
            foreach (var sentence in sentences) error.WriteLine(sentence);
        }
    }

    /// <summary>The headers of a log's batches, read on demand and from its start to its end.</summary>
    private sealed class Batches(SafeFileHandle log)
    {
        private readonly long length = RandomAccess.GetLength(log);
        private long next;
        private RecordBatchHeader header;
        private bool isThere;

        /// <summary>Last offset and largest timestamp of the batch that holds an offset; -1 behind the log's end.</summary>
        internal (long LastOffset, long MaxTimestamp) At(long offset)
        {
            // Where an index goes back, the log is read again.
            if (isThere && header.BaseOffset > offset) next = 0;
            if (next == 0) isThere = Step();
            while (isThere && header.LastOffset < offset) isThere = Step();
            if (!isThere) next = 0;
            return isThere ? (header.LastOffset, header.MaxTimestamp) : (-1, RecordBatchHeader.NoTimestamp);
        }

        private bool Step()
        {
            Span<byte> bytes = stackalloc byte[RecordBatchHeader.Size];
            var read = RandomAccess.Read(log, bytes, next);
            if (!RecordBatchHeader.TryParseStored(bytes[..read], out header) || !header.HasPossibleLength || header.Magic < 0 || header.SizeInBytes > length - next) return false;
            next += header.SizeInBytes;
            return true;
        }
    }
}

using System.Buffers.Binary;
using AkkaStream.Client.Records;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Host.Dump;

/// <summary>Shows offset indexes, time indexes and indexes of aborted transactions.</summary>
internal static class IndexDump
{
    private const int OffsetEntry = 8;
    private const int TimeEntry = 12;
    private const int AbortedEntry = 34;

    internal static string? WriteOffsets(string path, SafeFileHandle handle, long baseOffset, DumpLine line)
    {
        var bytes = ReadAll(handle);
        if (bytes.Length < OffsetEntry)
        {
            line.Remark($"{path} is empty.");
            return null;
        }

        string? fault = null;
        using var log = OpenLog(path);
        for (var at = 0; at + OffsetEntry <= bytes.Length; at += OffsetEntry)
        {
            var offset = baseOffset + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            var position = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 4));
            if (offset <= baseOffset && position == 0) break; // zeros up to the file's size are room for more entries
            line.Begin("", "index").Add("offset", offset).Add("position", position).End();
            fault ??= Compare(path, log, offset, position);
        }

        return fault;
    }

    internal static string? WriteTimes(string path, SafeFileHandle handle, long baseOffset, DumpLine line)
    {
        var bytes = ReadAll(handle);
        var last = long.MinValue;
        for (var at = 0; at + TimeEntry <= bytes.Length; at += TimeEntry)
        {
            var timestamp = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(at));
            var offset = baseOffset + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 8));
            if (at > 0 && timestamp == 0 && offset == baseOffset) break;
            line.Begin("", "timeindex").Add("timestamp", timestamp).Add("offset", offset).End();
            if (timestamp < last) return $"{path}: the timestamp {timestamp} stands behind the later {last}";
            last = timestamp;
        }

        return null;
    }

    internal static string? WriteAborted(string path, SafeFileHandle handle, DumpLine line)
    {
        var bytes = ReadAll(handle);
        for (var at = 0; at + AbortedEntry <= bytes.Length; at += AbortedEntry)
        {
            var entry = bytes.AsSpan(at, AbortedEntry);
            line.Begin("", "txnindex").Add("version", BinaryPrimitives.ReadInt16BigEndian(entry)).Add("producerId", BinaryPrimitives.ReadInt64BigEndian(entry[2..]))
                .Add("firstOffset", BinaryPrimitives.ReadInt64BigEndian(entry[10..])).Add("lastOffset", BinaryPrimitives.ReadInt64BigEndian(entry[18..]))
                .Add("lastStableOffset", BinaryPrimitives.ReadInt64BigEndian(entry[26..])).End();
        }

        return bytes.Length % AbortedEntry == 0 ? null : $"{path}: {bytes.Length % AbortedEntry} bytes at the end are no entry";
    }

    internal static byte[] ReadAll(SafeFileHandle handle)
    {
        var bytes = new byte[RandomAccess.GetLength(handle)];
        var read = 0;
        while (read < bytes.Length)
        {
            var count = RandomAccess.Read(handle, bytes.AsSpan(read), read);
            if (count == 0) break;
            read += count;
        }

        return read == bytes.Length ? bytes : bytes[..read];
    }

    private static SafeFileHandle? OpenLog(string path)
    {
        var log = Path.ChangeExtension(path, ".log");
        return File.Exists(log) ? File.OpenHandle(log) : null;
    }

    private static string? Compare(string path, SafeFileHandle? log, long offset, int position)
    {
        if (log is null) return null;
        Span<byte> bytes = stackalloc byte[RecordBatchHeader.Size];
        var read = RandomAccess.Read(log, bytes, position);
        if (!RecordBatchHeader.TryParseStored(bytes[..read], out var header)) return $"{path}: the entry for offset {offset} points to {position}, where no batch begins";
        return header.LastOffset == offset ? null : $"{path}: the entry for offset {offset} points to {position}, where the batch that ends with {header.LastOffset} begins";
    }
}

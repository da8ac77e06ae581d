using System.Buffers.Binary;
using AkkaStream.Client.Records;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Host.Dump;

/// <summary>Shows offset indexes and indexes of aborted transactions.</summary>
internal static class IndexDump
{
    private const int OffsetEntry = 8;
    private const int AbortedEntry = 34;

    internal static bool WriteOffsets(string path, SafeFileHandle handle, long baseOffset, DumpOptions options, DumpLine line, TextWriter error)
    {
        var bytes = ReadAll(handle);
        if (bytes.Length < OffsetEntry)
        {
            line.Remark($"{path} is empty.");
            return true;
        }

        if (options.ChecksOnly) return WriteSanity(path, bytes.Length, OffsetEntry, line, error);
        var (mismatches, faults) = (new List<string>(), new List<string>());
        using var log = OpenLog(path);
        for (var at = 0; at + OffsetEntry <= bytes.Length; at += OffsetEntry)
        {
            var offset = baseOffset + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            var position = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 4));
            if (offset == baseOffset && at > 0) break; // zeros up to the file's size are room for more entries
            if (!options.VerifiesOnly) line.Begin("", "index").Add("offset", offset).Add("position", position).End();
            if (log is not null) Compare(path, log, offset, position, options, mismatches, faults);
        }

        if (mismatches.Count > 0) error.WriteLine($"Mismatches in :{Path.GetFullPath(path)}");
        foreach (var sentence in mismatches.Concat(faults)) error.WriteLine(sentence);
        return mismatches.Count + faults.Count == 0;
    }

    internal static bool WriteAborted(string path, SafeFileHandle handle, DumpLine line, TextWriter error)
    {
        var bytes = ReadAll(handle);
        for (var at = 0; at + AbortedEntry <= bytes.Length; at += AbortedEntry)
        {
            var entry = bytes.AsSpan(at, AbortedEntry);
            line.Begin("", "txnindex").Add("version", BinaryPrimitives.ReadInt16BigEndian(entry)).Add("producerId", BinaryPrimitives.ReadInt64BigEndian(entry[2..]))
                .Add("firstOffset", BinaryPrimitives.ReadInt64BigEndian(entry[10..])).Add("lastOffset", BinaryPrimitives.ReadInt64BigEndian(entry[18..]))
                .Add("lastStableOffset", BinaryPrimitives.ReadInt64BigEndian(entry[26..])).End();
        }

        return bytes.Length % AbortedEntry == 0 || FileDump.Refuse(error, $"{path}: {bytes.Length % AbortedEntry} bytes at the end are no entry");
    }

    /// <summary>Tells whether a start would believe an index by its length.</summary>
    internal static bool WriteSanity(string path, int length, int entry, DumpLine line, TextWriter error)
    {
        if (length % entry != 0) return FileDump.Refuse(error, $"{path}: {length} bytes are no multiple of {entry}: a start makes it anew");
        line.Remark($"{path} passed sanity check.");
        return true;
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

    internal static SafeFileHandle? OpenLog(string path)
    {
        var log = Path.ChangeExtension(path, ".log");
        return File.Exists(log) ? File.OpenHandle(log) : null;
    }

    private static void Compare(string path, SafeFileHandle log, long offset, int position, DumpOptions options, List<string> mismatches, List<string> faults)
    {
        Span<byte> bytes = stackalloc byte[RecordBatchHeader.Size];
        var read = position < 0 ? 0 : RandomAccess.Read(log, bytes, position);
        var isBatch = RecordBatchHeader.TryParseStored(bytes[..read], out var header) && header is { HasPossibleLength: true, Magic: >= 0 and <= RecordBatchHeader.CurrentMagic } && header.SizeInBytes <= RandomAccess.GetLength(log) - position;
        if (!isBatch) faults.Add($"{path}: the entry for offset {offset} points to {position}, where no batch begins");
        else if (header.SizeInBytes > options.MaxMessageSize) faults.Add($"{path}: the entry for offset {offset} points to {position}, where a batch of {header.SizeInBytes} bytes begins, more than --max-message-size");
        else if (header.LastOffset != offset) mismatches.Add($"  Index offset: {offset}, log offset: {header.LastOffset}");
    }
}

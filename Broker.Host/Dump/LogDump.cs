using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using AkkaStream.Client.Compression;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using Microsoft.Win32.SafeHandles;

namespace AkkaStream.Host.Dump;

/// <summary>Shows the batches of a segment, and their records.</summary>
internal static class LogDump
{
    private const int LengthEnd = RecordBatchHeader.LogOverhead;

    // Offset, size, checksum, format, attributes, lengths of key and value; format 1 has a time as well.
    private const int LeastLegacySize = 26;

    internal static bool Write(string path, SafeFileHandle handle, string title, DumpOptions options, DumpLine line, TextWriter error)
    {
        line.Remark(title);
        var length = RandomAccess.GetLength(handle);
        var position = 0L;
        var gaps = new OffsetGaps();
        var isSound = true;
        Span<byte> start = stackalloc byte[RecordBatchHeader.MagicPosition + 1];
        while (position + start.Length <= length && position < options.MaxBytes)
        {
            if (RandomAccess.Read(handle, start, position) < start.Length) break;
            var size = LengthEnd + (long)BinaryPrimitives.ReadInt32BigEndian(start[8..]);
            if (size < start.Length || size > length - position || size > Array.MaxLength || position + size > options.MaxBytes) break;
            if (WriteBatch(handle, position, (int)size, (sbyte)start[RecordBatchHeader.MagicPosition], options, line, gaps) is { } fault)
            {
                isSound = FileDump.Refuse(error, $"{path}: at {position}: {fault}");
                break;
            }

            position += size;
        }

        if (isSound && options.MaxBytes == long.MaxValue) isSound = WriteRest(path, handle, position, length, options, line, error);
        gaps.Write(Path.GetFullPath(path), error);
        return isSound;
    }

    private static bool WriteRest(string path, SafeFileHandle handle, long position, long length, DumpOptions options, DumpLine line, TextWriter error)
    {
        if (position == length || IsZero(handle, position, length)) return true;
        line.Remark($"Found {length - position} invalid bytes at the end of {Path.GetFileName(path)}");
        if (options.Json) error.WriteLine($"{path}: {length - position} bytes at the end, from {position}, are no batch");
        return false;
    }

    private static string? WriteBatch(SafeFileHandle handle, long position, int size, sbyte magic, DumpOptions options, DumpLine line, OffsetGaps gaps)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var batch = buffer.AsSpan(0, size);
            if (RandomAccess.Read(handle, batch, position) < size) return "the file ends inside a batch";
            if (magic < RecordBatchHeader.CurrentMagic) return WriteLegacy(batch, position, magic, options, line, gaps);
            if (!RecordBatchHeader.TryParse(batch, out var header) || !header.IsWellFormed) return "no batch of a known format";
            WriteHeader(header, position, RecordBatchHeader.IsCrcValid(batch), line);
            if (options.ShowsRecords) WriteRecords(header, batch[RecordBatchHeader.Size..], options, line, gaps);
            return null;
        }
        catch (CorruptRecordException fault)
        {
            return fault.Message;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void WriteHeader(in RecordBatchHeader header, long position, bool isValid, DumpLine line)
    {
        line.Begin("", "batch").Add("baseOffset", header.BaseOffset).Add("lastOffset", header.LastOffset).Add("count", header.RecordCount)
            .Add("baseSequence", header.BaseSequence).Add("lastSequence", header.LastSequence).Add("producerId", header.ProducerId).Add("producerEpoch", header.ProducerEpoch)
            .Add("partitionLeaderEpoch", header.PartitionLeaderEpoch).Add("isTransactional", header.IsTransactional).Add("isControl", header.IsControl)
            .AddOptional("deleteHorizonMs", header.HasDeleteHorizon ? header.DeleteHorizon : null).Add("position", position)
            .Add(NameOf(header.TimestampType), header.MaxTimestamp).Add("size", header.SizeInBytes).Add("magic", header.Magic)
            .Add("compresscodec", NameOf(header.Compression)).Add("crc", header.Crc).Add("isvalid", isValid).End();
    }

    private static void WriteRecords(in RecordBatchHeader header, ReadOnlySpan<byte> records, DumpOptions options, DumpLine line, OffsetGaps gaps)
    {
        using var unfolded = new PooledBuffer();
        if (header.Compression != CompressionType.None)
        {
            RecordCodec.Decompress(header.Compression, records, unfolded, Client.Limits.DecompressedBytes(records.Length));
            records = unfolded.WrittenSpan;
        }

        var reader = new RecordReader(header, records);
        while (reader.MoveNext())
        {
            gaps.Next(reader.Offset);
            line.Begin("| ", "record");
            if (!options.WithoutMetadata) AddMetadata(header, reader, line);
            if (header.IsControl && !options.WithoutMetadata) AddControl(reader, line);
            else if (!header.IsControl) AddData(reader.Offset, reader.IsKeyNull, reader.Key, reader.IsValueNull, reader.Value, options, line);
            line.End();
        }
    }

    private static void AddMetadata(in RecordBatchHeader header, in RecordReader reader, DumpLine line)
    {
        var sequence = header.BaseSequence < 0 ? RecordBatchHeader.NoSequence : RecordBatchHeader.AddSequence(header.BaseSequence, (int)(reader.Offset - header.BaseOffset));
        var names = new List<string>(reader.HeaderCount);
        var headers = reader.Headers;
        while (headers.MoveNext()) names.Add(Encoding.UTF8.GetString(headers.Key));
        line.Add("offset", reader.Offset).Add(NameOf(header.TimestampType), reader.Timestamp).Add("keySize", reader.IsKeyNull ? -1 : reader.Key.Length)
            .Add("valueSize", reader.IsValueNull ? -1 : reader.Value.Length).Add("sequence", sequence).AddList("headerKeys", names);
    }

    private static void AddControl(in RecordReader reader, DumpLine line)
    {
        if (!ControlRecord.TryReadType(reader.Key, out var type)) return;
        switch ((short)type)
        {
            case (short)ControlRecordType.Abort or (short)ControlRecordType.Commit:
                ControlRecord.TryReadCoordinatorEpoch(reader.Value, out var epoch);
                line.Add("endTxnMarker", type == ControlRecordType.Commit ? "COMMIT" : "ABORT").Add("coordinatorEpoch", epoch);
                break;
            case (short)ControlRecordType.LeaderChange: AddControl("LeaderChange", new LeaderChangeMessage(), reader.Value, line); break;
            case 3: AddControl("SnapshotHeader", new SnapshotHeaderRecord(), reader.Value, line); break;
            case 4: AddControl("SnapshotFooter", new SnapshotFooterRecord(), reader.Value, line); break;
            case 5: AddControl("KRaftVersion", new KRaftVersionRecord(), reader.Value, line); break;
            case 6: AddControl("KRaftVoters", new VotersRecord(), reader.Value, line); break;
            default: line.Add("controlType", $"UNKNOWN({(short)type})"); break;
        }
    }

    // Their version is their first field.
    private static void AddControl(string name, IApiMessage body, ReadOnlySpan<byte> value, DumpLine line)
    {
        try
        {
            var version = new MessageReader(value.ToArray()).Int16();
            var reader = new MessageReader(value.ToArray());
            body.Read(ref reader, version);
            line.AddJson(name, DecodedJson.Text(DecodedJson.Of(body, version)));
        }
        catch (Exception error) when (error is MalformedMessageException or UnsupportedVersionException)
        {
            line.Add(name, error.Message);
        }
    }

    private static void AddData(long offset, bool isKeyNull, ReadOnlySpan<byte> key, bool isValueNull, ReadOnlySpan<byte> value, DumpOptions options, DumpLine line)
    {
        if (options.Decoder != DumpDecoder.None)
        {
            DecodedRecord.Add(options.Decoder, offset, isKeyNull ? default(ReadOnlyMemory<byte>?) : key.ToArray(), isValueNull ? default(ReadOnlyMemory<byte>?) : value.ToArray(), line);
            return;
        }

        if (options.Data && !isKeyNull) line.Add("key", Encoding.UTF8.GetString(key));
        if (options.Data && !isValueNull) line.Add("payload", Encoding.UTF8.GetString(value));
    }

    // Formats 0 and 1: what a broker before 0.11 wrote. A compressed entry stands for all messages inside it.
    private static string? WriteLegacy(ReadOnlySpan<byte> entry, long position, sbyte magic, DumpOptions options, DumpLine line, OffsetGaps gaps)
    {
        if (magic < 0 || entry.Length < LeastLegacySize + (magic * sizeof(long))) return "no message of a known format";
        var attributes = entry[RecordBatchHeader.MagicPosition + 1];
        var isAppendTime = (attributes & 0x08) != 0;
        var time = magic == 0 ? "NoTimestampType" : NameOf(isAppendTime ? TimestampType.LogAppendTime : TimestampType.CreateTime);
        var timestamp = magic == 0 ? RecordBatchHeader.NoTimestamp : BinaryPrimitives.ReadInt64BigEndian(entry[(RecordBatchHeader.MagicPosition + 2)..]);
        line.Begin("", "batch").Add("offset", BinaryPrimitives.ReadInt64BigEndian(entry)).Add("position", position).Add(time, timestamp).Add("size", entry.Length)
            .Add("magic", magic).Add("compresscodec", NameOf((CompressionType)(attributes & 0x07))).End();
        if (!options.ShowsRecords) return null;
        using var reader = new LegacyReader(entry);
        while (reader.MoveNext())
        {
            gaps.Next(reader.Offset);
            line.Begin("| ", "record");
            if (!options.WithoutMetadata)
            {
                line.Add("offset", reader.Offset).Add(time, reader.Timestamp).Add("keySize", reader.IsKeyNull ? -1 : reader.Key.Length)
                    .Add("valueSize", reader.IsValueNull ? -1 : reader.Value.Length);
            }

            AddData(reader.Offset, reader.IsKeyNull, reader.Key, reader.IsValueNull, reader.Value, options, line);
            line.End();
        }

        return null;
    }

    // A preallocated segment is zeros behind its last batch.
    private static bool IsZero(SafeFileHandle handle, long position, long length)
    {
        Span<byte> window = stackalloc byte[4096];
        while (position < length)
        {
            var read = RandomAccess.Read(handle, window, position);
            if (read == 0) break;
            if (window[..read].ContainsAnyExcept((byte)0)) return false;
            position += read;
        }

        return true;
    }

    private static string NameOf(TimestampType type) => type == TimestampType.LogAppendTime ? "LogAppendTime" : "CreateTime";

    private static string NameOf(CompressionType type) => type.ToString().ToLowerInvariant();
}

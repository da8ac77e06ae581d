using System.Buffers.Binary;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage;

/// <summary>
/// The file <c>closed-logs</c> of a log directory: what its logs were when the broker stopped in order. It only saves work: without it, and for every log of which a file changed
/// since, a start looks at the files. Kafka passes it over. <c>ASL1</c>, CRC-32C of the rest, then the logs in the wire's compact form.
/// </summary>
internal sealed class ClosedLogTable
{
    /// <summary>The file's name.</summary>
    public const string FileName = "closed-logs";

    private const int Head = 8;
    private const int LeastLogBytes = 50;
    private const int LeastSegmentBytes = 24;
    private const int LeastEpochBytes = 12;

    private readonly Lock _gate = new();
    private Dictionary<PartitionName, ClosedLog>? _logs;

    private ClosedLogTable(Dictionary<PartitionName, ClosedLog>? logs) => _logs = logs;

    /// <summary>One that knows nothing.</summary>
    public static ClosedLogTable Empty { get; } = new(null);

    /// <summary>What a file says; nothing where it is damaged.</summary>
    public static ClosedLogTable Decode(ReadOnlyMemory<byte> bytes)
    {
        var span = bytes.Span;
        if (span.Length < Head || !span.StartsWith("ASL1"u8) || BinaryPrimitives.ReadUInt32BigEndian(span[4..]) != Crc32C.Compute(span[Head..])) return Empty;
        try
        {
            var reader = new MessageReader(bytes[Head..]) { Flexible = true };
            var count = reader.ArrayLength(nullable: false, LeastLogBytes, cost: 0);
            var logs = new Dictionary<PartitionName, ClosedLog>(count);
            for (var i = 0; i < count; i++)
            {
                var name = new PartitionName(reader.String(), reader.Int32());
                logs[name] = ReadLog(ref reader);
            }

            return new ClosedLogTable(logs);
        }
        catch (MalformedMessageException)
        {
            return Empty; // of another version
        }
    }

    /// <summary>The file's bytes.</summary>
    public static byte[] Encode(IReadOnlyCollection<KeyValuePair<PartitionName, ClosedLog>> logs)
    {
        using var writer = new MessageWriter() { Flexible = true };
        writer.Raw("ASL1"u8);
        writer.Int32(0);
        writer.ArrayLength(logs.Count);
        foreach (var (name, log) in logs)
        {
            writer.String(name.Topic);
            writer.Int32(name.Partition);
            WriteLog(writer, log);
        }

        var bytes = writer.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Crc32C.Compute(bytes.AsSpan(Head)));
        return bytes;
    }

    /// <summary>What is known of a log, once: afterwards the log itself knows better. From any thread.</summary>
    public ClosedLog? Take(PartitionName partition)
    {
        lock (_gate)
        {
            if (_logs is null || !_logs.Remove(partition, out var log)) return null;
            if (_logs.Count == 0) _logs = null;
            return log;
        }
    }

    private static ClosedLog ReadLog(ref MessageReader reader)
    {
        var (id, seal, end) = (reader.Uuid(), (ulong)reader.Int64(), reader.Int64());
        var (timestamp, offset, behind, hasProducers) = (reader.Int64(), reader.Int64(), reader.Int32(), reader.Bool());
        var epochs = new EpochStart[reader.ArrayLength(nullable: false, LeastEpochBytes, cost: 0)];
        for (var i = 0; i < epochs.Length; i++) epochs[i] = new EpochStart(reader.Int32(), reader.Int64());
        var segments = new ClosedSegment[reader.ArrayLength(nullable: false, LeastSegmentBytes, cost: 0)];
        if (segments.Length == 0) throw new MalformedMessageException("a log without segments");
        for (var i = 0; i < segments.Length; i++) segments[i] = new ClosedSegment(reader.Int64(), reader.Int64(), reader.Int32(), reader.Int32());
        return new ClosedLog
        {
            TopicId = id,
            Seal = seal,
            EndOffset = end,
            Epochs = epochs,
            Segments = segments,
            MaxTimestamp = timestamp,
            OffsetOfMaxTimestamp = offset,
            BytesSinceEntry = behind,
            HasProducers = hasProducers,
        };
    }

    private static void WriteLog(MessageWriter writer, ClosedLog log)
    {
        writer.Uuid(log.TopicId);
        writer.Int64((long)log.Seal);
        writer.Int64(log.EndOffset);
        writer.Int64(log.MaxTimestamp);
        writer.Int64(log.OffsetOfMaxTimestamp);
        writer.Int32(log.BytesSinceEntry);
        writer.Bool(log.HasProducers);
        writer.ArrayLength(log.Epochs.Count);
        foreach (var (epoch, start) in log.Epochs)
        {
            writer.Int32(epoch);
            writer.Int64(start);
        }

        writer.ArrayLength(log.Segments.Length);
        foreach (var segment in log.Segments)
        {
            writer.Int64(segment.BaseOffset);
            writer.Int64(segment.Size);
            writer.Int32(segment.OffsetEntries);
            writer.Int32(segment.TimeEntries);
        }
    }
}

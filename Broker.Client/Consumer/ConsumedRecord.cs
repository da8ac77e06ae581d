using System.Text;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Records;

namespace AkkaStream.Client.Consumer;

/// <summary>One record as it came. Its bytes are valid until the poll that brought it is disposed.</summary>
public readonly struct ConsumedRecord
{
    private readonly ReadOnlyMemory<byte> headers;

    internal ConsumedRecord(TopicPartition partition, long offset, long timestamp, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, ReadOnlyMemory<byte> headers, int headerCount)
    {
        Partition = partition;
        Offset = offset;
        Timestamp = timestamp;
        Key = key;
        Value = value;
        this.headers = headers;
        HeaderCount = headerCount;
    }

    /// <summary>Where it was.</summary>
    public TopicPartition Partition { get; }

    /// <summary>Its offset.</summary>
    public long Offset { get; }

    /// <summary>Milliseconds since 1970, or -1.</summary>
    public long Timestamp { get; }

    /// <summary>The key, or null.</summary>
    public ReadOnlyMemory<byte>? Key { get; }

    /// <summary>The value, or null.</summary>
    public ReadOnlyMemory<byte>? Value { get; }

    /// <summary>How many headers it has.</summary>
    public int HeaderCount { get; }

    /// <summary>Its headers as they came.</summary>
    internal ReadOnlyMemory<byte> RawHeaders => headers;

    /// <summary>Its headers, read anew at each call.</summary>
    public IReadOnlyList<RecordHeader> Headers() => Read(headers, HeaderCount);

    internal static IReadOnlyList<RecordHeader> Read(ReadOnlyMemory<byte> headers, int count)
    {
        if (count == 0) return [];
        var all = new List<RecordHeader>(count);
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var name = Next(headers, ref at);
            all.Add(new RecordHeader(name is { } n ? Encoding.UTF8.GetString(n.Span) : "", Next(headers, ref at)));
        }

        return all;
    }

    private static ReadOnlyMemory<byte>? Next(ReadOnlyMemory<byte> bytes, ref int at)
    {
        if (!Varint.TryReadInt(bytes.Span, ref at, out var length) || length < 0) return null;
        at += length;
        return bytes.Slice(at - length, length);
    }
}

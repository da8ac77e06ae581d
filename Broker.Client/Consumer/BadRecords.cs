using System.Globalization;
using System.Text;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Records;

namespace AkkaStream.Client.Consumer;

/// <summary>What becomes of records that cannot be deserialised.</summary>
public sealed class BadRecords
{
    private BadRecords(string? parkingTopic, bool throws, Action<BadRecordException>? told)
    {
        ParkingTopic = parkingTopic;
        Throws = throws;
        Told = told;
    }

    /// <summary>
    /// The reader gets a <see cref="BadRecordException"/>, and the next time it reads it gets what comes after the record. The default: nothing is passed over
    /// silently.
    /// </summary>
    public static BadRecords Throw { get; } = new(null, true, null);

    /// <summary>Where they go, or null.</summary>
    internal string? ParkingTopic { get; }

    internal bool Throws { get; }

    internal Action<BadRecordException>? Told { get; }

    /// <summary>They are left out, as if they had been handled.</summary>
    /// <param name="told">Told of each one; null for nobody.</param>
    public static BadRecords Skip(Action<BadRecordException>? told = null) => new(null, false, told);

    /// <summary>
    /// They are sent to another topic as they are, with headers that say where they come from and what was wrong, acknowledged by all in-sync replicas before reading
    /// goes on.
    /// </summary>
    /// <param name="topic">The topic.</param>
    /// <param name="told">Told of each one; null for nobody.</param>
    public static BadRecords Park(string topic, Action<BadRecordException>? told = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        return new(topic, false, told);
    }
}

/// <summary>A record cannot be deserialised.</summary>
public sealed class BadRecordException : Exception, IClientError
{
    /// <summary>An error about a record.</summary>
    /// <param name="partition">Where the record is.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="isKey">Whether its key is bad, or else its value.</param>
    /// <param name="why">What the deserialiser threw.</param>
    public BadRecordException(TopicPartition partition, long offset, bool isKey, Exception why)
        : base($"{partition}, offset {offset}: the {(isKey ? "key" : "value")} cannot be read: {why.Message}", why)
    {
        Partition = partition;
        Offset = offset;
        IsKey = isKey;
    }

    /// <summary>Where the record is.</summary>
    public TopicPartition Partition { get; }

    /// <summary>Its offset.</summary>
    public long Offset { get; }

    /// <summary>True: its key is bad. False: its value is.</summary>
    public bool IsKey { get; }

    /// <inheritdoc/>
    public ErrorKind Kind => ErrorKind.Refused;
}

/// <summary>Sends records on to another topic as they are, with headers that say where they come from and why.</summary>
internal sealed class ParkingLot(ClusterClient cluster) : IAsyncDisposable
{
    /// <summary>Names of the headers that are added.</summary>
    internal const string TopicHeader = "akkastream.origin.topic";
    internal const string PartitionHeader = "akkastream.origin.partition";
    internal const string OffsetHeader = "akkastream.origin.offset";
    internal const string ReasonHeader = "akkastream.error";
    private RecordProducer? producer;

    /// <summary>Sends a record on; ends when it is safe there.</summary>
    /// <exception cref="BrokerException">It was refused.</exception>
    public async ValueTask ParkAsync(string topic, ConsumedRecord record, string reason, CancellationToken cancellation)
    {
        producer ??= new RecordProducer(cluster, new ProducerOptions { Batching = new AccumulatorOptions { LingerMs = 0 } });
        List<RecordHeader> headers = [.. record.Headers()];
        headers.Add(new RecordHeader(TopicHeader, Encoding.UTF8.GetBytes(record.Partition.Topic)));
        headers.Add(new RecordHeader(PartitionHeader, Number(record.Partition.Partition)));
        headers.Add(new RecordHeader(OffsetHeader, Number(record.Offset)));
        headers.Add(new RecordHeader(ReasonHeader, Encoding.UTF8.GetBytes(reason)));
        await producer.SendAsync(new ProducerRecord(topic, record.Value, record.Key) { Timestamp = record.Timestamp < 0 ? null : record.Timestamp, Headers = headers }, cancellation).ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => producer?.DisposeAsync() ?? default;

    private static byte[] Number(long number) => Encoding.UTF8.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Diagnostics;
using AkkaStream.Client.Serialization;

namespace AkkaStream.Client.Producer;

/// <summary>
/// Sends messages with an application's own types. Safe from any thread: one producer for a whole application is what it is made for. Everything that is
/// said of <see cref="RecordProducer"/>, which it sends by, holds: batches, order, idempotence, transactions.
/// </summary>
/// <typeparam name="TKey">The type of keys; <see cref="Nothing"/> for none.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public sealed class Producer<TKey, TValue> : IAsyncDisposable
{
    private readonly RecordProducer records;
    private readonly ISerializer<TKey> keys;
    private readonly ISerializer<TValue> values;

    /// <summary>A producer over a cluster, which stays the caller's.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="options">How to send; Kafka's defaults where left out.</param>
    /// <param name="keys">Writes keys; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <param name="values">Writes values; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <exception cref="ArgumentException">The options contradict each other, or a type has no serialiser of its own.</exception>
    public Producer(ClusterClient cluster, ProducerOptions? options = null, ISerializer<TKey>? keys = null, ISerializer<TValue>? values = null)
    {
        this.keys = keys ?? Serdes.For<TKey>();
        this.values = values ?? Serdes.For<TValue>();
        records = new RecordProducer(cluster, options) { Retrying = why => Retrying?.Invoke(why) };
    }

    /// <summary>Told, on a thread of the producer, what hinders it (see <see cref="RecordProducer.Retrying"/>). Must not block.</summary>
    public Action<string>? Retrying { get; init; }

    /// <summary>See every message and what becomes of it, the first one first. None by default.</summary>
    public IReadOnlyList<IProducerInterceptor<TKey, TValue>> Interceptors { get; init; } = [];

    /// <summary>The same producer for keys and values that are bytes already.</summary>
    public RecordProducer Records => records;

    /// <summary>Sends a message and completes when it is as safe as <see cref="ProducerOptions.Acks"/> asks for.</summary>
    /// <param name="topic">Where to.</param>
    /// <param name="key">The key; null for none.</param>
    /// <param name="value">The value; null for a tombstone.</param>
    /// <param name="cancellation">Gives up waiting; the message may be sent all the same.</param>
    /// <returns>Partition and offset.</returns>
    /// <exception cref="BrokerException">It was refused for good, or not taken within delivery.timeout.ms.</exception>
    /// <exception cref="Transport.TransportException">No room and no metadata within max.block.ms.</exception>
    /// <exception cref="TransactionException">The transaction failed, or another producer has the transactional id.</exception>
    public ValueTask<RecordLocation> SendAsync(string topic, TKey key, TValue value, CancellationToken cancellation = default)
        => SendAsync(new Message<TKey, TValue>(topic, key, value), cancellation);

    /// <inheritdoc cref="SendAsync(string, TKey, TValue, CancellationToken)"/>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Gives up waiting; the message may be sent all the same.</param>
    public ValueTask<RecordLocation> SendAsync(Message<TKey, TValue> message, CancellationToken cancellation = default)
    {
        // Waiting that can be cancelled, and waiting in a simulation, has to be done by tasks.
        if (cancellation.CanBeCanceled || !records.IsOnSystemTime) return SendSlow(Place(message, default, cancellation), cancellation);
        var pending = PendingSend.Rent();
        var placing = Place(message, new Delivery(PendingSend.Tell, pending), cancellation);
        return placing.IsCompletedSuccessfully ? pending.Task : SendSlow(placing, pending);
    }

    /// <summary>
    /// Fire and forget: completes when the message is in its batch, at once unless <see cref="AccumulatorOptions.BufferMemory"/> is used up. What becomes of it nobody
    /// hears, unless it is asked for by <paramref name="delivered"/>.
    /// </summary>
    /// <param name="message">The message.</param>
    /// <param name="delivered">Told once, on a thread of the producer, what became of it. It should be quick; what it throws comes out of <see cref="FlushAsync"/>.</param>
    /// <param name="cancellation">Gives up waiting for room.</param>
    /// <exception cref="BrokerException">There is no such topic or partition, or the record is too large.</exception>
    /// <exception cref="Transport.TransportException">No room and no metadata within max.block.ms.</exception>
    /// <exception cref="TransactionException">The transaction failed, or another producer has the transactional id.</exception>
    public ValueTask EnqueueAsync(Message<TKey, TValue> message, Action<DeliveryReport>? delivered = null, CancellationToken cancellation = default)
    {
        var placing = Place(message, delivered is null ? default : new Delivery(static (state, report) => ((Action<DeliveryReport>)state!)(report), delivered), cancellation);
        return placing.IsCompletedSuccessfully ? default : EnqueueSlow(placing);
    }

    /// <inheritdoc cref="EnqueueAsync(Message{TKey, TValue}, Action{DeliveryReport}?, CancellationToken)"/>
    /// <param name="topic">Where to.</param>
    /// <param name="key">The key; null for none.</param>
    /// <param name="value">The value; null for a tombstone.</param>
    /// <param name="delivered">Told once, on a thread of the producer, what became of it.</param>
    /// <param name="cancellation">Gives up waiting for room.</param>
    public ValueTask EnqueueAsync(string topic, TKey key, TValue value, Action<DeliveryReport>? delivered = null, CancellationToken cancellation = default)
        => EnqueueAsync(new Message<TKey, TValue>(topic, key, value), delivered, cancellation);

    /// <summary>Completes when every message sent so far was acknowledged or refused, and the callbacks were told.</summary>
    /// <exception cref="AggregateException">What callbacks threw.</exception>
    public ValueTask FlushAsync(CancellationToken cancellation = default) => records.FlushAsync(cancellation);

    /// <inheritdoc cref="RecordProducer.BeginTransactionAsync"/>
    public ValueTask<ProducerTransaction> BeginTransactionAsync(CancellationToken cancellation = default) => records.BeginTransactionAsync(cancellation);

    /// <inheritdoc cref="RecordProducer.CloseAsync"/>
    public ValueTask CloseAsync(TimeSpan within) => records.CloseAsync(within);

    /// <summary>Sends what waits, for as long as delivery.timeout.ms allows, then stops.</summary>
    public ValueTask DisposeAsync() => records.DisposeAsync();

    private ValueTask<(ProducerBatch Batch, int Index)> Place(Message<TKey, TValue> message, Delivery delivery, CancellationToken cancellation)
    {
        for (var i = 0; i < Interceptors.Count; i++) message = Interceptors[i].OnSend(message);
        var activity = ClientTelemetry.Traces ? ClientTelemetry.StartSend(message.Topic) : null;
        if (activity is not null) message = message with { Headers = ClientTelemetry.WithContext(activity, message.Headers) };
        var buffer = SerializationBuffer.Rent();
        var isKept = false;
        try
        {
            var placing = records.EnqueueAsync(Serialize(message, buffer), Watch(delivery, activity), cancellation);
            isKept = !placing.IsCompletedSuccessfully;
            return isKept ? PlaceSlow(placing, buffer, activity) : placing;
        }
        catch (Exception refused)
        {
            ClientTelemetry.EndSend(activity, refused);
            throw;
        }
        finally
        {
            if (!isKept) buffer.Return();
        }
    }

    private ProducerRecord Serialize(in Message<TKey, TValue> message, SerializationBuffer buffer)
    {
        var bytes = buffer.Bytes;
        var hasKey = !keys.IsNull(message.Key);
        if (hasKey) keys.Serialize(message.Key, bytes, new SerializationContext(message.Topic, IsKey: true));
        var keyLength = bytes.Length;
        var hasValue = !values.IsNull(message.Value);
        if (hasValue) values.Serialize(message.Value, bytes, new SerializationContext(message.Topic, IsKey: false));
        // The buffer may have grown: its memory is looked at when all is written.
        ReadOnlyMemory<byte> all = bytes.WrittenMemory;
        return new ProducerRecord(message.Topic, hasValue ? all[keyLength..] : default(ReadOnlyMemory<byte>?), hasKey ? all[..keyLength] : default(ReadOnlyMemory<byte>?))
        {
            Partition = message.Partition,
            Timestamp = message.Timestamp?.ToUnixTimeMilliseconds(),
            Headers = message.Headers,
        };
    }

    // Interceptors and traces hear of a record before whoever sent it.
    private Delivery Watch(in Delivery delivery, Activity? activity)
        => Interceptors.Count > 0 || activity is not null ? new Delivery(TellAll, new Watched(this, delivery, activity)) : delivery;

    private static void TellAll(object? state, DeliveryReport report)
    {
        var watched = (Watched)state!;
        if (watched.Activity is { } activity) ClientTelemetry.EndSend(activity, report);
        foreach (var interceptor in watched.Producer.Interceptors) interceptor.OnDelivered(report);
        watched.Delivery.Tell?.Invoke(watched.Delivery.State, report);
    }

    // The record waits for room or for its topic: its bytes stay where they are until it is placed.
    private static async ValueTask<(ProducerBatch Batch, int Index)> PlaceSlow(ValueTask<(ProducerBatch Batch, int Index)> placing, SerializationBuffer buffer, Activity? activity)
    {
        try
        {
            return await placing.ConfigureAwait(false);
        }
        catch (Exception refused)
        {
            ClientTelemetry.EndSend(activity, refused);
            throw;
        }
        finally
        {
            buffer.Return();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<RecordLocation> SendSlow(ValueTask<(ProducerBatch Batch, int Index)> placing, CancellationToken cancellation)
    {
        var (batch, index) = await placing.ConfigureAwait(false);
        return await RecordProducer.LocateAsync(batch, index, cancellation).ConfigureAwait(false);
    }

    private static async ValueTask<RecordLocation> SendSlow(ValueTask<(ProducerBatch Batch, int Index)> placing, PendingSend pending)
    {
        await placing.ConfigureAwait(false);
        return await pending.Task.ConfigureAwait(false);
    }

    private static async ValueTask EnqueueSlow(ValueTask<(ProducerBatch Batch, int Index)> placing) => await placing.ConfigureAwait(false);

    private sealed record Watched(Producer<TKey, TValue> Producer, Delivery Delivery, Activity? Activity);
}

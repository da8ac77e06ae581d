using System.Runtime.CompilerServices;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Serialization;

namespace AkkaStream.Client.Consumer;

/// <summary>
/// Reads records with an application's own types, as a member of a group (<see cref="Subscribe(IReadOnlyList{string})"/>) or from partitions that it names (<see cref="AssignAsync(IReadOnlyCollection{TopicPartition}, CancellationToken)"/>).
/// Use it from one place at a time; only commits may come from anywhere. A record counts as handled when the next one is asked for: that is what is committed automatically.
/// </summary>
/// <typeparam name="TKey">The type of keys; <see cref="Nothing"/> where they are of no interest.</typeparam>
/// <typeparam name="TValue">The type of values.</typeparam>
public sealed partial class Consumer<TKey, TValue> : IAsyncDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);
    private readonly ClusterClient cluster;
    private readonly ConsumerOptions options;
    private readonly IDeserializer<TKey> keys;
    private readonly IDeserializer<TValue> values;
    private readonly PollCursor cursor = new();
    private readonly ParkingLot parking;
    private IRecordSource? source;
    private ConsumeResult<TKey, TValue> current;
    private (IReadOnlyList<string> Topics, string? Pattern)? subscription;
    private int reading;
    private bool isStopping;

    /// <summary>A consumer over a cluster, which stays the caller's.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="options">How to read.</param>
    /// <param name="keys">Reads keys; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <param name="values">Reads values; one of <see cref="Serdes"/> by the type where left out.</param>
    /// <exception cref="ArgumentException">A type has no deserialiser of its own, or an option is out of its bounds.</exception>
    public Consumer(ClusterClient cluster, ConsumerOptions? options = null, IDeserializer<TKey>? keys = null, IDeserializer<TValue>? values = null)
    {
        this.cluster = cluster;
        this.options = options ?? new ConsumerOptions();
        if (this.options.MaxPollRecords < 1) throw new ArgumentException($"MaxPollRecords is {this.options.MaxPollRecords}: at least 1 is possible", nameof(options));
        this.keys = keys ?? Serdes.For<TKey>();
        this.values = values ?? Serdes.For<TValue>();
        parking = new ParkingLot(cluster);
    }

    /// <summary>Told, while more is asked for, what the consumer has besides from now on. It may seek.</summary>
    public RebalanceCallback? PartitionsAssigned { get; init; }

    /// <summary>Told, while more is asked for, what the consumer is about to give back; what was handled is committed after it, where that is done automatically.</summary>
    public RebalanceCallback? PartitionsRevoked { get; init; }

    /// <summary>Told, while more is asked for, what the consumer has lost: nothing can be committed for it any more. <see cref="PartitionsRevoked"/> where left out.</summary>
    public RebalanceCallback? PartitionsLost { get; init; }

    /// <summary>Reads topics as a member of the group. Joins it when the first record is asked for.</summary>
    /// <param name="topics">At least one.</param>
    /// <exception cref="InvalidOperationException">There is no group id, or something is read already: <see cref="UnsubscribeAsync"/> comes first.</exception>
    public void Subscribe(params IReadOnlyList<string> topics)
    {
        if (topics.Count == 0) throw new ArgumentException("no topic to subscribe to", nameof(topics));
        Subscribe([.. topics], null);
    }

    /// <summary>Reads, as a member of the group, every topic whose whole name an expression matches, those to come included.</summary>
    /// <param name="pattern">See <see cref="GroupOptions.Pattern"/>.</param>
    /// <exception cref="InvalidOperationException">There is no group id, or something is read already.</exception>
    public void SubscribePattern(string pattern) => Subscribe([], pattern);

    /// <summary>Reads partitions without being a member of a group, where the group id left off, or where <see cref="ConsumerOptions.AutoOffsetReset"/> says.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">Something is read already: <see cref="UnsubscribeAsync"/> comes first.</exception>
    /// <exception cref="NoOffsetException">Nothing is committed, and the options say not to begin then.</exception>
    /// <exception cref="BrokerException">A partition is not there, or may not be read.</exception>
    public ValueTask AssignAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation = default)
        => Assign(partitions.ToDictionary(p => p, _ => (long?)null), cancellation);

    /// <summary>Reads partitions without being a member of a group.</summary>
    /// <param name="starts">For each an offset, or a value of <see cref="Admin.OffsetSpec"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">Something is read already: <see cref="UnsubscribeAsync"/> comes first.</exception>
    /// <exception cref="BrokerException">A partition is not there, or may not be read.</exception>
    public ValueTask AssignAsync(IReadOnlyDictionary<TopicPartition, long> starts, CancellationToken cancellation = default)
        => Assign(starts.ToDictionary(s => s.Key, s => (long?)s.Value), cancellation);

    /// <summary>Stops reading: commits what was handled, where that is done automatically, and leaves the group. Others may be subscribed to then.</summary>
    public async ValueTask UnsubscribeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        subscription = null;
    }

    /// <summary>
    /// The records, one by one, as they come. Cancelling ends it without an exception: what was handled is committed, where that is done automatically, and the group is
    /// left. Leaving it by <c>break</c> does neither: another call goes on behind the record that was given last.
    /// </summary>
    /// <param name="stopping">Stops reading.</param>
    /// <exception cref="InvalidOperationException">Nothing is subscribed to or assigned, or records are being read elsewhere.</exception>
    /// <exception cref="BadRecordException">A record cannot be deserialised, and <see cref="ConsumerOptions.BadRecords"/> is <see cref="BadRecords.Throw"/>.</exception>
    /// <exception cref="NoOffsetException">A partition has no committed offset, and the options say not to begin then.</exception>
    /// <exception cref="BrokerException">The group cannot be joined as configured, or a partition was refused for good.</exception>
    public async IAsyncEnumerable<ConsumeResult<TKey, TValue>> ConsumeAsync([EnumeratorCancellation] CancellationToken stopping = default)
    {
        Enter();
        try
        {
            while (await AdvanceAsync(stopping).ConfigureAwait(false)) yield return current;
            await StopAsync().ConfigureAwait(false);
        }
        finally
        {
            current = default;
            reading = 0;
        }
    }

    /// <summary>
    /// The records in batches of one partition each, up to <see cref="ConsumerOptions.MaxPollRecords"/>. As <see cref="ConsumeAsync"/> otherwise; a batch counts as handled when
    /// the next one is asked for.
    /// </summary>
    /// <param name="stopping">Stops reading.</param>
    /// <exception cref="InvalidOperationException">Nothing is subscribed to or assigned, or records are being read elsewhere.</exception>
    /// <exception cref="BadRecordException">A record cannot be deserialised, and <see cref="ConsumerOptions.BadRecords"/> is <see cref="BadRecords.Throw"/>; what came before it was given in a batch of its own.</exception>
    /// <exception cref="NoOffsetException">A partition has no committed offset, and the options say not to begin then.</exception>
    /// <exception cref="BrokerException">The group cannot be joined as configured, or a partition was refused for good.</exception>
    public async IAsyncEnumerable<ConsumeBatch<TKey, TValue>> ConsumeBatchesAsync([EnumeratorCancellation] CancellationToken stopping = default)
    {
        Enter();
        ConsumeBatch<TKey, TValue>? batch = null;
        try
        {
            while ((batch = await NextBatchAsync(batch, stopping).ConfigureAwait(false)) is not null) yield return batch;
            await StopAsync().ConfigureAwait(false);
        }
        finally
        {
            batch?.GiveBack();
            reading = 0;
        }
    }

    /// <summary>Commits what was handled, where that is done automatically, leaves the group and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync().ConfigureAwait(false);
        await parking.DisposeAsync().ConfigureAwait(false);
    }

    private void Subscribe(IReadOnlyList<string> topics, string? pattern)
    {
        if (options.GroupId is null) throw new InvalidOperationException("topics are shared within a group: set ConsumerOptions.GroupId, or name partitions by AssignAsync");
        CheckFree();
        subscription = (topics, pattern);
    }

    private async ValueTask Assign(IReadOnlyDictionary<TopicPartition, long?> starts, CancellationToken cancellation)
    {
        CheckFree();
        var assigned = new AssignedSource(cluster, options, HandledOf);
        source = assigned;
        try
        {
            await assigned.AssignAsync(starts, cancellation).ConfigureAwait(false);
        }
        catch
        {
            source = null;
            await assigned.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private void CheckFree()
    {
        if (source is not null || subscription is not null) throw new InvalidOperationException("something is read already: UnsubscribeAsync comes first");
    }

    private void Enter()
    {
        if (Interlocked.Exchange(ref reading, 1) == 1) throw new InvalidOperationException("records are being read elsewhere: a consumer is used from one place at a time");
    }

    // The next record into `current`; false where reading is to stop. Mostly it is there already, and nothing is awaited.
    private ValueTask<bool> AdvanceAsync(CancellationToken stopping)
    {
        cursor.Handle();
        if (stopping.IsCancellationRequested) return new(false);
        if (cursor.TryTake(1, out var at, out _) && TryRead(cursor.Polled.Records[at], out current, out _)) return new(true);
        cursor.PutBack();
        return AdvanceSlowly(stopping);
    }

    private async ValueTask<bool> AdvanceSlowly(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (!cursor.TryTake(1, out var at, out _))
            {
                if (!await FillAsync(stopping).ConfigureAwait(false)) return false;
                continue;
            }

            if (TryRead(cursor.Polled.Records[at], out current, out var bad)) return true;
            if (!await PassAsync(at, bad, stopping).ConfigureAwait(false)) return false;
            cursor.Handle();
        }

        return false;
    }

    private async ValueTask<ConsumeBatch<TKey, TValue>?> NextBatchAsync(ConsumeBatch<TKey, TValue>? last, CancellationToken stopping)
    {
        last?.GiveBack();
        cursor.Handle();
        while (!stopping.IsCancellationRequested)
        {
            if (!cursor.TryTake(options.MaxPollRecords, out var start, out var count))
            {
                if (!await FillAsync(stopping).ConfigureAwait(false)) return null;
                continue;
            }

            var batch = new ConsumeBatch<TKey, TValue>(cursor.Polled.Records[start].Partition, count);
            var bad = Read(batch, start, count);
            if (batch.Count > 0) return batch;
            batch.GiveBack();
            if (!await PassAsync(start, bad, stopping).ConfigureAwait(false)) return null;
            cursor.Handle();
        }

        return null;
    }

    // Polls until something came; false where reading is to stop.
    private async ValueTask<bool> FillAsync(CancellationToken stopping)
    {
        cursor.Dispose();
        try
        {
            var from = source ??= await JoinAsync(stopping).ConfigureAwait(false);
            while (true)
            {
                var polled = await from.PollAsync(Wait, stopping).ConfigureAwait(false);
                if (polled.Count > 0)
                {
                    cursor.Put(polled);
                    return true;
                }

                polled.Dispose();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private async ValueTask<IRecordSource> JoinAsync(CancellationToken cancellation)
    {
        if (subscription is not var (topics, pattern)) throw new InvalidOperationException("nothing is subscribed to or assigned");
        if (options.AllowAutoCreateTopics && topics.Count > 0) await cluster.RetryAsync("Metadata", token => cluster.RefreshAsync(topics, create: true, token), cancellation).ConfigureAwait(false);
        return new GroupConsumer(cluster, options.Group(topics, pattern), options.Fetch)
        {
            Assigned = Assigned,
            Revoked = Revoked,
            Lost = Lost,
            Handled = HandledOf,
        };
    }

    private async ValueTask StopAsync()
    {
        if (source is not { } stopped || isStopping) return;
        isStopping = true;
        try
        {
            await stopped.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            source = null;
            cursor.Dispose();
            isStopping = false;
        }
    }

    // Everything up to a record that cannot be read, which is given back to be met alone the next time.
    private BadRecordException? Read(ConsumeBatch<TKey, TValue> batch, int start, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (TryRead(cursor.Polled.Records[start + i], out var result, out var bad))
            {
                batch.Add(result);
                continue;
            }

            cursor.Keep(Math.Max(i, 1));
            return i == 0 ? bad : null;
        }

        return null;
    }

    private bool TryRead(in ConsumedRecord record, out ConsumeResult<TKey, TValue> result, out BadRecordException? bad)
    {
        var isKey = true;
        try
        {
            var key = Field(record.Key, keys, record.Partition.Topic, isKey: true);
            isKey = false;
            var value = Field(record.Value, values, record.Partition.Topic, isKey: false);
            result = new ConsumeResult<TKey, TValue>(record, key, value);
            bad = null;
            return true;
        }
        catch (Exception why)
        {
            // Whatever a deserialiser throws is about the record.
            bad = new BadRecordException(record.Partition, record.Offset, isKey, why);
            result = default;
            return false;
        }
    }

    private static T Field<T>(ReadOnlyMemory<byte>? bytes, IDeserializer<T> deserializer, string topic, bool isKey)
    {
        var context = new SerializationContext(topic, isKey);
        return bytes is { } there ? deserializer.Deserialize(new(there), context) : deserializer.Absent(context);
    }

    // False where reading is to stop before it was done: the record is met again.
    private async ValueTask<bool> PassAsync(int at, BadRecordException? bad, CancellationToken stopping)
    {
        if (bad is null) return true;
        var policy = options.BadRecords;
        if (policy.Throws) throw bad;
        policy.Told?.Invoke(bad);
        if (policy.ParkingTopic is not { } topic) return true;
        try
        {
            await parking.ParkAsync(topic, cursor.Polled.Records[at], bad.Message, stopping).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            cursor.PutBack();
            return false;
        }
    }
}

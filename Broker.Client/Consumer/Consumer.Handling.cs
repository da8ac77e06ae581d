using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer.Handling;
using AkkaStream.Client.Diagnostics;

namespace AkkaStream.Client.Consumer;

/// <content>The handler loop.</content>
public sealed partial class Consumer<TKey, TValue>
{
    private HandlerLoop? handling;

    /// <summary>
    /// Handles records until it is stopped: several at once, those with equal keys in order, again where the handler throws. What is committed never goes beyond a record
    /// that is not handled, so that after a crash, and when a partition goes to another member, a record may be handled twice and none is left out. Stopping lets what runs come to its end,
    /// commits, and leaves the group.
    /// </summary>
    /// <param name="handler">Handles a record; its token is cancelled when it takes longer than <see cref="HandlerOptions.DrainTimeout"/> to stop.</param>
    /// <param name="options">How; the defaults where left out.</param>
    /// <param name="stopping">Stops it.</param>
    /// <exception cref="InvalidOperationException">Nothing is subscribed to or assigned, records are being read elsewhere, or <see cref="ConsumerOptions.EnableAutoCommit"/> is off: the loop commits by itself.</exception>
    /// <exception cref="HandlerException">The handler threw for the last time, and there is no dead-letter topic. The record is not committed.</exception>
    /// <exception cref="BadRecordException">A record cannot be deserialised, and <see cref="ConsumerOptions.BadRecords"/> is <see cref="BadRecords.Throw"/>.</exception>
    /// <exception cref="BrokerException">The group cannot be joined as configured, or a partition was refused for good.</exception>
    public Task HandleAsync(Func<ConsumeResult<TKey, TValue>, CancellationToken, ValueTask> handler, HandlerOptions? options = null, CancellationToken stopping = default)
        => HandleWithAsync(handler, options ?? new HandlerOptions(), null, stopping);

    /// <summary>As <see cref="HandleAsync"/>; with <paramref name="credited"/> records begin in the order in which they came, as many as the loop that it is told of permits.</summary>
    internal async Task HandleWithAsync(Func<ConsumeResult<TKey, TValue>, CancellationToken, ValueTask> handler, HandlerOptions options, Action<HandlerLoop>? credited, CancellationToken stopping)
    {
        options.Check();
        if (this.options is { EnableAutoCommit: false, GroupId: not null }) throw new InvalidOperationException("HandleAsync commits what was handled by itself: leave ConsumerOptions.EnableAutoCommit true");
        Enter();
        try
        {
            cursor.Dispose();
            var from = source ??= await JoinAsync(stopping).ConfigureAwait(false);
            handling = new HandlerLoop(from, options, (record, token) => Handle(handler, record, token), parking.ParkAsync, cluster.Options.Time, credited is not null);
            credited?.Invoke(handling);
            await handling.RunAsync(stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before it had joined.
        }
        finally
        {
            await StopAsync().ConfigureAwait(false);
            handling = null;
            reading = 0;
        }
    }

    private async ValueTask Handle(Func<ConsumeResult<TKey, TValue>, CancellationToken, ValueTask> handler, ConsumedRecord record, CancellationToken cancellation)
    {
        if (TryRead(record, out var result, out var bad))
        {
            await Watch(handler, result, cancellation).ConfigureAwait(false);
            return;
        }

        if (options.BadRecords.Throws) throw bad!;
        options.BadRecords.Told?.Invoke(bad!);
        if (options.BadRecords.ParkingTopic is { } topic) await parking.ParkAsync(topic, record, bad!.Message, cancellation).ConfigureAwait(false);
    }

    private async ValueTask Watch(Func<ConsumeResult<TKey, TValue>, CancellationToken, ValueTask> handler, ConsumeResult<TKey, TValue> record, CancellationToken cancellation)
    {
        using var activity = record.StartActivity();
        var time = cluster.Options.Time;
        var began = time.GetTimestamp();
        string? error = null;
        try
        {
            await handler(record, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            error = failure.GetType().FullName ?? failure.GetType().Name;
            ClientTelemetry.Fail(activity, error);
            throw;
        }
        finally
        {
            ClientTelemetry.Processed(record.Topic, time.GetElapsedTime(began).TotalSeconds, error);
        }
    }

    private async ValueTask Assigned(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation)
    {
        // What is left of an earlier time with them counts no more.
        handling?.Forget(partitions);
        if (PartitionsAssigned is not null) await PartitionsAssigned(partitions, cancellation).ConfigureAwait(false);
    }

    private async ValueTask Revoked(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation)
    {
        if (handling is not null) await handling.DrainAsync(partitions).ConfigureAwait(false);
        if (PartitionsRevoked is not null) await PartitionsRevoked(partitions, cancellation).ConfigureAwait(false);
    }

    private async ValueTask Lost(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation)
    {
        handling?.Forget(partitions);
        if ((PartitionsLost ?? PartitionsRevoked) is { } told) await told(partitions, cancellation).ConfigureAwait(false);
    }
}

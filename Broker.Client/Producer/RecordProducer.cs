using System.Runtime.CompilerServices;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Diagnostics;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Producer;

/// <summary>
/// Sends records: gathered into batches, partitioned as Kafka's clients do it, repeated until they are acknowledged, in order; with a transactional id
/// in transactions.
/// </summary>
public sealed partial class RecordProducer : IAsyncDisposable
{
    private const int MostInFlight = 5;

    // A leader that moved or a marker that is under way refuses once or twice: nobody needs to hear of that.
    private const int RefusalsBeforeTold = 5;
    private readonly ClusterClient cluster;
    private readonly ProducerOptions options;
    private readonly Lock gate = new();
    private readonly RecordAccumulator accumulator;
    private readonly Partitioning partitioning;
    private readonly BatchSender sender;
    private readonly ProducerWindow window;
    private readonly SendLines lines;
    private readonly Dictionary<DeliveryList, Task> untold = [];
    private readonly List<Exception> thrown = [];
    private readonly Lock sleepGate = new();
    private readonly CancellationTokenSource closing = new();
    private readonly Task loop;
    private Task? identifying;
    private Completion<bool> room;
    private Completion<bool>? sleeping;
    private bool awake;
    private string? obstacle;

    /// <summary>A producer over a cluster, which stays the caller's.</summary>
    /// <exception cref="ArgumentException">Idempotence was asked for without <see cref="Acks.All"/>, or transactions without idempotence.</exception>
    public RecordProducer(ClusterClient cluster, ProducerOptions? options = null)
    {
        this.cluster = cluster;
        this.options = options ?? new ProducerOptions();
        if (this.options is { Idempotence: true, Acks: not Acks.All }) throw new ArgumentException("an idempotent producer needs acks=all: set Idempotence to false, or Acks to All", nameof(options));
        if (this.options.MaxInFlight is < 1 or > MostInFlight) throw new ArgumentException($"MaxInFlight is {this.options.MaxInFlight}: 1 to {MostInFlight} are possible", nameof(options));
        if (this.options is { TransactionalId: not null, Idempotence: false }) throw new ArgumentException("a transactional producer is idempotent: leave Idempotence true", nameof(options));
        accumulator = new RecordAccumulator(this.options.Batching, cluster.Options.Time);
        room = new Completion<bool>(cluster.Options.Time);
        partitioning = new Partitioning(this.options, accumulator);
        sender = new BatchSender(cluster, this.options, Ended);
        lines = new SendLines(cluster.Options.Time);
        window = new ProducerWindow(this.options.MaxInFlight, this.options.Idempotence);
        if (this.options.TransactionalId is { } id)
        {
            session = new TransactionSession(id);
            requests = new TransactionClient(cluster, id, this.options.TransactionTimeout);
        }

        loop = Run();
    }

    /// <summary>Told, on a thread of the producer, what hinders it: that it got no producer id, or that a batch was refused five times or more and will be sent again. Must not block.</summary>
    public Action<string>? Retrying { get; init; }

    private long NowMs => cluster.Options.Time.GetTimestamp() / (cluster.Options.Time.TimestampFrequency / 1000);

    /// <summary>Sends a record and completes when it is as safe as was asked for.</summary>
    /// <exception cref="BrokerException">The broker refused it for good, or did not take it within delivery.timeout.ms.</exception>
    /// <exception cref="TransportException">The cluster could not be reached in time.</exception>
    /// <exception cref="ProducerFencedException">Another producer has the transactional id.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<RecordLocation> SendAsync(ProducerRecord record, CancellationToken cancellation = default)
    {
        var (batch, index) = await EnqueueAsync(record, cancellation).ConfigureAwait(false);
        return await LocateAsync(batch, index, cancellation).ConfigureAwait(false);
    }

    /// <summary>Puts a record into its batch and gives the batch and the record's place in it: for callers that wait for many at once.</summary>
    /// <exception cref="BrokerException">There is no such topic or partition, or the record is too large.</exception>
    /// <exception cref="TransportException">No room and no metadata within max.block.ms.</exception>
    /// <exception cref="InvalidOperationException">The producer is transactional and no transaction is open.</exception>
    /// <exception cref="TransactionException">The transaction failed.</exception>
    public ValueTask<(ProducerBatch Batch, int Index)> EnqueueAsync(ProducerRecord record, CancellationToken cancellation = default) => EnqueueAsync(record, default, cancellation);

    /// <summary>As <see cref="EnqueueAsync(ProducerRecord, CancellationToken)"/>, and tells somebody what becomes of the record.</summary>
    internal ValueTask<(ProducerBatch Batch, int Index)> EnqueueAsync(in ProducerRecord record, in Delivery delivery, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(closing.IsCancellationRequested, this);
        if (session is not null)
        {
            lock (gate) session.CheckOpen();
        }

        var topic = cluster.Metadata.Topics.GetValueOrDefault(record.Topic);
        if (topic is { Partitions.Count: > 0 } && lines.IsFree(record.Topic) && TryAppend(record, delivery, topic, out var placed)) return new(placed);
        return EnqueueSlow(record, delivery, cancellation);
    }

    /// <summary>Where a record of a batch is, when that is known.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal static async ValueTask<RecordLocation> LocateAsync(ProducerBatch batch, int index, CancellationToken cancellation)
    {
        var result = await batch.Result.WaitAsync(cancellation).ConfigureAwait(false);
        ThrowIfFailed(batch.Partition, result.Error, result.Message);
        return Locate(batch, result, index);
    }

    internal static RecordLocation Locate(ProducerBatch batch, in BatchResult result, int index)
        => new(batch.Partition, result.BaseOffset < 0 ? -1 : result.BaseOffset + index) { AppendTimeMs = result.AppendTimeMs };

    internal static void ThrowIfFailed(TopicPartition partition, ErrorCode error, string? message)
    {
        if (FailureOf(partition, error, message) is { } failure) throw failure;
    }

    internal static Exception? FailureOf(TopicPartition partition, ErrorCode error, string? message) => error switch
    {
        ErrorCode.None => null,
        ErrorCode.ProducerFenced => new ProducerFencedException(error, $"sending to {partition}: {message ?? error.Name()}"),
        _ => new BrokerException(error, $"sending to {partition}", message),
    };

    /// <summary>Whether it runs on the machine's own time, and not in a simulation.</summary>
    internal bool IsOnSystemTime => cluster.Options.Time == TimeProvider.System;

    /// <summary>Completes when every record sent so far was acknowledged or refused, and the callbacks were told.</summary>
    /// <exception cref="AggregateException">What callbacks threw.</exception>
    public async ValueTask FlushAsync(CancellationToken cancellation = default)
    {
        var waiting = new List<ProducerBatch>();
        Task[] telling;
        lock (gate)
        {
            accumulator.BeginFlush();
            accumulator.CollectUnanswered(waiting);
            telling = [.. untold.Values];
        }

        Wake();
        try
        {
            foreach (var batch in waiting) await batch.Result.WaitAsync(cancellation).ConfigureAwait(false);
            foreach (var told in telling) await told.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            lock (gate) accumulator.EndFlush();
        }

        lock (gate)
        {
            if (thrown.Count == 0) return;
            var all = thrown.ToArray();
            thrown.Clear();
            throw new AggregateException("callbacks of sent records threw", all);
        }
    }

    /// <summary>Sends what waits, for as long as delivery.timeout.ms allows, then stops.</summary>
    public ValueTask DisposeAsync() => CloseAsync(Timeout.InfiniteTimeSpan);

    /// <summary>Sends what waits, then stops; what is not acknowledged in time is given up, and whoever waits for it is told so.</summary>
    /// <param name="within">How long that may take.</param>
    public async ValueTask CloseAsync(TimeSpan within)
    {
        if (!closing.IsCancellationRequested)
        {
            using var late = new CancellationTokenSource(within, cluster.Options.Time);
            // What callbacks throw is for whoever flushes.
            await FlushAsync(late.Token).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        closing.Cancel();
        Wake();
        await loop.ConfigureAwait(false);
    }

    private async ValueTask<(ProducerBatch, int)> EnqueueSlow(ProducerRecord record, Delivery delivery, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(options.MaxBlock, cluster.Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        using var place = lines.Join(record.Topic);
        try
        {
            await place.Turn(either.Token).ConfigureAwait(false);
            while (true)
            {
                var topic = cluster.Metadata.Topics.GetValueOrDefault(record.Topic) ?? await Learn(record.Topic, either.Token).ConfigureAwait(false);
                var freed = Volatile.Read(ref room).Task;
                if (TryAppend(record, delivery, topic, out var placed)) return placed;
                await freed.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TransportException($"a record for {record.Topic} found no room in the buffer, or the topic no leader, within {options.MaxBlock.TotalSeconds:0.#} s");
        }
    }

    private ValueTask<TopicMetadata> Learn(string topic, CancellationToken cancellation) => cluster.RetryAsync("Metadata", async token =>
    {
        var answer = await cluster.RefreshAsync([topic], create: true, token).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.Topics[0].ErrorCode, $"topic {topic}");
        return cluster.Metadata.Topics[topic];
    }, cancellation);

    private bool TryAppend(in ProducerRecord record, in Delivery delivery, TopicMetadata topic, out (ProducerBatch Batch, int Index) placed)
    {
        AppendResult result;
        lock (gate)
        {
            var partition = partitioning.Choose(record, topic);
            var timestamp = record.Timestamp ?? cluster.Options.Time.GetUtcNow().ToUnixTimeMilliseconds();
            result = accumulator.Append(partition, timestamp, record.Key, record.Value, record.Headers, NowMs);
            if (result.Outcome == AppendOutcome.Appended)
            {
                partitioning.Appended(record, topic, result);
                if (delivery.Tell is not null && result.Batch!.WhenDelivered(result.Index, delivery) is { } first) untold.Add(first, Tell(first));
            }
        }

        if (result.Outcome == AppendOutcome.TooLarge) throw new BrokerException(ErrorCode.MessageTooLarge, $"a record for {topic.Name}", "it is larger than max.request.size");
        placed = (result.Batch!, result.Index);
        if (result.IsReady || result.IsNewBatch) Wake();
        return result.Outcome == AppendOutcome.Appended;
    }

    private async Task Tell(DeliveryList callbacks)
    {
        var failures = await callbacks.Tell().ConfigureAwait(false);
        lock (gate)
        {
            untold.Remove(callbacks);
            if (failures is not null) thrown.AddRange(failures.Take(Limits.KeptCallbackFailures - thrown.Count));
        }
    }

    private async Task Run()
    {
        while (!closing.IsCancellationRequested)
        {
            cluster.KeepFresh();
            Prepare();
            var batches = TakeReady(out var next);
            if (batches.Count > 0) sender.Send(batches);
            else if (!MustAdd()) await Wait(next).ConfigureAwait(false);
        }

        lock (gate) accumulator.Abort(new BatchResult(ErrorCode.RequestTimedOut, -1, -1, "the producer was closed"));
    }

    private List<ProducerBatch> TakeReady(out long? next)
    {
        var ready = new List<TopicPartition>();
        var batches = new List<ProducerBatch>();
        var expired = new List<ProducerBatch>();
        lock (gate)
        {
            accumulator.Expire(NowMs, expired, obstacle);
            foreach (var batch in expired)
            {
                Lost(batch, ErrorCode.RequestTimedOut, RecordAccumulator.TimeIsOver(batch, obstacle));
                Count(batch, ErrorCode.RequestTimedOut);
            }

            next = accumulator.CollectReady(NowMs, ready);
            foreach (var partition in ready)
            {
                // One batch of a partition in a request: brokers take no more.
                if (accumulator.Peek(partition, NowMs) is not { } first) continue;
                if (!window.MayTake(first) || !MaySend(partition))
                {
                    // Should nothing come that lets it go, its time ends all the same.
                    next = Math.Min(next ?? long.MaxValue, first.CreatedMs + options.Batching.DeliveryTimeoutMs);
                    continue;
                }

                accumulator.Take(partition, NowMs);
                window.Taken(first);
                batches.Add(first);
            }
        }

        if (expired.Count == 0) return batches;
        // What is left may need a new identity first: the loop has to look at it now, and not when somebody wakes it.
        next = NowMs;
        Freed();
        return batches;
    }

    // An idempotent producer gets an identity before its first batch, and another one where a lost batch left a gap in its numbers.
    private void Prepare()
    {
        if (session is not null)
        {
            PrepareTransaction();
            return;
        }

        if (!options.Idempotence || identifying is { IsCompleted: false }) return;
        lock (gate)
        {
            if ((window.Identity.IsSet && !window.NeedsIdentity) || accumulator.Waiting == 0) return;
        }

        identifying = Identify();
    }

    private async Task Identify()
    {
        var backoff = new Backoff(cluster.Options);
        while (!closing.IsCancellationRequested)
        {
            try
            {
                var given = await cluster.SendAsync<InitProducerIdResponse>(new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 60_000 }, highest: 5, closing.Token).ConfigureAwait(false);
                BrokerException.ThrowIf(given.ErrorCode, "asking for a producer id");
                lock (gate) (window.Identity, obstacle) = (new ProducerIdentity(given.ProducerId, given.ProducerEpoch), null);
                break;
            }
            catch (Exception e) when (e is TransportException or BrokerException or OperationCanceledException or ObjectDisposedException)
            {
                // What waits is given up in its time, or now where it is no use.
                if (e is BrokerException { Code: var code } && !code.IsRetriable()) GiveUp(code, e.Message);
                else Hindered(e.Message);
                if (e is ObjectDisposedException)
                {
                    GiveUp(ErrorCode.UnknownServerError, e.Message);
                    return;
                }
            }

            // The loop gives up what has waited too long.
            Wake();
            await backoff.Pause().ConfigureAwait(false);
        }

        Wake();
    }

    private void Hindered(string why)
    {
        lock (gate)
        {
            var isNew = obstacle is null;
            obstacle = why;
            if (!isNew) return;
        }

        Retrying?.Invoke(why);
    }

    private async Task Wait(long? next)
    {
        var pause = next is { } at ? TimeSpan.FromMilliseconds(Math.Max(1, at - NowMs)) : Timeout.InfiniteTimeSpan;
        Completion<bool> sleep;
        lock (sleepGate)
        {
            if (awake)
            {
                awake = false;
                return;
            }

            sleep = sleeping = new Completion<bool>(cluster.Options.Time);
        }

        await ((Task)sleep.Task.WaitAsync(pause, cluster.Options.Time)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // What woke it is looked at now.
        lock (sleepGate) awake = false;
    }

    private void GiveUp(ErrorCode code, string why)
    {
        lock (gate) accumulator.Abort(new BatchResult(code, -1, -1, why));
        Freed();
    }

    // A batch was answered: it ends, or goes back to its place; either way its partition may go on.
    private void Ended(ProducerBatch batch, BatchResult result)
    {
        lock (gate)
        {
            var verdict = window.Answered(batch, result.Error);
            if (verdict == BatchVerdict.Again && MayRepeat(batch))
            {
                // One that was only behind another that failed has nothing to wait for but that one.
                var pause = result.Error == ErrorCode.OutOfOrderSequenceNumber ? 0 : PauseMs(batch.Attempts);
                batch.LastRefusal = result.Message is { } said ? $"{result.Error.Name()}, {said}" : result.Error.Name();
                accumulator.Repeat(batch, NowMs + pause);
            }
            else
            {
                if (verdict == BatchVerdict.Again) window.Dropped(batch);
                if (verdict != BatchVerdict.Done) Lost(batch, result.Error, result.Message ?? result.Error.Name());
                var final = verdict == BatchVerdict.Done ? result with { Error = ErrorCode.None } : result;
                accumulator.Complete(batch, final);
                Count(batch, final.Error);
            }
        }

        if (!batch.Result.IsCompleted && batch.Attempts >= RefusalsBeforeTold && batch.LastRefusal is { } refusal) Retrying?.Invoke($"{batch.Partition}: {refusal}");
        Freed();
        Wake();
    }

    private void Count(ProducerBatch batch, ErrorCode error) => ClientTelemetry.Sent(batch.Partition.Topic, batch.Count, (NowMs - batch.CreatedMs) / 1000.0, error);

    // Whoever waits for room in the buffer looks again.
    private void Freed() => Interlocked.Exchange(ref room, new Completion<bool>(cluster.Options.Time)).TrySetResult(true);

    // The first few are as long as each other, since a leader that moved is found by then; after that each is twice as long, up to the longest.
    private long PauseMs(int attempts)
        => (long)Math.Min(options.RetryBackoff.TotalMilliseconds * (1L << Math.Clamp(attempts - RefusalsBeforeTold, 0, 16)), Math.Max(options.RetryBackoff.TotalMilliseconds, options.RetryBackoffMax.TotalMilliseconds));

    // Of one that is closed nobody would send it again, and whoever waits for it would never be told.
    private bool MayRepeat(ProducerBatch batch) => !closing.IsCancellationRequested && batch.Attempts <= options.Retries && NowMs - batch.CreatedMs < options.Batching.DeliveryTimeoutMs && session?.Phase != TransactionPhase.Aborting;

    private void Lost(ProducerBatch batch, ErrorCode error, string why)
    {
        window.Dropped(batch);
        session?.BatchFailed(error, $"a batch for {batch.Partition} failed: {why}");
    }

    private void Wake()
    {
        Completion<bool>? sleep;
        lock (sleepGate)
        {
            awake = true;
            sleep = sleeping;
            sleeping = null;
        }

        sleep?.TrySetResult(true);
    }
}

using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;

namespace AkkaStream.Client.Producer;

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>The record is in a batch.</summary>
    Appended,

    /// <summary>buffer.memory is used up: again when a batch is completed.</summary>
    BufferFull,

    /// <summary>The record alone is over max.request.size.</summary>
    TooLarge,
}

/// <summary>An append's outcome, the batch and the record's place in it.</summary>
/// <param name="Outcome">What happened.</param>
/// <param name="Batch">The batch, null where the record is in none.</param>
/// <param name="Index">The record's place in the batch.</param>
/// <param name="IsReady">A batch of the partition can go now: the sender should look.</param>
/// <param name="IsNewBatch">The record is the first of its batch.</param>
public readonly record struct AppendResult(AppendOutcome Outcome, ProducerBatch? Batch = null, int Index = -1, bool IsReady = false, bool IsNewBatch = false);

/// <summary>
/// A producer's records on their way: batches for each partition, oldest first. A plain state machine: it knows no clock (times are handed in,
/// milliseconds of any steady origin), no socket and no lock; its producer calls it under one.
/// </summary>
/// <param name="options">batch.size, linger.ms, buffer.memory and the like.</param>
/// <param name="time">On whose turns those go on that wait for a batch; the machine's where it is null.</param>
public sealed class RecordAccumulator(AccumulatorOptions options, TimeProvider? time = null)
{
    private readonly Dictionary<TopicPartition, Lane> _lanes = [];
    private readonly HashSet<ProducerBatch> _sent = [];
    private readonly Stack<RecordBatchBuilder> _kept = [];
    private TopicPartition _lastPartition;
    private Lane? _lastLane;
    private long _reserved;
    private int _flushes;
    private bool _exhausted;

    /// <summary>Bytes held.</summary>
    public long Reserved => _reserved;

    /// <summary>Batches that wait to be sent.</summary>
    public int Waiting { get; private set; }

    /// <summary>Batches that are sent and not answered.</summary>
    public int Sent => _sent.Count;

    /// <summary>Nothing waits and nothing is on its way.</summary>
    public bool IsEmpty => Waiting == 0 && _sent.Count == 0;

    /// <summary>Adds a record to its partition's last batch, or to a new one.</summary>
    public AppendResult Append(TopicPartition partition, long timestamp, ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, IReadOnlyList<RecordHeader>? headers, long nowMs)
    {
        var size = RecordBatchBuilder.MaxRecordSize(key?.Length ?? -1, value?.Length ?? -1, headers);
        if (size > options.MaxRequestSize - RecordBatchHeader.Size) return new AppendResult(AppendOutcome.TooLarge);
        var lane = LaneOf(partition);
        var last = lane.Last;
        if (last is not null && !last.HasRoom(size, options.BatchSize))
        {
            last.IsClosed = true;
            last = null;
        }

        var isNew = last is null;
        if (last is null)
        {
            var room = Math.Max(options.BatchSize, size + RecordBatchHeader.Size);
            // One batch always fits, or a small buffer would never send anything.
            if (_reserved > 0 && _reserved + room > options.BufferMemory)
            {
                _exhausted = true;
                return new AppendResult(AppendOutcome.BufferFull, IsReady: lane.Count > 0);
            }

            last = new ProducerBatch(partition, Memory(room, size), room, nowMs, time ?? TimeProvider.System);
            lane.AddLast(last);
            _reserved += room;
            Waiting++;
        }

        var index = last.Add(timestamp, key, value, headers);
        if (last.UncompressedSize >= options.BatchSize) last.IsClosed = true;
        return new AppendResult(AppendOutcome.Appended, last, index, lane.Count > 1 || last.IsClosed || options.LingerMs == 0, isNew);
    }

    /// <summary>How many batches of a partition wait: what the sticky partitioner weighs.</summary>
    public int WaitingOf(TopicPartition partition) => _lanes.TryGetValue(partition, out var lane) ? lane.Count : 0;

    /// <summary>Adds every partition with a batch that can go now to <paramref name="ready"/>.</summary>
    /// <param name="nowMs">The caller's clock.</param>
    /// <param name="ready">Where they go.</param>
    /// <returns>When to look again, by the caller's clock; null where only an append or an answer can change anything.</returns>
    public long? CollectReady(long nowMs, List<TopicPartition> ready)
    {
        long? next = null;
        foreach (var (partition, lane) in _lanes)
        {
            if (lane.First is not { } batch) continue;
            var at = ReadyAt(lane, batch);
            if (at <= nowMs) ready.Add(partition);
            else next = next is null ? at : Math.Min(next.Value, at);
        }

        return next;
    }

    /// <summary>The partition's oldest batch, where it can go now; else null.</summary>
    public ProducerBatch? Peek(TopicPartition partition, long nowMs)
        => _lanes.TryGetValue(partition, out var lane) && lane.First is { } batch && ReadyAt(lane, batch) <= nowMs ? batch : null;

    /// <summary>
    /// Takes the partition's oldest batch to send it, where it can go now; else null. The caller answers with <see cref="Complete"/> or <see cref="Repeat"/>.
    /// </summary>
    public ProducerBatch? Take(TopicPartition partition, long nowMs)
    {
        if (Peek(partition, nowMs) is not { } batch) return null;
        _lanes[partition].RemoveFirst();
        Waiting--;
        batch.IsClosed = true;
        batch.Attempts++;
        _sent.Add(batch);
        return batch;
    }

    /// <summary>Puts a sent batch back to its place before younger ones, to be sent again after <paramref name="notBeforeMs"/>.</summary>
    public void Repeat(ProducerBatch batch, long notBeforeMs)
    {
        if (!_sent.Remove(batch)) return;
        batch.NotBeforeMs = notBeforeMs;
        _lanes[batch.Partition].Insert(batch);
        Waiting++;
    }

    /// <summary>Ends a batch: its waiters are told, its memory is free. Whoever was told that the buffer is full may try again.</summary>
    public void Complete(ProducerBatch batch, in BatchResult result)
    {
        if (!_sent.Remove(batch)) return;
        Release(batch, result);
    }

    /// <summary>Gives up waiting batches that are older than delivery.timeout.ms. A sent one is judged by its answer.</summary>
    /// <param name="nowMs">The caller's clock.</param>
    /// <param name="ended">Gets them, where it is given.</param>
    /// <param name="obstacle">What hinders all of them, in words, where something does; a batch's own refusal says more.</param>
    /// <returns>How many.</returns>
    public int Expire(long nowMs, List<ProducerBatch>? ended = null, string? obstacle = null)
    {
        var expired = 0;
        foreach (var lane in _lanes.Values)
        {
            while (lane.First is { } batch && nowMs - batch.CreatedMs >= options.DeliveryTimeoutMs)
            {
                lane.RemoveFirst();
                Waiting--;
                expired++;
                ended?.Add(batch);
                Release(batch, new BatchResult(ErrorCode.RequestTimedOut, -1, -1, TimeIsOver(batch, obstacle)));
            }
        }

        return expired;
    }

    internal static string TimeIsOver(ProducerBatch batch, string? obstacle)
        => (batch.LastRefusal ?? obstacle) is { } hindrance ? $"delivery.timeout.ms is over; what hindered it: {hindrance}" : "delivery.timeout.ms is over";

    /// <summary>Until <see cref="EndFlush"/> nothing lingers. May be begun several times.</summary>
    public void BeginFlush() => _flushes++;

    /// <summary>Ends one flush.</summary>
    public void EndFlush() => _flushes--;

    /// <summary>Adds every batch that is not answered to <paramref name="batches"/>: what a flush waits for.</summary>
    public void CollectUnanswered(List<ProducerBatch> batches)
    {
        batches.AddRange(_sent);
        foreach (var lane in _lanes.Values) lane.CopyTo(batches);
    }

    /// <summary>Gives up everything that waits, with the same result.</summary>
    /// <param name="result">What waiters hear.</param>
    /// <param name="ended">Gets them, where it is given.</param>
    public void Abort(in BatchResult result, List<ProducerBatch>? ended = null)
    {
        foreach (var lane in _lanes.Values)
        {
            while (lane.First is { } batch)
            {
                lane.RemoveFirst();
                Waiting--;
                ended?.Add(batch);
                Release(batch, result);
            }
        }
    }

    private Lane LaneOf(TopicPartition partition)
    {
        // Records without a key stay in one partition for a batch.
        if (_lastLane is { } same && _lastPartition == partition) return same;
        if (!_lanes.TryGetValue(partition, out var lane)) _lanes.Add(partition, lane = new Lane());
        (_lastPartition, _lastLane) = (partition, lane);
        return lane;
    }

    private long ReadyAt(Lane lane, ProducerBatch batch)
    {
        var full = lane.Count > 1 || batch.IsClosed || _exhausted || _flushes > 0;
        return Math.Max(batch.NotBeforeMs, full ? long.MinValue : batch.CreatedMs + options.LingerMs);
    }

    private void Release(ProducerBatch batch, in BatchResult result)
    {
        _reserved -= batch.Reserved;
        _exhausted = false;
        if (batch.Complete(result) is { } memory) Keep(memory);
    }

    private RecordBatchBuilder Memory(int room, int size)
        => room == options.BatchSize && _kept.TryPop(out var kept) ? kept : new RecordBatchBuilder(options.Compression, options.CompressionLevel, Math.Min(room, size * 16));

    // The machine's pool keeps fewer arrays than a producer has under way that is faster than its broker. With nothing under way nothing is kept, and never more than buffer.memory.
    private void Keep(RecordBatchBuilder memory)
    {
        var isFull = memory.UncompressedSize > options.BatchSize / 2 && memory.UncompressedSize <= options.BatchSize;
        if (!IsEmpty && isFull && _reserved + ((_kept.Count + 1L) * options.BatchSize) <= options.BufferMemory)
        {
            memory.Reset();
            _kept.Push(memory);
            return;
        }

        memory.Dispose();
        if (!IsEmpty) return;
        while (_kept.TryPop(out var kept)) kept.Dispose();
    }

    // The batches of one partition, oldest first. Only the last one takes records.
    private sealed class Lane
    {
        private readonly LinkedList<ProducerBatch> _batches = [];

        public int Count => _batches.Count;

        public ProducerBatch? First => _batches.First?.Value;

        public ProducerBatch? Last => _batches.Last?.Value;

        public void AddLast(ProducerBatch batch) => _batches.AddLast(batch);

        public void RemoveFirst() => _batches.RemoveFirst();

        // Several batches may come back in any order: the one with the older sequence, or the older one, goes first.
        public void Insert(ProducerBatch batch)
        {
            var at = _batches.First;
            while (at is not null && IsBefore(at.Value, batch)) at = at.Next;
            if (at is null) _batches.AddLast(batch);
            else _batches.AddBefore(at, batch);
        }

        public void CopyTo(List<ProducerBatch> batches) => batches.AddRange(_batches);

        private static bool IsBefore(ProducerBatch waiting, ProducerBatch batch)
        {
            if (waiting.Attempts == 0) return false;
            var bothNumbered = waiting.BaseSequence >= 0 && batch.BaseSequence >= 0;
            // Numbers go round after 2147483647; two batches on their way are never half the circle apart.
            return bothNumbered ? (batch.BaseSequence - waiting.BaseSequence & int.MaxValue) < 1 << 30 : waiting.CreatedMs <= batch.CreatedMs;
        }
    }
}

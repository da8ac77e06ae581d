using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;

namespace AkkaStream.Client.Consumer;

/// <content>Where the consumer is, and what it commits.</content>
public sealed partial class Consumer<TKey, TValue>
{
    /// <summary>What the consumer reads now.</summary>
    public IReadOnlyCollection<TopicPartition> Assignment => source?.Reader.Partitions ?? [];

    /// <summary>Those of its partitions that are paused.</summary>
    public IReadOnlyCollection<TopicPartition> Paused => source is null ? [] : [.. source.Reader.Partitions.Where(source.Reader.IsPaused)];

    /// <summary>Who this consumer was in its group when it asked for records last, for a producer that commits in a transaction what came of them.</summary>
    /// <exception cref="InvalidOperationException">It is in no group, or has no group id.</exception>
    public ConsumerGroupMetadata GroupMetadata => Source.Metadata;

    private IRecordSource Source => source ?? throw new InvalidOperationException("nothing is read yet: partitions come when the first record is asked for");

    /// <summary>Goes on elsewhere in a partition; records of it that were fetched already are not given any more.</summary>
    /// <param name="partition">One that the consumer has.</param>
    /// <param name="offset">The offset that is given next.</param>
    /// <exception cref="InvalidOperationException">The consumer does not have the partition.</exception>
    public void Seek(TopicPartition partition, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Check(partition);
        cursor.Drop(partition, isElsewhere: true);
        Source.Reader.Seek(partition, offset);
    }

    /// <summary>
    /// Gives the record or batch again that was given last and is not handled, as far as the consumer still has its partitions by then: after a transaction that was aborted.
    /// </summary>
    /// <exception cref="InvalidOperationException">Nothing is read yet.</exception>
    public void Rewind()
    {
        foreach (var partition in Source.Reader.Partitions.ToList()) Source.Reader.Seek(partition, HandledOf(partition));
        cursor.Dispose();
    }

    /// <summary>Goes on with the first records that are still there.</summary>
    /// <param name="partitions">Partitions that the consumer has.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">The consumer does not have one of them.</exception>
    public ValueTask SeekToBeginningAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation = default) => SeekTo(partitions, OffsetSpec.Earliest, cancellation);

    /// <summary>Goes on at the end: with what comes from now on.</summary>
    /// <param name="partitions">Partitions that the consumer has.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">The consumer does not have one of them.</exception>
    public ValueTask SeekToEndAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation = default) => SeekTo(partitions, OffsetSpec.Latest, cancellation);

    /// <summary>Gives nothing of partitions until <see cref="Resume"/>. The consumer keeps them, and has to be read all the same.</summary>
    /// <param name="partitions">Those that the consumer does not have are left out.</param>
    public void Pause(params IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions)
        {
            if (!Source.Reader.Reads(partition) || Source.Reader.IsPaused(partition)) continue;
            // What was fetched and not given is read again when it goes on.
            Source.Reader.Seek(partition, Position(partition));
            cursor.Drop(partition, isElsewhere: false);
            Source.Reader.Pause([partition]);
        }
    }

    /// <summary>Goes on in partitions that were paused.</summary>
    /// <param name="partitions">Those that are not paused are left out.</param>
    public void Resume(params IEnumerable<TopicPartition> partitions) => Source.Reader.Resume(partitions);

    /// <summary>The offset that is given next.</summary>
    /// <exception cref="InvalidOperationException">The consumer does not have the partition.</exception>
    public long Position(TopicPartition partition)
    {
        Check(partition);
        return cursor.Given(partition, Source.Reader.Position(partition));
    }

    /// <summary>How many offsets lie between the consumer and the partition's end, as the last fetch told it; null before the first.</summary>
    /// <exception cref="InvalidOperationException">The consumer does not have the partition.</exception>
    public long? Lag(TopicPartition partition)
    {
        Check(partition);
        var end = Source.Reader.HighWatermark(partition);
        return end < 0 ? null : Math.Max(0, end - Position(partition));
    }

    /// <summary>The first offset at or after a time, by partition; null where there is no record so late.</summary>
    /// <param name="times">For each partition a time, kept to the millisecond.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="BrokerException">A partition was refused.</exception>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, long?>> OffsetsForTimesAsync(IReadOnlyDictionary<TopicPartition, DateTimeOffset> times, CancellationToken cancellation = default)
    {
        var found = await ListOffsets(times.ToDictionary(t => t.Key, t => Math.Max(0, t.Value.ToUnixTimeMilliseconds())), cancellation).ConfigureAwait(false);
        return found.ToDictionary(f => f.Key, f => f.Value.Offset < 0 ? (long?)null : f.Value.Offset);
    }

    /// <summary>The first offsets that are still there.</summary>
    /// <exception cref="BrokerException">A partition was refused.</exception>
    public ValueTask<IReadOnlyDictionary<TopicPartition, long>> BeginningOffsetsAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation = default)
        => Ends(partitions, OffsetSpec.Earliest, cancellation);

    /// <summary>The offsets that the next records will get; to a reader of committed records, where the first open transaction begins.</summary>
    /// <exception cref="BrokerException">A partition was refused.</exception>
    public ValueTask<IReadOnlyDictionary<TopicPartition, long>> EndOffsetsAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation = default)
        => Ends(partitions, OffsetSpec.Latest, cancellation);

    /// <summary>What the group has committed for partitions; left out where it has nothing.</summary>
    /// <exception cref="InvalidOperationException">There is no group id, or nothing is read yet.</exception>
    /// <exception cref="BrokerException">A partition was refused.</exception>
    public ValueTask<IReadOnlyDictionary<TopicPartition, GroupOffset>> CommittedAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation = default)
        => Source.CommittedAsync(partitions, cancellation);

    /// <summary>Where the consumer is in each of its partitions, everything that it has given counted: what a transaction commits, or <see cref="CommitAsync(CancellationToken)"/>.</summary>
    public IReadOnlyDictionary<TopicPartition, OffsetToCommit> OffsetsToCommit() => Assignment.ToDictionary(p => p, p => new OffsetToCommit(Position(p)));

    /// <summary>Commits everything that was given, the record that is being handled included.</summary>
    /// <exception cref="InvalidOperationException">There is no group id, or nothing is read yet.</exception>
    /// <exception cref="BrokerException">Refused: mostly because the group has gone on without this consumer.</exception>
    public ValueTask CommitAsync(CancellationToken cancellation = default) => Source.CommitAsync(Assignment.ToDictionary(p => p, Position), cancellation);

    /// <summary>Commits up to and with a record, in its partition.</summary>
    /// <exception cref="BrokerException">Refused: mostly because the group has gone on without this consumer.</exception>
    public ValueTask CommitAsync(ConsumeResult<TKey, TValue> record, CancellationToken cancellation = default)
        => CommitAsync(new Dictionary<TopicPartition, long> { [record.Partition] = record.Offset + 1 }, cancellation);

    /// <summary>Commits the offsets that come next in these partitions.</summary>
    /// <exception cref="BrokerException">Refused: mostly because the group has gone on without this consumer.</exception>
    public ValueTask CommitAsync(IReadOnlyDictionary<TopicPartition, long> offsets, CancellationToken cancellation = default) => Source.CommitAsync(offsets, cancellation);

    /// <summary>Commits everything that was given, without waiting for it. Commits are made in the order in which they are asked for.</summary>
    /// <param name="done">Told, on a thread of the client, when it is done: null, or what went wrong. Must not throw.</param>
    /// <exception cref="InvalidOperationException">There is no group id, or nothing is read yet.</exception>
    public void CommitInBackground(Action<Exception?>? done = null)
    {
        var committing = CommitAsync();
        _ = Finish();

        async Task Finish()
        {
            Exception? failure = null;
            try
            {
                await committing.ConfigureAwait(false);
            }
            catch (Exception e) when (e is IClientError or OperationCanceledException or ObjectDisposedException)
            {
                failure = e;
            }

            done?.Invoke(failure);
        }
    }

    private long HandledOf(TopicPartition partition)
    {
        var reader = source?.Reader;
        if (reader is null || !reader.Reads(partition)) return -1;
        var read = reader.Position(partition);
        return handling is null ? cursor.Handled(partition, read) : handling.Handled(partition, read);
    }

    private async ValueTask SeekTo(IReadOnlyCollection<TopicPartition> partitions, long spec, CancellationToken cancellation)
    {
        foreach (var partition in partitions) Check(partition);
        foreach (var (partition, offset) in await Ends(partitions, spec, cancellation).ConfigureAwait(false)) Seek(partition, offset);
    }

    private async ValueTask<IReadOnlyDictionary<TopicPartition, long>> Ends(IReadOnlyCollection<TopicPartition> partitions, long spec, CancellationToken cancellation)
        => (await ListOffsets(partitions.ToDictionary(p => p, _ => spec), cancellation).ConfigureAwait(false)).ToDictionary(f => f.Key, f => f.Value.Offset);

    private ValueTask<IReadOnlyDictionary<TopicPartition, OffsetResult>> ListOffsets(Dictionary<TopicPartition, long> specs, CancellationToken cancellation)
        => new AdminClient(cluster).ListOffsetsAsync(specs, options.IsolationLevel, cancellation);

    private void Check(TopicPartition partition)
    {
        if (!Source.Reader.Reads(partition)) throw new InvalidOperationException($"{partition} is not read by this consumer now");
    }
}

using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Consumer;

/// <summary>
/// Reads partitions that it is told to read, from offsets that it is told: no group, no commits. Fetches to several brokers run side by side,
/// and the next one is under way while a poll's records are handled.
/// </summary>
public sealed class PartitionConsumer : IAsyncDisposable
{
    private readonly ClusterClient cluster;
    private readonly FetchOptions options;
    private readonly FetchPositions positions;
    private readonly Dictionary<int, Task<BrokerAnswer>> fetches = [];
    private readonly CancellationTokenSource closing = new();
    private readonly AdminClient admin;
    private readonly Backoff backoff;

    /// <summary>A consumer over a cluster, which stays the caller's.</summary>
    public PartitionConsumer(ClusterClient cluster, FetchOptions? options = null)
    {
        this.cluster = cluster;
        this.options = options ?? new FetchOptions();
        positions = new FetchPositions(this.options);
        admin = new AdminClient(cluster);
        backoff = new Backoff(cluster.Options);
    }

    /// <summary>The partitions that are read.</summary>
    public IReadOnlyCollection<TopicPartition> Partitions => positions.Partitions;

    /// <summary>What to do when a position is outside the log: a value of <see cref="OffsetSpec"/>, or null to throw.</summary>
    public long? ResetTo { get; init; } = OffsetSpec.Earliest;

    /// <summary>Begins to read partitions.</summary>
    /// <param name="starts">For each an offset, <see cref="OffsetSpec.Earliest"/> or <see cref="OffsetSpec.Latest"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    public async ValueTask AssignAsync(IReadOnlyDictionary<TopicPartition, long> starts, CancellationToken cancellation = default)
    {
        var asked = starts.Where(s => s.Value < 0).ToDictionary();
        var found = asked.Count == 0 ? new Dictionary<TopicPartition, OffsetResult>() : await admin.ListOffsetsAsync(asked, options.Isolation, cancellation).ConfigureAwait(false);
        foreach (var (partition, start) in starts) positions.Seek(partition, start < 0 ? found[partition].Offset : start);
        if (positions.NeedsMetadata(cluster.Metadata)) await Refresh(cancellation).ConfigureAwait(false);
    }

    /// <summary>Stops reading partitions.</summary>
    public void Remove(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions) positions.Remove(partition);
    }

    /// <summary>Goes on elsewhere in a partition.</summary>
    public void Seek(TopicPartition partition, long offset) => positions.Seek(partition, offset);

    /// <summary>The offset that is handed over next.</summary>
    public long Position(TopicPartition partition) => positions.Position(partition);

    /// <summary>The partition's end as the last answer said, or -1.</summary>
    public long HighWatermark(TopicPartition partition) => positions.HighWatermark(partition);

    /// <summary>The next records, or none where nothing came within <paramref name="wait"/>.</summary>
    /// <exception cref="BrokerException">A partition was refused for good.</exception>
    /// <exception cref="Records.CorruptRecordException">Records came that are damaged.</exception>
    public async ValueTask<Polled> PollAsync(TimeSpan wait, CancellationToken cancellation = default)
    {
        var polled = new Polled();
        var started = cluster.Options.Time.GetTimestamp();
        while (polled.Count == 0)
        {
            await StartFetches(cancellation).ConfigureAwait(false);
            var left = wait - cluster.Options.Time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || !await AnyFetchEnds(left, cancellation).ConfigureAwait(false)) break;
            foreach (var leader in fetches.Where(f => f.Value.IsCompleted).Select(f => f.Key).ToList()) await TakeAnswer(leader, polled, cancellation).ConfigureAwait(false);
        }

        if (polled.Count > 0) await StartFetches(cancellation).ConfigureAwait(false);
        return polled;
    }

    /// <summary>Stops reading.</summary>
    public async ValueTask DisposeAsync()
    {
        closing.Cancel();
        foreach (var fetch in fetches.Values)
        {
            if (await Task.WhenAny(fetch).ConfigureAwait(false) is { IsCompletedSuccessfully: true } done) done.Result.Dispose();
        }

        closing.Dispose();
    }

    private async ValueTask StartFetches(CancellationToken cancellation)
    {
        if (positions.NeedsMetadata(cluster.Metadata)) await Refresh(cancellation).ConfigureAwait(false);
        foreach (var leader in positions.Due(cluster.Metadata)) fetches[leader] = Fetch(leader);
    }

    private async Task<BrokerAnswer> Fetch(int leader)
    {
        var (request, highest) = positions.Next(leader, cluster.Metadata);
        var connection = await cluster.ToAsync(leader, closing.Token).ConfigureAwait(false);
        return await connection.SendAsync(request, cluster.Options.RequestTimeout + options.MaxWait, highest, closing.Token).ConfigureAwait(false);
    }

    private async ValueTask<bool> AnyFetchEnds(TimeSpan within, CancellationToken cancellation)
    {
        if (fetches.Count == 0)
        {
            await Task.Delay(Min(within, cluster.Options.RetryBackoff), cluster.Options.Time, cancellation).ConfigureAwait(false);
            return true;
        }

        try
        {
            await Task.WhenAny(fetches.Values).WaitAsync(within, cluster.Options.Time, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async ValueTask TakeAnswer(int leader, Polled polled, CancellationToken cancellation)
    {
        fetches.Remove(leader, out var fetch);
        positions.Ended(leader);
        try
        {
            var answer = await fetch!.ConfigureAwait(false);
            polled.Own(answer);
            await Take(answer.As<FetchResponse>(), polled, cancellation).ConfigureAwait(false);
        }
        catch (TransportException)
        {
            await LookAgain(cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask Take(FetchResponse answer, Polled polled, CancellationToken cancellation)
    {
        BrokerException.ThrowIf(answer.ErrorCode, "Fetch");
        foreach (var topic in answer.Responses)
        {
            var name = topic.Topic.Length > 0 ? topic.Topic : cluster.Metadata.TopicOf(topic.TopicId)?.Name;
            if (name is null) continue;
            foreach (var data in topic.Partitions) await Take(new TopicPartition(name, data.PartitionIndex), data, polled, cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask Take(TopicPartition partition, FetchResponse.PartitionData data, Polled polled, CancellationToken cancellation)
    {
        if (!positions.Take(partition, data, out var from)) return;
        if (data.ErrorCode == ErrorCode.OffsetOutOfRange && ResetTo is { } spec)
        {
            var found = await admin.ListOffsetsAsync(new Dictionary<TopicPartition, long> { [partition] = spec }, options.Isolation, cancellation).ConfigureAwait(false);
            positions.Seek(partition, found[partition].Offset);
        }
        else if (data.ErrorCode.NeedsMetadata() || data.ErrorCode is ErrorCode.FencedLeaderEpoch or ErrorCode.UnknownLeaderEpoch)
        {
            await LookAgain(cancellation).ConfigureAwait(false);
        }
        else
        {
            BrokerException.ThrowIf(data.ErrorCode, $"reading {partition} at offset {from}");
            backoff.Reset();
            var aborted = options.Isolation == Isolation.ReadCommitted && data.AbortedTransactions is { Count: > 0 } list ? new AbortedRanges(list) : null;
            positions.Advance(partition, polled.Add(partition, data.Records.Memory, from, aborted));
        }
    }

    // A leader was not reached or is none any more: after a pause the metadata tells where to go.
    private async ValueTask LookAgain(CancellationToken cancellation)
    {
        await backoff.Pause(cancellation).ConfigureAwait(false);
        await Refresh(cancellation).ConfigureAwait(false);
    }

    private ValueTask<MetadataResponse> Refresh(CancellationToken cancellation)
        => cluster.RetryAsync("Metadata", token => cluster.RefreshAsync(positions.Partitions.Select(p => p.Topic).Distinct().ToList(), cancellation: token), cancellation);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

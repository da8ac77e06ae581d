using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<int, IBrokerConnection> connections = new();
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

    /// <summary>Where to go on when a position is outside of the log, and where <see cref="ResetAsync"/> begins.</summary>
    public AutoOffsetReset Reset { get; init; } = AutoOffsetReset.Earliest;

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

    /// <summary>Begins to read partitions where <see cref="Reset"/> says.</summary>
    /// <param name="partitions">The partitions.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="NoOffsetException">It says nowhere.</exception>
    public async ValueTask ResetAsync(IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellation = default)
    {
        if (partitions.Count == 0) return;
        if (Reset.IsNone) throw new NoOffsetException(partitions);
        var spec = Reset.SpecAt(cluster.Options.Time.GetUtcNow());
        var found = await admin.ListOffsetsAsync(partitions.ToDictionary(p => p, _ => spec), options.Isolation, cancellation).ConfigureAwait(false);
        var none = found.Where(f => f.Value.Offset < 0).ToDictionary(f => f.Key, _ => OffsetSpec.Latest);
        // Nothing is so young: with what comes.
        var ends = none.Count == 0 ? found : await admin.ListOffsetsAsync(none, options.Isolation, cancellation).ConfigureAwait(false);
        foreach (var partition in partitions) positions.Seek(partition, none.ContainsKey(partition) ? ends[partition].Offset : found[partition].Offset);
        if (positions.NeedsMetadata(cluster.Metadata)) await Refresh(cancellation).ConfigureAwait(false);
    }

    /// <summary>Reads nothing of partitions until <see cref="Resume"/>; where it is in them stays.</summary>
    public void Pause(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions) positions.Pause(partition);
    }

    /// <summary>Goes on in partitions that were paused.</summary>
    public void Resume(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions) positions.Resume(partition);
    }

    /// <summary>Whether a partition is paused.</summary>
    public bool IsPaused(TopicPartition partition) => positions.IsPaused(partition);

    /// <summary>Whether a partition is read.</summary>
    public bool Reads(TopicPartition partition) => positions.Reads(partition);

    /// <summary>Stops reading partitions.</summary>
    public void Remove(IEnumerable<TopicPartition> partitions)
    {
        foreach (var partition in partitions) positions.Remove(partition);
    }

    /// <summary>Goes on elsewhere in a partition.</summary>
    public void Seek(TopicPartition partition, long offset) => positions.Seek(partition, offset);

    /// <summary>The offset that is handed over next.</summary>
    public long Position(TopicPartition partition) => positions.Position(partition);

    /// <summary>What to commit: for each partition the offset that <paramref name="next"/> says comes next; those below 0 are left out.</summary>
    internal Dictionary<TopicPartition, long> Offsets(Func<TopicPartition, long> next)
    {
        var offsets = new Dictionary<TopicPartition, long>();
        foreach (var partition in Partitions)
        {
            if (next(partition) is >= 0 and var offset) offsets.Add(partition, offset);
        }

        return offsets;
    }

    /// <summary>The partition's end as the last answer said, or -1.</summary>
    public long HighWatermark(TopicPartition partition) => positions.HighWatermark(partition);

    /// <summary>The next records, or none where nothing came within <paramref name="wait"/>.</summary>
    /// <exception cref="BrokerException">A partition was refused for good.</exception>
    /// <exception cref="Records.CorruptRecordException">Records came that are damaged.</exception>
    public async ValueTask<Polled> PollAsync(TimeSpan wait, CancellationToken cancellation = default)
    {
        var polled = new Polled();
        try
        {
            await Fill(polled, wait, cancellation).ConfigureAwait(false);
        }
        catch
        {
            // What was taken before the failure is handed to nobody: it is read again.
            foreach (var (partition, from) in polled.Taken) positions.Advance(partition, from);
            polled.Dispose();
            throw;
        }

        return polled;
    }

    private async ValueTask Fill(Polled polled, TimeSpan wait, CancellationToken cancellation)
    {
        var started = cluster.Options.Time.GetTimestamp();
        while (polled.Count == 0)
        {
            await StartFetches(cancellation).ConfigureAwait(false);
            var left = wait - cluster.Options.Time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || !await AnyFetchEnds(left, cancellation).ConfigureAwait(false)) break;
            foreach (var leader in fetches.Where(f => f.Value.IsCompleted).Select(f => f.Key).ToList()) await TakeAnswer(leader, polled, cancellation).ConfigureAwait(false);
        }

        if (polled.Count > 0) await StartFetches(cancellation).ConfigureAwait(false);
    }

    /// <summary>Stops reading.</summary>
    public async ValueTask DisposeAsync()
    {
        closing.Cancel();
        foreach (var fetch in fetches.Values)
        {
            if (await Task.WhenAny(fetch).ConfigureAwait(false) is { IsCompletedSuccessfully: true } done) done.Result.Dispose();
        }

        foreach (var connection in connections.Values) await connection.DisposeAsync().ConfigureAwait(false);
        closing.Dispose();
    }

    private async ValueTask StartFetches(CancellationToken cancellation)
    {
        cluster.KeepFresh();
        if (positions.NeedsMetadata(cluster.Metadata)) await AskOnce(cancellation).OrUnreached().ConfigureAwait(false);
        foreach (var leader in positions.Due(cluster.Metadata)) fetches[leader] = Fetch(leader);
    }

    private async Task<BrokerAnswer> Fetch(int leader)
    {
        var (request, highest) = positions.Next(leader, cluster.Metadata);
        var connection = await Connected(leader).ConfigureAwait(false);
        return await connection.SendAsync(request, cluster.Options.RequestTimeout + options.MaxWait, highest, closing.Token).ConfigureAwait(false);
    }

    // Connections of its own: answers come in order, and what others send must not wait behind a fetch that waits for records. One fetch is under way at a broker at a time.
    private async ValueTask<IBrokerConnection> Connected(int broker)
    {
        if (!cluster.Metadata.Brokers.TryGetValue(broker, out var address)) throw new TransportException($"broker {broker} is not known");
        if (connections.TryGetValue(broker, out var open))
        {
            if (open.IsOpen && open.Address == address) return open;
            await open.DisposeAsync().ConfigureAwait(false);
        }

        return connections[broker] = await cluster.OpenAsync(address, closing.Token).ConfigureAwait(false);
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
            positions.Lost(leader);
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
        if (data.ErrorCode == ErrorCode.OffsetOutOfRange && !Reset.IsNone)
        {
            // Where nobody can be asked, the next answer says so once more.
            await ResetAsync([partition], cancellation).OrUnreached().ConfigureAwait(false);
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
            var before = polled.Count;
            positions.Advance(partition, polled.Add(partition, data.Records.Memory, from, aborted));
            Diagnostics.ClientTelemetry.Consumed(partition.Topic, polled.Count - before);
        }
    }

    // A leader was not reached or is none any more: after a pause the metadata tells where to go.
    private async ValueTask LookAgain(CancellationToken cancellation)
    {
        await backoff.Pause(cancellation).ConfigureAwait(false);
        await AskOnce(cancellation).OrUnreached().ConfigureAwait(false);
    }

    private List<string> Topics() => positions.Partitions.Select(p => p.Topic).Distinct().ToList();

    private async ValueTask AskOnce(CancellationToken cancellation)
        => await cluster.RefreshAsync(Topics(), cancellation: cancellation).ConfigureAwait(false);

    private ValueTask<MetadataResponse> Refresh(CancellationToken cancellation)
        => cluster.RetryAsync("Metadata", token => cluster.RefreshAsync(Topics(), cancellation: token), cancellation);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer.Groups;
using AkkaStream.Client.Producer;

namespace AkkaStream.Client.Consumer;

/// <summary>Where a consumer's records come from: a group that gives it partitions, or partitions that it was told.</summary>
internal interface IRecordSource : IAsyncDisposable
{
    /// <summary>What reads the partitions.</summary>
    PartitionConsumer Reader { get; }

    /// <summary>Who commits.</summary>
    ConsumerGroupMetadata Metadata { get; }

    /// <summary>The next records, or none where nothing came within the wait.</summary>
    ValueTask<Polled> PollAsync(TimeSpan wait, CancellationToken cancellation);

    /// <summary>Commits the offsets that come next.</summary>
    ValueTask CommitAsync(IReadOnlyDictionary<TopicPartition, long> offsets, CancellationToken cancellation);

    /// <summary>What is committed.</summary>
    ValueTask<IReadOnlyDictionary<TopicPartition, GroupOffset>> CommittedAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation);
}

/// <summary>Partitions that the application named. Commits, where there is a group id, count as those of somebody from outside of the group.</summary>
internal sealed class AssignedSource : IRecordSource
{
    private readonly ClusterClient cluster;
    private readonly ConsumerOptions options;
    private readonly GroupCommits? commits;
    private readonly Func<TopicPartition, long> handled;
    private long committedAt;

    public AssignedSource(ClusterClient cluster, ConsumerOptions options, Func<TopicPartition, long> handled)
    {
        this.cluster = cluster;
        this.options = options;
        this.handled = handled;
        Reader = new PartitionConsumer(cluster, options.Fetch) { Reset = options.AutoOffsetReset };
        if (options.GroupId is not null) commits = new GroupCommits(cluster, options.Group([], null));
        committedAt = cluster.Options.Time.GetTimestamp();
    }

    public PartitionConsumer Reader { get; }

    public ConsumerGroupMetadata Metadata => new(options.GroupId ?? throw NoGroup(), -1, "", options.GroupInstanceId);

    private bool CommitsByItself => commits is not null && options.EnableAutoCommit;

    /// <summary>Begins to read: at an offset where one is given, else at what is committed, else where the options say.</summary>
    public async ValueTask AssignAsync(IReadOnlyDictionary<TopicPartition, long?> starts, CancellationToken cancellation)
    {
        var given = starts.Where(s => s.Value is not null).ToDictionary(s => s.Key, s => s.Value!.Value);
        List<TopicPartition> others = [.. starts.Keys.Where(p => !given.ContainsKey(p))];
        if (commits is not null && others.Count > 0)
        {
            foreach (var (partition, committed) in await commits.Committed(others, cancellation).ConfigureAwait(false)) given.Add(partition, committed.Offset);
            others.RemoveAll(given.ContainsKey);
        }

        await Reader.AssignAsync(given, cancellation).ConfigureAwait(false);
        await Reader.ResetAsync(others, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<Polled> PollAsync(TimeSpan wait, CancellationToken cancellation)
    {
        if (CommitsByItself && cluster.Options.Time.GetElapsedTime(committedAt) >= options.AutoCommitInterval) await TryCommit(cancellation).ConfigureAwait(false);
        return await Reader.PollAsync(wait, cancellation).ConfigureAwait(false);
    }

    public async ValueTask CommitAsync(IReadOnlyDictionary<TopicPartition, long> offsets, CancellationToken cancellation)
    {
        if (commits is null) throw NoGroup();
        committedAt = cluster.Options.Time.GetTimestamp();
        if (offsets.Count > 0) await commits.Commit(offsets, "", -1, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyDictionary<TopicPartition, GroupOffset>> CommittedAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation)
        => await (commits ?? throw NoGroup()).Committed(partitions, cancellation).ConfigureAwait(false);

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(cluster.Options.RequestTimeout, cluster.Options.Time);
        if (CommitsByItself) await TryCommit(limit.Token).ConfigureAwait(false);
        if (commits is not null) await commits.DisposeAsync().ConfigureAwait(false);
        await Reader.DisposeAsync().ConfigureAwait(false);
    }

    // A commit that is refused leaves the last one standing: whoever goes on reads a little twice.
    private async ValueTask TryCommit(CancellationToken cancellation)
    {
        try
        {
            await CommitAsync(Reader.Offsets(handled), cancellation).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is BrokerException or Transport.TransportException or OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private static InvalidOperationException NoGroup() => new("a consumer without a group id commits nothing: set ConsumerOptions.GroupId");
}

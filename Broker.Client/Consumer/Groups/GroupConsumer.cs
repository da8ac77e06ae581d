using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Consumer.Groups;

/// <summary>
/// A consumer that shares topics with the other members of its group: partitions come and go as members do, and positions are committed so that whoever
/// has a partition next goes on where this one was. Use it from one place at a time: poll, handle, poll.
/// </summary>
public sealed class GroupConsumer : IRecordSource
{
    private readonly ClusterClient cluster;
    private readonly GroupOptions options;
    private readonly IGroupMembership membership;
    private readonly PartitionConsumer reader;
    private readonly GroupCommits commits;
    private readonly CoordinatorLink link;
    private readonly Lock gate = new();
    private readonly WakeUp wake;
    private readonly WakeUp changed;
    private readonly CancellationTokenSource closing = new();
    private readonly Task loop;
    private Task beating = Task.CompletedTask;
    private long committedAt;
    private (string Member, int Generation) polledAs = ("", -1);
    private GroupChange? givenUp;

    /// <summary>Joins the group in the background; records come with the first polls.</summary>
    /// <param name="cluster">The cluster; stays the caller's.</param>
    /// <param name="options">The group and how to belong to it.</param>
    /// <param name="fetch">How to fetch.</param>
    /// <exception cref="ArgumentException">The options ask for something that their protocol does not have.</exception>
    public GroupConsumer(ClusterClient cluster, GroupOptions options, FetchOptions? fetch = null)
    {
        this.cluster = cluster;
        this.options = options;
        membership = Membership(options);
        reader = new PartitionConsumer(cluster, fetch) { Reset = options.Reset };
        commits = new GroupCommits(cluster, options);
        link = new CoordinatorLink(cluster);
        wake = new WakeUp(cluster.Options.Time);
        changed = new WakeUp(cluster.Options.Time);
        committedAt = NowMs;
        loop = Run();
    }

    /// <summary>Told what the consumer has besides from now on.</summary>
    public RebalanceCallback? Assigned { get; init; }

    /// <summary>Told what the consumer is about to give back; positions are committed after it, where that is done automatically.</summary>
    public RebalanceCallback? Revoked { get; init; }

    /// <summary>Told what the consumer has lost: another may have it already, and nothing can be committed for it. <see cref="Revoked"/> where left out.</summary>
    public RebalanceCallback? Lost { get; init; }

    /// <summary>
    /// What is committed automatically, by partition, where that is not where the consumer is; -1 for nothing. For whoever hands on what a poll brought piece by piece.
    /// </summary>
    internal Func<TopicPartition, long>? Handled { get; init; }

    /// <summary>What reads the partitions.</summary>
    PartitionConsumer IRecordSource.Reader => reader;

    /// <summary>What the consumer reads now.</summary>
    public IReadOnlyCollection<TopicPartition> Partitions => reader.Partitions;

    /// <summary>The member's id in the group; empty before it joined.</summary>
    public string MemberId
    {
        get
        {
            lock (gate) return membership.MemberId;
        }
    }

    private long NowMs => cluster.Options.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The next records, or none where nothing came within <paramref name="wait"/>. What earlier polls gave counts as handled.</summary>
    /// <exception cref="BrokerException">The group cannot be joined as configured, or a partition was refused for good.</exception>
    public async ValueTask<Polled> PollAsync(TimeSpan wait, CancellationToken cancellation = default)
    {
        var started = cluster.Options.Time.GetTimestamp();
        Note();
        while (true)
        {
            ThrowIfFailed();
            // Where nobody tells what is committed, or where partitions begin, the next poll asks again: what is assigned is not read until then.
            await TakeChange(cancellation).OrUnreached().ConfigureAwait(false);
            if (Standing() is { Generation: >= 0 } standing) polledAs = standing;
            if (options.AutoCommitInterval > TimeSpan.Zero && NowMs - committedAt >= options.AutoCommitInterval.TotalMilliseconds) await TryCommit(cancellation).ConfigureAwait(false);
            var left = wait - cluster.Options.Time.GetElapsedTime(started);
            if (reader.Partitions.Count == 0)
            {
                if (left <= TimeSpan.Zero) return new Polled();
                await changed.Wait(left, cancellation).ConfigureAwait(false);
                continue;
            }

            // In pieces: a long wait on a quiet topic must neither keep the group waiting for what it takes away nor count as an application that is gone.
            var piece = left < options.HeartbeatInterval ? left : options.HeartbeatInterval;
            var polled = await reader.PollAsync(piece > TimeSpan.Zero ? piece : TimeSpan.Zero, cancellation).ConfigureAwait(false);
            if (polled.Count > 0 || piece >= left) return polled;
            polled.Dispose();
            Note();
        }
    }

    /// <summary>Goes on elsewhere in a partition that the consumer reads.</summary>
    public void Seek(TopicPartition partition, long offset) => reader.Seek(partition, offset);

    /// <summary>The offset that is handed over next.</summary>
    public long Position(TopicPartition partition) => reader.Position(partition);

    /// <summary>The partition's end as the last answer said, or -1.</summary>
    public long HighWatermark(TopicPartition partition) => reader.HighWatermark(partition);

    /// <summary>What the group has committed for partitions; left out where it has nothing.</summary>
    /// <exception cref="BrokerException">A partition was refused.</exception>
    public async ValueTask<IReadOnlyDictionary<TopicPartition, Admin.GroupOffset>> CommittedAsync(IReadOnlyList<TopicPartition> partitions, CancellationToken cancellation = default)
        => await commits.Committed(partitions, cancellation).ConfigureAwait(false);

    /// <summary>Commits where the consumer is in each of its partitions.</summary>
    /// <exception cref="BrokerException">Refused: mostly because the group has gone on without this consumer.</exception>
    public ValueTask CommitAsync(CancellationToken cancellation = default)
        => CommitAsync(reader.Partitions.ToDictionary(p => p, reader.Position), cancellation);

    /// <summary>Commits the offsets that come next in these partitions.</summary>
    /// <exception cref="BrokerException">Refused: mostly because the group has gone on without this consumer.</exception>
    public async ValueTask CommitAsync(IReadOnlyDictionary<TopicPartition, long> offsets, CancellationToken cancellation = default)
    {
        committedAt = NowMs;
        if (offsets.Count == 0) return;
        var started = cluster.Options.Time.GetTimestamp();
        while (true)
        {
            // One that was put out is not to be taken for somebody from outside of the group, whose commits count where nobody else is there.
            var (member, generation) = Standing() is { Generation: >= 0 } standing ? standing : polledAs;
            try
            {
                await commits.Commit(offsets, member, generation, cancellation).ConfigureAwait(false);
                return;
            }
            catch (BrokerException stale) when (stale.Code == ErrorCode.StaleMemberEpoch && cluster.Options.Time.GetElapsedTime(started) < cluster.Options.RequestTimeout)
            {
                // The coordinator has led this member on, and the heartbeat that says so is on its way.
                await Task.Delay(options.RetryBackoff, cluster.Options.Time, cancellation).ConfigureAwait(false);
                if (Standing().Generation < 0) throw;
            }
        }
    }

    /// <summary>
    /// Who this consumer was in its group when it was polled last, for a producer that commits in a transaction what came of that poll: where the group has gone
    /// on without it since, the transaction is refused.
    /// </summary>
    public Producer.ConsumerGroupMetadata Metadata => new(options.GroupId, polledAs.Generation, polledAs.Member, options.InstanceId);

    /// <summary>Tells <see cref="Revoked"/>, commits, where that is done automatically, leaves the group and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (closing.IsCancellationRequested) return;
        using var limit = new CancellationTokenSource(cluster.Options.RequestTimeout, cluster.Options.Time);
        if (Revoked is not null && reader.Partitions.Count > 0) await Revoked([.. reader.Partitions], limit.Token).ConfigureAwait(false);
        if (options.AutoCommitInterval > TimeSpan.Zero) await TryCommit(limit.Token).ConfigureAwait(false);
        lock (gate) membership.Leave();
        wake.Give();
        await Task.WhenAny(loop, Task.Delay(Farewell, cluster.Options.Time)).ConfigureAwait(false);
        closing.Cancel();
        await loop.ConfigureAwait(false);
        await beating.ConfigureAwait(false);
        await link.DisposeAsync().ConfigureAwait(false);
        await commits.DisposeAsync().ConfigureAwait(false);
        await reader.DisposeAsync().ConfigureAwait(false);
    }

    private static TimeSpan Farewell => TimeSpan.FromSeconds(2);

    private static IGroupMembership Membership(GroupOptions options)
    {
        if (options.Protocol == GroupProtocol.Consumer)
        {
            Span<byte> id = stackalloc byte[16];
            (options.Dice ?? Random.Shared).NextBytes(id);
            return new ConsumerMembership(options, KafkaUuid.ToText(new Guid(id)));
        }

        if (options.ServerAssignor is not null) throw new ArgumentException("a server's assignor needs GroupProtocol.Consumer", nameof(options));
        return new GroupMembership(options);
    }

    private (string Member, int Generation) Standing()
    {
        lock (gate) return (membership.MemberId, membership.Generation);
    }

    private void Note()
    {
        lock (gate) membership.Polled(NowMs);
        wake.Give();
    }

    private void ThrowIfFailed()
    {
        lock (gate)
        {
            if (membership.Failure is { } failure) throw failure;
        }
    }

    private async ValueTask TakeChange(CancellationToken cancellation)
    {
        GroupChange? change;
        lock (gate) change = membership.Change;
        if (change is null) return;
        if (change.Revoked.Count > 0 && !ReferenceEquals(givenUp, change))
        {
            await GiveUp(change, cancellation).ConfigureAwait(false);
            givenUp = change;
        }

        if (change.Assigned.Count > 0 && IsCurrent(change))
        {
            var committed = await commits.Committed(change.Assigned, cancellation).ConfigureAwait(false);
            await reader.AssignAsync(committed.ToDictionary(c => c.Key, c => c.Value.Offset), cancellation).ConfigureAwait(false);
            await reader.ResetAsync([.. change.Assigned.Where(p => !committed.ContainsKey(p))], cancellation).ConfigureAwait(false);
            if (!IsCurrent(change))
            {
                // Put out meanwhile: it was never this consumer's.
                reader.Remove(change.Assigned);
                return;
            }

            if (Assigned is not null) await Assigned(change.Assigned, cancellation).ConfigureAwait(false);
        }

        lock (gate)
        {
            if (ReferenceEquals(membership.Change, change)) membership.ChangeDone();
        }

        wake.Give();
    }

    private bool IsCurrent(GroupChange change)
    {
        lock (gate) return ReferenceEquals(membership.Change, change);
    }

    private async ValueTask GiveUp(GroupChange change, CancellationToken cancellation)
    {
        if ((change.IsLost ? Lost ?? Revoked : Revoked) is { } told) await told(change.Revoked, cancellation).ConfigureAwait(false);
        if (!change.IsLost && options.AutoCommitInterval > TimeSpan.Zero) await TryCommit(cancellation).ConfigureAwait(false);
        reader.Remove(change.Revoked);
    }

    // A commit that is refused leaves the last one standing: whoever goes on reads a little twice.
    private async ValueTask TryCommit(CancellationToken cancellation)
    {
        try
        {
            await CommitAsync(reader.Offsets(Handled ?? reader.Position), cancellation).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is BrokerException or TransportException or OperationCanceledException)
        {
            committedAt = NowMs;
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async Task Run()
    {
        while (!closing.IsCancellationRequested)
        {
            GroupStep step;
            lock (gate)
            {
                step = membership.Next(NowMs);
                if (membership.HasLeft) return;
            }

            try
            {
                await Do(step).ConfigureAwait(false);
            }
            catch (Exception lost) when (lost is TransportException or BrokerException)
            {
                link.Forget();
                lock (gate) membership.Lost(NowMs);
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                return;
            }

            // A poll that waits wakes this loop in its turn: only what may have changed something is told.
            if (step is not GroupStep.Rest) changed.Give();
        }
    }

    // A coordinator that has no news may keep the answer until it has. Nothing else waits for it: what is sent behind it has it given at once.
    private async Task Beat(GroupStep.Ask beat)
    {
        try
        {
            using var got = await link.Send(beat.Request, cluster.Options.RequestTimeout, options.GroupId, closing.Token).ConfigureAwait(false);
            lock (gate) membership.Take(got.Message, NowMs);
        }
        catch (Exception lost) when (lost is TransportException or BrokerException)
        {
            link.Forget();
            lock (gate) membership.Take(new HeartbeatResponse { ErrorCode = ErrorCode.CoordinatorNotAvailable }, NowMs);
        }
        catch (OperationCanceledException) when (closing.IsCancellationRequested)
        {
            return;
        }

        wake.Give();
        changed.Give();
    }

    private async ValueTask Do(GroupStep step)
    {
        switch (step)
        {
            case GroupStep.Find:
                link.Forget();
                var error = await link.Find(options.GroupId, closing.Token).ConfigureAwait(false);
                lock (gate) membership.Found(error, NowMs);
                break;
            case GroupStep.Ask { Request: HeartbeatRequest } beat:
                beating = Beat(beat);
                break;
            case GroupStep.Ask ask:
                var timeout = ask.Request is JoinGroupRequest ? options.MaxPollInterval + cluster.Options.RequestTimeout : cluster.Options.RequestTimeout;
                using (var got = await link.Send(ask.Request, timeout, options.GroupId, closing.Token).ConfigureAwait(false))
                {
                    lock (gate) membership.Take(got.Message, NowMs);
                }

                break;
            case GroupStep.Learn learn:
                await cluster.RefreshAsync(learn.Topics, cancellation: closing.Token).ConfigureAwait(false);
                var known = cluster.Metadata.Topics;
                lock (gate) membership.Learned([.. (learn.Topics ?? known.Keys).Where(known.ContainsKey).Select(t => known[t])]);
                break;
            case GroupStep.Rest rest:
                var pause = rest.UntilMs == long.MaxValue ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(Math.Max(1, rest.UntilMs - NowMs));
                await wake.Wait(pause, closing.Token).ConfigureAwait(false);
                break;
        }
    }
}

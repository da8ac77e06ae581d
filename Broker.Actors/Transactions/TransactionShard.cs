using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Partitions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Transactions;

/// <summary>What the coordinators of transactions work with.</summary>
/// <param name="Config">The broker's configuration now.</param>
/// <param name="ProducerIds">Fresh producer ids.</param>
/// <param name="Markers">Takes markers to partitions.</param>
public sealed record TransactionParts(Func<BrokerConfig> Config, ProducerIds ProducerIds, MarkerWriter Markers);

/// <summary>
/// Joins the state machine of transactions with its partition of <c>__transaction_state</c>: entries become records, and what the log, the partitions and the
/// controller answer comes back as messages.
/// </summary>
public sealed class TransactionShard : ICoordinator
{
    private readonly PartitionHandle handle;
    private readonly TransactionParts parts;
    private readonly TransactionCoordinator coordinator;
    private long abortAtMs = long.MaxValue;
    private long expireAtMs = long.MaxValue;

    /// <summary>The shard of a partition that this broker leads.</summary>
    public TransactionShard(PartitionHandle handle, TransactionParts parts)
    {
        this.handle = handle;
        this.parts = parts;
        coordinator = new TransactionCoordinator(handle.LeaderEpoch);
    }

    /// <inheritdoc/>
    public long NextDeadlineMs => Math.Min(Math.Min(abortAtMs, expireAtMs), coordinator.NextTickMs ?? long.MaxValue);

    /// <inheritdoc/>
    public void Replay(in CoordinatorRecord record)
    {
        if (TransactionRecords.ReadKey(record.Key) is not { } id) return;
        coordinator.Load(id, record.Value is { } value ? TransactionRecords.ReadValue(id, value) : null);
    }

    /// <inheritdoc/>
    public void ReplayMarker(long producerId, bool commit)
    {
        // Nobody writes to this topic in a transaction.
    }

    /// <inheritdoc/>
    public void Loaded(ICoordinatorEffects effects)
    {
        coordinator.Loaded(effects.NowMs);
        Drain(effects);
    }

    /// <inheritdoc/>
    public void Handle(CoordinatorMessage message, ICoordinatorEffects effects)
    {
        coordinator.Settings = TransactionSettings.Of(parts.Config());
        switch (message)
        {
            case TransactionMessage asked: coordinator.Handle(asked.Request, effects.NowMs); break;
            case TransactionStep step: step.Run(coordinator, effects.NowMs); break;
            case TransactionQuery query: query.Look(coordinator); break;
            default: message.Refuse(ErrorCode.InvalidRequest); break;
        }

        Drain(effects);
    }

    /// <inheritdoc/>
    public void Expire(ICoordinatorEffects effects)
    {
        var now = effects.NowMs;
        coordinator.Tick(now);
        if (abortAtMs <= now)
        {
            abortAtMs = long.MaxValue;
            coordinator.AbortTimedOut(now);
        }

        if (expireAtMs <= now)
        {
            expireAtMs = long.MaxValue;
            coordinator.Expire(now);
        }

        Drain(effects);
    }

    /// <inheritdoc/>
    public void Abandon(ErrorCode error) => coordinator.Resign(error);

    private void Drain(ICoordinatorEffects effects)
    {
        var wanted = coordinator.Effects;
        foreach (var entry in wanted.Appends)
        {
            var value = TransactionRecords.Value(entry);
            effects.Write(TransactionRecords.Key(entry.Id), value, value is not null);
            effects.WhenCommitted(error => Committed(entry, error, effects));
        }

        wanted.Appends.Clear();
        foreach (var request in wanted.ProducerIds) Fetch(request);
        wanted.ProducerIds.Clear();
        SendMarkers();
        SetTimers(effects.NowMs);
    }

    // Answers and markers go out at once; what is to be written then is a message's, because nothing may be written here.
    private void Committed(TransactionEntry entry, ErrorCode error, ICoordinatorEffects effects)
    {
        coordinator.Appended(entry, error, effects.NowMs);
        SendMarkers();
        if (coordinator.Effects is { Appends.Count: 0, ProducerIds.Count: 0 } && (abortAtMs != long.MaxValue || coordinator.Open == 0)) return;
        handle.TellCoordinator(TransactionStep.Nothing);
    }

    private void Fetch(TransactionRequest request)
        => parts.ProducerIds.Take((error, id) => handle.TellCoordinator(new TransactionStep((c, now) => c.ProducerIdGiven(request, error, id, now), request)));

    private void SendMarkers()
    {
        foreach (var order in coordinator.Effects.Markers)
        {
            var marker = new MarkerFacts(order.ProducerId, order.Epoch, order.Commit, order.CoordinatorEpoch, order.ClientVersion);
            foreach (var partition in order.Partitions)
            {
                parts.Markers.Send(partition, marker, error => handle.TellCoordinator(new TransactionStep((c, now) => c.Marked(order, partition, error, now))));
            }
        }

        coordinator.Effects.Markers.Clear();
    }

    // While nothing is open and no id is known, there is nothing to look after, and nothing wakes up.
    private void SetTimers(long nowMs)
    {
        var config = parts.Config();
        if (coordinator.Open == 0) abortAtMs = long.MaxValue;
        else if (abortAtMs == long.MaxValue) abortAtMs = nowMs + config.Int("transaction.abort.timed.out.transaction.cleanup.interval.ms");
        if (coordinator.Count == 0) expireAtMs = long.MaxValue;
        else if (expireAtMs == long.MaxValue) expireAtMs = nowMs + config.Int("transaction.remove.expired.transaction.cleanup.interval.ms");
    }
}

/// <summary>A request on its way to its coordinator.</summary>
/// <param name="request">The request.</param>
public sealed class TransactionMessage(TransactionRequest request) : CoordinatorMessage
{
    /// <summary>The request.</summary>
    public TransactionRequest Request => request;

    /// <inheritdoc/>
    public override void Refuse(ErrorCode error) => request.Refuse(error);
}

/// <summary>A look at a coordinator's entries that changes nothing.</summary>
/// <param name="look">Looks, on the coordinator's turn.</param>
/// <param name="refused">Told instead where there is no coordinator that could.</param>
public sealed class TransactionQuery(Action<TransactionCoordinator> look, Action<ErrorCode> refused) : CoordinatorMessage
{
    /// <summary>Looks.</summary>
    public Action<TransactionCoordinator> Look => look;

    /// <inheritdoc/>
    public override void Refuse(ErrorCode error) => refused(error);
}

/// <summary>An answer to something that the coordinator had done outside.</summary>
/// <param name="run">Takes it in.</param>
/// <param name="request">The request that waits for it, or null: then whoever is the coordinator next finds out by itself what is left to do.</param>
internal sealed class TransactionStep(Action<TransactionCoordinator, long> run, TransactionRequest? request = null) : CoordinatorMessage
{
    /// <summary>Only what the state machine wants already is to be done.</summary>
    public static readonly TransactionStep Nothing = new(static (_, _) => { });

    /// <summary>Takes it in.</summary>
    public Action<TransactionCoordinator, long> Run => run;

    /// <inheritdoc/>
    public override void Refuse(ErrorCode error) => request?.Refuse(error);
}

using Akka.Cluster.Sharding.Remembering;

namespace Akka.Cluster.Sharding;

/// <content>
/// What a shard remembers: an entity is on record before it is started, and until it has passivated. One that ends otherwise, or with the shard's node, is started again.
/// </content>
internal sealed partial class Shard
{
    private readonly Queue<string> _toRecover = new();
    private StoreKeeper? _store;

    private bool HasToRecord => _store is { Memory.IsSettled: false };

    private void Remember()
    {
        if (!settings.RememberEntities) return;
        _store = new StoreKeeper(Context, Timers, _log, NameStore.OfShard(typeName, id), settings, settings.TuningParameters.ShardFailureBackoff);
        _store.Start();
    }

    private bool IsTooMany(string entityId) => _store is { Memory.IsFull: true } && !_entities.ContainsKey(entityId) && !_store.Memory.Contains(entityId);

    // True where it may run at once; false where it is to wait until it is on record.
    private bool Record(string entityId)
    {
        if (_store is null || _store.Memory.Start(entityId)) return true;
        _store.Write();
        return false;
    }

    private void FromStore(StoreMessage message)
    {
        if (_store!.Take(message) is { } usable && _handOffTo is null) Begin(usable);
        _store.Write();
        if (_handOffTo is not null) EndHandOff();
    }

    // Those that something waits for come first, whatever the strategy.
    private void Begin(IReadOnlyCollection<string> usable)
    {
        foreach (var entityId in usable)
        {
            if (_entities.TryGetValue(entityId, out var waiting)) Launch(entityId, waiting);
            else _toRecover.Enqueue(entityId);
        }

        if (settings.TuningParameters.EntityRecoveryStrategy == "all") Recover(int.MaxValue);
        else if (_toRecover.Count > 0) Timers.StartPeriodicTimer(nameof(RecoverSome), RecoverSome.Instance, settings.TuningParameters.EntityRecoveryConstantRateStrategyFrequency);
    }

    private void Recover(int most)
    {
        for (; most > 0 && _toRecover.TryDequeue(out var entityId); most--) StartAgain(entityId);
        if (_toRecover.Count == 0) Timers.Cancel(nameof(RecoverSome));
    }

    // Meanwhile a message may have started it, or it may have passivated.
    private void StartAgain(string entityId)
    {
        if (_handOffTo is null && !_entities.ContainsKey(entityId) && _store!.Memory.Contains(entityId)) Find(entityId);
    }

    private void EndedBySelf(string entityId)
    {
        if (_store is null) return;
        Timers.StartSingleTimer(new RestartKey(entityId), new Restart(entityId), settings.TuningParameters.EntityRestartBackoff);
    }

    private void Forget(string entityId)
    {
        if (_store is null) return;
        _store.Memory.Stop(entityId);
        _store.Write();
    }

    // What waits here for its record will not be started here, and was not started anywhere.
    private void LeaveUnrecorded()
    {
        if (_store is null) return;
        _store.Memory.Leave();
        foreach (var (entityId, entity) in _entities)
        {
            if (entity.Ref is not null) continue;
            _entities.Remove(entityId);
            Discard(entity);
        }
    }

    private sealed record Restart(string EntityId);

    private sealed record RestartKey(string EntityId);

    private sealed class RecoverSome
    {
        public static readonly RecoverSome Instance = new();
    }
}

using Akka.Cluster.Sharding.Remembering;

namespace Akka.Cluster.Sharding;

/// <content>Which shards have entities that are remembered: a shard is on record before it is started, and for good. They are started without a message for them.</content>
internal sealed partial class ShardCoordinator
{
    private StoreKeeper? _store;

    private void Remember()
    {
        if (!_settings.RememberEntities) return;
        _store = new StoreKeeper(Context, Timers, _log, NameStore.OfCoordinator(_typeName), _settings, _settings.TuningParameters.CoordinatorFailureBackoff);
        _store.Start();
    }

    // Nothing is placed before all regions have said what they have, and the store has.
    private void AllHeard()
    {
        if (_store is null or { Memory.IsLoaded: true }) _core.Recovered(Now);
    }

    bool ICoordinatorOutlet.Record(string shard)
    {
        if (_store is null || _store.Memory.Start(shard)) return true;
        _store.Write();
        return false;
    }

    // A region may have shards of a time in which nothing was remembered.
    private void RecordClaimed(IEnumerable<string> shards)
    {
        if (_store is null) return;
        foreach (var shard in shards) _store.Memory.Start(shard);
        _store.Write();
    }

    private void FromStore(StoreMessage message)
    {
        if (_store!.Take(message) is { } usable) _core.Remember(usable, Now);
        if (_unheard.Count == 0) AllHeard();
        _store.Write();
    }
}

using Akka.Actor;
using Akka.Configuration;

namespace Akka.Cluster.Sharding;

/// <summary>Sharding's defaults under Akka.NET's names, and what it adds to a system.</summary>
internal static class ShardingReference
{
    public static Config Default { get; } = Config.Deferred(Text);

    private const string Text = """
        akka.cluster.sharding {
          guardian-name = sharding
          role = ""
          # Entities that were started are started again wherever their shard comes to be, until they passivate; nothing passivates by itself then.
          remember-entities = off
          # In the journal, which all nodes have to reach: there is no distributed data here.
          remember-entities-store = eventsourced
          journal-plugin-id = ""
          snapshot-plugin-id = ""
          snapshot-after = 1000
          keep-nr-of-batches = 2
          shard-failure-backoff = 10s
          coordinator-failure-backoff = 5s
          entity-restart-backoff = 10s
          updating-state-timeout = 5s
          # "all" at once, or "constant".
          entity-recovery-strategy = "all"
          entity-recovery-constant-rate-strategy {
            frequency = 100ms
            number-of-entities = 5
          }
          passivate-idle-entity-after = 120s
          # How long a request for a shard's place waits before it is made again.
          retry-interval = 200ms
          # Messages that wait for shards to be placed, in one region. Of more, those that come are dropped, and that is said.
          buffer-size = 100000
          handoff-timeout = 60s
          rebalance-interval = 10s
          shard-region-query-timeout = 3s
          # The coordinator has no store: a new one asks the regions which shards they have.
          state-store-mode = "ddata"
          least-shard-allocation-strategy {
            rebalance-absolute-limit = 0
            rebalance-relative-limit = 0.1
          }
        }
        """;

    private static readonly Lock Adding = new();

    /// <summary>Adds defaults and serialiser to a system; as often as one likes.</summary>
    public static void AddTo(ActorSystem system)
    {
        // Whoever comes second finds the serialiser there too.
        lock (Adding)
        {
            if (!system.Settings.TryInjectTopLevelFallback(Default)) return;
            Tools.Singleton.SingletonReference.AddTo(system);
            var serializer = new ShardingMessageSerializer((ExtendedActorSystem)system);
            system.Serialization.AddSerializer("akka-sharding", serializer);
            foreach (var type in ShardingMessageSerializer.Types) system.Serialization.AddSerializationMap(type, serializer);
        }
    }
}

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
          remember-entities = off
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

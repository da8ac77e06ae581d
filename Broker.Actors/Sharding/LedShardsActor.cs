using Akka.Actor;
using Akka.Cluster.Sharding;
using AkkaStream.Actors.Metadata;

namespace AkkaStream.Actors.Sharding;

/// <summary>This broker leads these partitions from now on, or not any more.</summary>
/// <param name="Led">Ids of those that it leads now.</param>
/// <param name="Lost">Ids of those that it does not lead any more: sharding moves them.</param>
/// <param name="Gone">Ids of those that it led and that are nowhere any more.</param>
internal sealed record LeadershipChanged(IReadOnlyList<string> Led, IReadOnlyList<string> Lost, IReadOnlyList<string> Gone) : INoSerializationVerificationNeeded;

/// <summary>
/// Has the entities of the partitions that this broker leads started where they are led: says so to the region again until the shard is here, which takes as long as the coordinator needs to move it.
/// While all are here, nothing wakes up. Without a region it only remembers, until it is told of one.
/// </summary>
internal sealed class LedShardsActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private IActorRef? region;
    private readonly HashSet<string> led = new(StringComparer.Ordinal);
    private HashSet<string> missing = new(StringComparer.Ordinal);

    public LedShardsActor()
        : this(null)
    {
    }

    public LedShardsActor(IActorRef? region)
    {
        this.region = region;
        Receive<LeadershipChanged>(Changed);
        Receive<RegionStarted>(started =>
        {
            this.region = started.Region;
            StartMissing();
        });
        Receive<Turn>(_ => this.region?.Tell(GetShardRegionState.Instance, Self));
        Receive<CurrentShardRegionState>(Looked);
    }

    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    /// <summary>All that a broker leads.</summary>
    public static LeadershipChanged Of(MetadataImage image, int broker)
    {
        var led = new List<string>();
        foreach (var (name, topic) in image.Topics)
        {
            for (var i = 0; i < topic.Partitions.Length; i++)
            {
                if (topic.Partitions[i].Leader == broker) led.Add(PartitionShards.IdOf(name, i));
            }
        }

        return new LeadershipChanged(led, [], []);
    }

    /// <summary>What changed for a broker between two images.</summary>
    public static LeadershipChanged? Between(MetadataImage before, MetadataImage after, int broker)
    {
        List<string> now = [], lost = [], gone = [];
        foreach (var name in after.Touched)
        {
            var old = before.Topics.GetValueOrDefault(name);
            var next = after.Topics.GetValueOrDefault(name);
            for (var i = 0; i < Math.Max(old?.Partitions.Length ?? 0, next?.Partitions.Length ?? 0); i++)
            {
                var had = i < old?.Partitions.Length && old.Partitions[i].Leader == broker;
                var has = i < next?.Partitions.Length && next.Partitions[i].Leader == broker;
                if (has && !had) now.Add(PartitionShards.IdOf(name, i));
                else if (had && !has) (i < next?.Partitions.Length ? lost : gone).Add(PartitionShards.IdOf(name, i));
            }
        }

        return now.Count + lost.Count + gone.Count == 0 ? null : new LeadershipChanged(now, lost, gone);
    }

    private void Changed(LeadershipChanged changed)
    {
        foreach (var id in changed.Lost)
        {
            led.Remove(id);
            missing.Remove(id);
        }

        foreach (var id in changed.Gone)
        {
            led.Remove(id);
            missing.Remove(id);
            region?.Tell(new ShardingEnvelope(id, PoisonPill.Instance), Self);
        }

        foreach (var id in changed.Led)
        {
            led.Add(id);
            missing.Add(id);
            region?.Tell(new ShardRegion.StartEntity(id), Self);
        }

        Plan();
    }

    private void Looked(CurrentShardRegionState state)
    {
        var here = state.Shards.SelectMany(shard => shard.EntityIds).ToHashSet(StringComparer.Ordinal);
        missing = led.Where(id => !here.Contains(id)).ToHashSet(StringComparer.Ordinal);
        StartMissing();
    }

    private void StartMissing()
    {
        foreach (var id in missing) region!.Tell(new ShardRegion.StartEntity(id), Self);
        Plan();
    }

    private void Plan()
    {
        if (missing.Count > 0 && region is not null) ((IWithTimers)this).Timers.StartSingleTimer(nameof(Turn), Turn.Instance, Pause);
    }

    /// <summary>The region is there from now on.</summary>
    /// <param name="Region">The region of partitions.</param>
    internal sealed record RegionStarted(IActorRef Region) : INoSerializationVerificationNeeded;

    private sealed class Turn
    {
        public static readonly Turn Instance = new();
    }
}

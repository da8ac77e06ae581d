using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;

namespace Akka.Cluster.Sharding;

/// <summary>Makes and finds a system's <see cref="ClusterSharding"/>.</summary>
public sealed class ClusterShardingExtensionProvider : ExtensionIdProvider<ClusterSharding>
{
    /// <inheritdoc/>
    public override ClusterSharding CreateExtension(ExtendedActorSystem system) => new(system);
}

/// <summary>
/// Entities spread over a cluster: each has an id, lives in one place, and is reached through the region of its kind on any node. Kinds are started on every node that has entities of them, by the
/// same name and with an extractor that comes to the same results; other nodes start a proxy.
/// </summary>
public class ClusterSharding : IExtension
{
    private readonly ExtendedActorSystem _system;
    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, IActorRef> _regions = new();
    private readonly ConcurrentDictionary<string, IActorRef> _proxies = new();

    /// <summary>The sharding of a system.</summary>
    public ClusterSharding(ExtendedActorSystem system)
    {
        _system = system;
        Settings = ClusterShardingSettings.Create(system);
    }

    /// <summary>The settings of the configuration.</summary>
    public ClusterShardingSettings Settings { get; }

    /// <summary>The kinds that this node has a region of.</summary>
    public ImmutableHashSet<string> ShardTypeNames => [.. _regions.Keys];

    /// <summary>The sharding of a system, made where it is not there yet.</summary>
    public static ClusterSharding Get(ActorSystem system) => system.WithExtension<ClusterSharding, ClusterShardingExtensionProvider>();

    /// <summary>The defaults.</summary>
    public static Config DefaultConfig() => ShardingReference.Default;

    /// <summary>Starts a kind on this node, or a proxy where the node has not the role of the settings. Starting it again gives the same region.</summary>
    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor)
        => Start(typeName, _ => entityProps, settings, messageExtractor);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, ExtractEntityId extractEntityId, ExtractShardId extractShardId)
        => Start(typeName, _ => entityProps, settings, new FunctionExtractor(extractEntityId, extractShardId));

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor)
        => Start(typeName, entityPropsFactory, settings, messageExtractor, DefaultShardAllocationStrategy(settings), PoisonPill.Instance);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, ExtractEntityId extractEntityId, ExtractShardId extractShardId)
        => Start(typeName, entityPropsFactory, settings, new FunctionExtractor(extractEntityId, extractShardId));

    /// <summary>Starts a kind whose shards are placed by <paramref name="allocationStrategy"/>, and whose entities end by <paramref name="handOffStopMessage"/> when their shard moves.</summary>
    public IActorRef Start(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage)
        => Start(typeName, _ => entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage);

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor, IShardAllocationStrategy, object)"/>
    public IActorRef Start(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage)
    {
        settings.Check();
        var cluster = Cluster.Get(_system);
        if (settings.Role is { } role && !cluster.SelfRoles.Contains(role)) return StartProxy(typeName, role, messageExtractor);
        lock (_lock)
        {
            if (_regions.TryGetValue(typeName, out var known)) return known;
            Coordinate(typeName, settings, allocationStrategy);
            return _regions[typeName] = Region(typeName, entityPropsFactory, settings, messageExtractor, handOffStopMessage);
        }
    }

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public Task<IActorRef> StartAsync(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor)
        => Task.FromResult(Start(typeName, entityProps, settings, messageExtractor));

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor)"/>
    public Task<IActorRef> StartAsync(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor)
        => Task.FromResult(Start(typeName, entityPropsFactory, settings, messageExtractor));

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor, IShardAllocationStrategy, object)"/>
    public Task<IActorRef> StartAsync(string typeName, Props entityProps, ClusterShardingSettings settings, IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage)
        => Task.FromResult(Start(typeName, entityProps, settings, messageExtractor, allocationStrategy, handOffStopMessage));

    /// <inheritdoc cref="Start(string, Props, ClusterShardingSettings, IMessageExtractor, IShardAllocationStrategy, object)"/>
    public Task<IActorRef> StartAsync(string typeName, Func<string, Props> entityPropsFactory, ClusterShardingSettings settings, IMessageExtractor messageExtractor, IShardAllocationStrategy allocationStrategy, object handOffStopMessage)
        => Task.FromResult(Start(typeName, entityPropsFactory, settings, messageExtractor, allocationStrategy, handOffStopMessage));

    /// <summary>Starts a way to entities that live on other nodes, those with a role where one is given.</summary>
    public IActorRef StartProxy(string typeName, string? role, IMessageExtractor messageExtractor)
    {
        lock (_lock)
        {
            if (_proxies.TryGetValue(typeName, out var known)) return known;
            return _proxies[typeName] = Region(typeName, null, Settings.WithRole(role), messageExtractor, PoisonPill.Instance);
        }
    }

    /// <inheritdoc cref="StartProxy(string, string, IMessageExtractor)"/>
    public IActorRef StartProxy(string typeName, string? role, ExtractEntityId extractEntityId, ExtractShardId extractShardId)
        => StartProxy(typeName, role, new FunctionExtractor(extractEntityId, extractShardId));

    /// <inheritdoc cref="StartProxy(string, string, IMessageExtractor)"/>
    public Task<IActorRef> StartProxyAsync(string typeName, string? role, IMessageExtractor messageExtractor) => Task.FromResult(StartProxy(typeName, role, messageExtractor));

    /// <summary>The region of a kind, or its proxy where there is no region. Throws <see cref="ArgumentException"/> where it has not been started.</summary>
    public IActorRef ShardRegion(string typeName)
        => _regions.TryGetValue(typeName, out var region) || _proxies.TryGetValue(typeName, out region) ? region : throw new ArgumentException($"Shard type [{typeName}] must be started first.", nameof(typeName));

    /// <summary>The proxy of a kind. Throws <see cref="ArgumentException"/> where it has not been started.</summary>
    public IActorRef ShardRegionProxy(string typeName)
        => _proxies.TryGetValue(typeName, out var proxy) ? proxy : throw new ArgumentException($"Shard type [{typeName}] must be started first.", nameof(typeName));

    /// <summary>The strategy where none is given: the region with the fewest shards gets the next one.</summary>
    public IShardAllocationStrategy DefaultShardAllocationStrategy(ClusterShardingSettings settings)
        => ShardAllocationStrategy.LeastShardAllocationStrategy(settings.TuningParameters.LeastShardAllocationAbsoluteLimit, settings.TuningParameters.LeastShardAllocationRelativeLimit);

    /// <summary>A name as an actor's.</summary>
    internal static string Encode(string name) => Uri.EscapeDataString(name);

    internal static string RegionName(string typeName) => "sharding-" + Encode(typeName);

    internal static string CoordinatorName(string typeName) => RegionName(typeName) + "-coordinator";

    private IActorRef Region(string typeName, Func<string, Props>? entityProps, ClusterShardingSettings settings, IMessageExtractor extractor, object stopMessage)
    {
        var props = Props.CreateBy(new GuardianProducer(() => new ShardRegion(typeName, entityProps, settings, extractor, stopMessage)));
        return _system.SystemActorOf(props, entityProps is null ? RegionName(typeName) + "-proxy" : RegionName(typeName));
    }

    private void Coordinate(string typeName, ClusterShardingSettings settings, IShardAllocationStrategy strategy)
    {
        var coordinator = Props.CreateBy(new GuardianProducer(() => new ShardCoordinator(typeName, settings, strategy)));
        var singleton = settings.CoordinatorSingletonSettings.WithSingletonName("singleton").WithRole(settings.Role);
        _system.SystemActorOf(ClusterSingletonManager.Props(coordinator, singleton), CoordinatorName(typeName));
    }
}

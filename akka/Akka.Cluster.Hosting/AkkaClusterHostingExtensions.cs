using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Hosting;

namespace Akka.Cluster.Hosting;

/// <summary>A cluster, its singletons and its sharded entities for a system of the host. <c>TKey</c> is the key in the actor registry.</summary>
public static class AkkaClusterHostingExtensions
{
    /// <summary>Makes the system a node of a cluster.</summary>
    public static AkkaConfigurationBuilder WithClustering(this AkkaConfigurationBuilder builder, ClusterOptions? options = null)
    {
        options ??= new ClusterOptions();
        builder.AddHocon(options.ToHocon(), HoconAddMode.Prepend);
        (options.SplitBrainResolver ?? SBR.SplitBrainResolverOption.Default).Apply(builder);
        return builder.WithActorRefProvider(ProviderSelection.Cluster.Instance);
    }

    /// <summary>Runs a singleton, and registers its proxy; without <paramref name="createProxyToo"/> the manager.</summary>
    public static AkkaConfigurationBuilder WithSingleton<TKey>(this AkkaConfigurationBuilder builder, string singletonName, Props actorProps, ClusterSingletonOptions? options = null, bool createProxyToo = true)
        => builder.WithActors((system, registry) =>
        {
            options ??= new ClusterSingletonOptions();
            var settings = ClusterSingletonManagerSettings.Create(system).WithSingletonName(singletonName);
            if (options.Role is not null) settings = settings.WithRole(options.Role);
            var manager = system.ActorOf(ClusterSingletonManager.Props(actorProps, options.TerminationMessage ?? PoisonPill.Instance, settings), singletonName);
            if (createProxyToo) AddProxy<TKey>(system, registry, singletonName, options, $"/user/{singletonName}");
            else registry.TryRegister<TKey>(manager);
        });

    /// <summary>Registers a proxy to a singleton that other nodes run; its managers are at <paramref name="singletonManagerPath"/>, <c>/user/</c> and its name where that is null.</summary>
    public static AkkaConfigurationBuilder WithSingletonProxy<TKey>(this AkkaConfigurationBuilder builder, string singletonName, ClusterSingletonOptions? options = null, string? singletonManagerPath = null)
        => builder.WithActors((system, registry) => AddProxy<TKey>(system, registry, singletonName, options ?? new ClusterSingletonOptions(), singletonManagerPath ?? $"/user/{singletonName}"));

    /// <summary>Starts a kind of entities, and registers its region.</summary>
    public static AkkaConfigurationBuilder WithShardRegion<TKey>(this AkkaConfigurationBuilder builder, string typeName, Func<string, Props> entityPropsFactory, IMessageExtractor messageExtractor, ShardOptions shardOptions)
        => builder.WithShardRegion<TKey>(typeName, (_, _) => entityPropsFactory, messageExtractor, shardOptions);

    /// <inheritdoc cref="WithShardRegion{TKey}(AkkaConfigurationBuilder, string, Func{string, Props}, IMessageExtractor, ShardOptions)"/>
    public static AkkaConfigurationBuilder WithShardRegion<TKey>(this AkkaConfigurationBuilder builder, string typeName, Func<string, Props> entityPropsFactory, ExtractEntityId extractEntityId, ExtractShardId extractShardId, ShardOptions shardOptions)
        => builder.WithShardRegion<TKey>(typeName, (_, _) => entityPropsFactory, new FunctionExtractor(extractEntityId, extractShardId), shardOptions);

    /// <inheritdoc cref="WithShardRegion{TKey}(AkkaConfigurationBuilder, string, Func{string, Props}, IMessageExtractor, ShardOptions)"/>
    public static AkkaConfigurationBuilder WithShardRegion<TKey>(this AkkaConfigurationBuilder builder, string typeName, Func<ActorSystem, IActorRegistry, Func<string, Props>> entityPropsFactory, IMessageExtractor messageExtractor, ShardOptions shardOptions)
        => builder.WithActors((system, registry) =>
        {
            var sharding = ClusterSharding.Get(system);
            var settings = shardOptions.Apply(sharding.Settings);
            var region = sharding.Start(typeName, entityPropsFactory(system, registry), settings, messageExtractor, sharding.DefaultShardAllocationStrategy(settings), shardOptions.HandOffStopMessage ?? PoisonPill.Instance);
            registry.TryRegister<TKey>(region);
        });

    /// <summary>Registers a way to entities that other nodes have.</summary>
    public static AkkaConfigurationBuilder WithShardRegionProxy<TKey>(this AkkaConfigurationBuilder builder, string typeName, string roleName, IMessageExtractor messageExtractor)
        => builder.WithActors((system, registry) => registry.TryRegister<TKey>(ClusterSharding.Get(system).StartProxy(typeName, roleName, messageExtractor)));

    /// <inheritdoc cref="WithShardRegionProxy{TKey}(AkkaConfigurationBuilder, string, string, IMessageExtractor)"/>
    public static AkkaConfigurationBuilder WithShardRegionProxy<TKey>(this AkkaConfigurationBuilder builder, string typeName, string roleName, ExtractEntityId extractEntityId, ExtractShardId extractShardId)
        => builder.WithActors((system, registry) => registry.TryRegister<TKey>(ClusterSharding.Get(system).StartProxy(typeName, roleName, extractEntityId, extractShardId)));

    private static void AddProxy<TKey>(ActorSystem system, IActorRegistry registry, string name, ClusterSingletonOptions options, string managerPath)
    {
        var settings = ClusterSingletonProxySettings.Create(system).WithSingletonName(name);
        if (options.Role is not null) settings = settings.WithRole(options.Role);
        if (options.BufferSize is { } size) settings = settings.WithBufferSize(size);
        registry.TryRegister<TKey>(system.ActorOf(ClusterSingletonProxy.Props(managerPath, settings), $"{name}-proxy"));
    }
}

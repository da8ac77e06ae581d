using Akka.Actor;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Host.Palettes;

namespace Petabridge.Cmd.Cluster.Sharding;

/// <summary>The palette <c>cluster-sharding</c>: regions, shards and entities.</summary>
public sealed class ClusterShardingCommands : CommandPaletteHandler
{
    internal const string ListRegions = "list-regions";
    internal const string RegionStats = "region-stats";
    internal const string Shards = "shards";

    /// <summary>The only one. Each system gets a handler of its own.</summary>
    public static readonly ClusterShardingCommands Instance = new();

    private ClusterShardingCommands()
        : base(new CommandPalette("cluster-sharding",
        [
            Named(ListRegions, "Lists the kinds of entities that this node knows, and the nodes that have a region of each.").WithArgument(Tables.Json).Build(),
            Named(RegionStats, "Shows how many shards and entities each node has of a kind.").WithArgument(a => Kind(a).IsMandatory(true)).WithArgument(Tables.Json).Build(),
            Named(Shards, "Shows this node's shards of a kind, and their entities.").WithArgument(a => Kind(a).IsMandatory(true)).WithArgument(Tables.Json).Build(),
        ]))
    {
    }

    /// <inheritdoc/>
    public override Props HandlerProps => Props.Create(() => new ClusterShardingCommandHandler());

    private static CommandDefinitionBuilder Named(string name, string description) => new CommandDefinitionBuilder().WithName(name).WithDescription(description);

    private static ArgumentDefinitionBuilder Kind(ArgumentDefinitionBuilder argument)
        => argument.WithName("type").WithDescription("The kind of entities, as list-regions shows it.").WithSwitch("-t").WithSwitch("--type");
}

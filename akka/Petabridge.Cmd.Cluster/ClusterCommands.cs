using Akka.Actor;
using Petabridge.Cmd.Host;

namespace Petabridge.Cmd.Cluster;

/// <summary>The palette <c>cluster</c>: members as this node sees them, and what can be done to them.</summary>
public sealed class ClusterCommands : CommandPaletteHandler
{
    internal const string Show = "show";
    internal const string Status = "status";
    internal const string Join = "join";
    internal const string Leave = "leave";
    internal const string Down = "down";
    internal const string DownUnreachable = "down-unreachable";

    /// <summary>The only one. Each system gets a handler of its own.</summary>
    public static readonly ClusterCommands Instance = new();

    private ClusterCommands()
        : base(new CommandPalette("cluster",
        [
            Named(Show, "Shows members, their states, roles, and who cannot be reached.").WithArgument(Host.Palettes.Tables.Json).Build(),
            Named(Status, "Shows this node's own place in the cluster.").WithArgument(Host.Palettes.Tables.Json).Build(),
            Named(Join, "Has this node join the cluster that another one is in; one that joins itself begins a cluster.").WithArgument(a => Address(a).IsMandatory(true)).Build(),
            Named(Leave, "Has a member leave in order: this node where none is named.").WithArgument(Address).Build(),
            Named(Down, "Gives a member up: it is removed without its consent, and must be dead.").WithArgument(a => Address(a).IsMandatory(true)).Build(),
            Named(DownUnreachable, "Gives every member up that cannot be reached. Only for who knows that they are dead: a node that lives on the other side of a split loses its work.").Build(),
        ]))
    {
    }

    /// <inheritdoc/>
    public override Props HandlerProps => Props.Create(() => new ClusterCommandHandler());

    private static CommandDefinitionBuilder Named(string name, string description) => new CommandDefinitionBuilder().WithName(name).WithDescription(description);

    private static ArgumentDefinitionBuilder Address(ArgumentDefinitionBuilder argument)
        => argument.WithName("address").WithDescription("A node, such as akka.tcp://akkastream@10.0.0.1:4053.").WithSwitch("-a").WithSwitch("--address").HasValue();
}

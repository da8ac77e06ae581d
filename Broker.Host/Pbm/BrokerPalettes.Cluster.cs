using Petabridge.Cmd;

namespace AkkaStream.Host.Pbm;

/// <content>What has to do with several brokers.</content>
internal static partial class BrokerPalettes
{
    internal static readonly CommandPalette Partitions = new("partitions",
    [
        Command("list", "Shows who leads, who follows, and what followers lack.",
            a => a.WithName("topic").WithDescription("The topic; may be repeated. All where none is named.").WithSwitch("-t").WithSwitch("--topic"),
            Flag("--under-replicated", "Only those with a replica that is not in sync."),
            Flag("--unavailable", "Only those that nobody leads."),
            Flag("--under-min-isr", "Only those with fewer replicas in sync than min.insync.replicas."),
            Flag("--at-min-isr", "Only those with just as many."),
            Flag("--json", "JSON for scripts.")),
    ]);

    internal static readonly CommandPalette Brokers = new("brokers",
    [
        Command("list", "Shows the brokers: where they are, how they are, what they lead and hold.", Flag("--json", "JSON for scripts.")),
    ]);

    internal static readonly CommandPalette Controller = new("controller",
    [
        Command("show", "Shows who the controller is and who keeps its journal.", Flag("--json", "JSON for scripts.")),
        Command("add-voter", "Gives a broker a vote, once it has the whole journal. One at a time.",
            Id("The broker; it has to run with itself among its controller.quorum.voters."),
            Value("--address", "host:port of its actor system, where that is not what it registered with."),
            Value("--disk", "Id of the disk that its vote stands on, where that is not the one that it has.")),
        Command("remove-voter", "Takes a broker's vote away. One at a time.", Id("The voter."), Value("--disk", "Id of its disk, where that is not the one that votes.")),
    ]);

    internal static readonly CommandPalette Elect = new("elect",
    [
        Command("preferred", "Has the first replica of each partition lead, where it is in sync.", Some("topic, or topic:partition; may be repeated. All where none is named."), Flag("--json", "JSON for scripts.")),
        Command("unclean", "Where nobody leads, has a replica lead that may lack records: those are lost.", a => Some("topic, or topic:partition; may be repeated.")(a).IsMandatory(true), Flag("--json", "JSON for scripts.")),
    ]);

    internal static readonly CommandPalette Metadata = new("metadata",
    [
        Command("ls", "Lists what lies under a path of the controller's state, as ZooKeeper's shell does.", Path(false), Flag("--recursive", "With all that lies below."), Flag("--json", "JSON for scripts.")),
        Command("get", "Shows what a path of the controller's state holds.", Path(true), Flag("--json", "On one line, for scripts.")),
    ]);

    internal static readonly CommandPalette Reassign = new("reassign",
    [
        Command("generate", "Proposes where partitions shall be: racks apart, replicas and leaders spread. Nothing is changed.",
            a => a.WithName("topic").WithDescription("The topic; may be repeated. All where none is named.").WithSwitch("-t").WithSwitch("--topic"),
            Value("--brokers", "Ids of the brokers that may have replicas, separated by commas."),
            Flag("--current", "Where the topics are now.")),
        Command("execute", "Begins moves.",
            Value("--plan", "The plan, as generate writes it."),
            Flag("--balance", "What generate would propose."),
            Value("--partition", "One partition, as topic:partition; with --replicas."),
            Value("--replicas", "Its brokers, separated by commas, the preferred leader first."),
            Value("--throttle", "Bytes a second that each broker sends and takes at most for what moves.")),
        Command("verify", "Says of each partition of a plan whether it is where it shall be.", a => Value("--plan", "The plan.")(a).IsMandatory(true), Flag("--preserve-throttles", "Leaves the throttle as it is."), Flag("--json", "JSON for scripts.")),
        Command("list", "Shows what moves, and how much is left.", Flag("--json", "JSON for scripts.")),
        Command("cancel", "Stops moves.", Value("--plan", "The plan."), Flag("--all", "Everything that moves.")),
        Command("throttle", "Throttles what moves now, or takes the throttle away.", a => a.WithName("rate").WithDescription("Bytes a second, or off.").WithSwitch("-r").WithSwitch("--rate").IsMandatory(true)),
    ]);

    internal static readonly CommandPalette Broker = new("broker",
    [
        Command("drain", "Moves every replica off a broker, so that it can be stopped for good; the same again shows how far it is.",
            Id("The broker."), Value("--throttle", "Bytes a second that each broker sends and takes at most for what moves."), Flag("--dry-run", "Only says what would move.")),
        Command("undrain", "Lets a broker get partitions again that was to be drained.", Id("The broker.")),
        Command("remove", "Forgets a broker that is stopped for good.", Id("The broker.")),
        Command("restart-check", "Says whether a broker can be stopped now without anybody being refused.",
            Id("The broker."), Flag("--allow-offline", "Partitions that have no other replica may be away meanwhile."), Flag("--json", "JSON for scripts.")),
    ]);

    private static Func<ArgumentDefinitionBuilder, ArgumentDefinitionBuilder> Id(string description)
        => argument => argument.WithName("broker").WithDescription(description).WithSwitch("-i").WithSwitch("--id").IsMandatory(true);

    private static Func<ArgumentDefinitionBuilder, ArgumentDefinitionBuilder> Some(string description)
        => argument => argument.WithName("partition").WithDescription(description).WithSwitch("-p").WithSwitch("--partition");

    private static Func<ArgumentDefinitionBuilder, ArgumentDefinitionBuilder> Path(bool isMandatory)
        => argument => argument.WithName("path").WithDescription("Such as /brokers/ids or /brokers/topics/orders/partitions/0/state.").WithSwitch("-p").WithSwitch("--path").IsMandatory(isMandatory);
}

using Petabridge.Cmd;

namespace AkkaStream.Host.Pbm;

/// <summary>
/// The palettes of a broker: what the verbs of the same names can show. An argument is handed to the verb under its name: one whose name begins with a dash as
/// that option, another one as what stands behind the command.
/// </summary>
internal static partial class BrokerPalettes
{
    internal static readonly CommandPalette Groups = new("groups",
    [
        Command("list", "Lists groups.",
            Value("--state", "Shows states, and only groups in one of these.", "Stable", "Empty", "PreparingRebalance", "CompletingRebalance", "Assigning", "Reconciling", "Dead"),
            Value("--type", "Shows types, and only groups of one of these.", "Classic", "Consumer")),
        Command("describe", "Shows what groups committed, how far they lag, and who belongs to them.",
            a => a.WithName("group").WithDescription("The group; may be repeated.").WithSwitch("-g").WithSwitch("--group"),
            Flag("--all-groups", "Every group."),
            Flag("--members", "Shows members."),
            Flag("--state", "Shows coordinator, assignor and state."),
            Flag("--verbose", "Shows assignments and epochs too.")),
        Command("reset-offsets", "Moves what a group without members committed. Only shows what would be without --execute.",
            Group("The group; may be repeated."),
            Value("--topic", "A topic, or TOPIC:0,1 for some of its partitions; may be repeated."),
            Flag("--all-topics", "Every topic that the group committed."),
            Flag("--execute", "Does it; without this it is only shown."),
            Flag("--export", "Writes CSV."),
            Flag("--to-earliest", "To the oldest record."),
            Flag("--to-latest", "To the end."),
            Flag("--to-current", "To what is committed now."),
            Value("--to-offset", "To this offset."),
            Value("--shift-by", "By so many records, forward or (negative) back."),
            Value("--to-datetime", "To the first record at or after YYYY-MM-DDTHH:mm:SS.sss, UTC where no zone is given."),
            Value("--by-duration", "To the first record not older than a duration such as PT1H.")),
        Command("delete-offsets", "Drops what a group committed for topics that it does not read.", Group("The group."), a => Value("--topic", "The topic; may be repeated.")(a).IsMandatory(true)),
        Command("delete", "Deletes groups without members and what they committed.", a => a.WithName("group").WithDescription("The group; may be repeated.").WithSwitch("-g").WithSwitch("--group").IsMandatory(true)),
    ]);

    internal static readonly CommandPalette Topics = new("topics",
    [
        Command("list", "Lists topics.",
            Flag("--internal", "Internal topics too."),
            Flag("--long", "Shows partitions, replicas, and how many partitions are under-replicated or offline."),
            Flag("--under-replicated", "Only topics with a partition whose replicas are not all in sync."),
            Flag("--unavailable", "Only topics with a partition that nobody leads."),
            Flag("--json", "JSON for scripts.")),
        Command("describe", "Shows partitions, replicas, offsets and configuration of topics.",
            a => a.WithName("topic").WithDescription("The topic; may be repeated. All where none is named.").WithSwitch("-t").WithSwitch("--topic"),
            Flag("--json", "JSON for scripts.")),
    ]);

    internal static readonly CommandPalette Transactions = new("transactions",
    [
        Command("list", "Lists transactional ids.",
            Value("--state", "Only ids in this state; may be repeated.", "Ongoing", "Empty", "PrepareCommit", "PrepareAbort", "CompleteCommit", "CompleteAbort"),
            Value("--producer-id", "Only this producer id; may be repeated."),
            Value("--duration-filter", "Only what has been open for longer, milliseconds."),
            Value("--transactional-id-pattern", "Only ids that this regular expression fits as a whole."),
            Flag("--json", "JSON for scripts.")),
        Command("describe", "Shows state, producer and partitions of a transactional id.",
            a => a.WithName("id").WithDescription("The transactional id.").WithSwitch("-i").WithSwitch("--transactional-id").IsMandatory(true),
            Flag("--json", "JSON for scripts.")),
        Command("describe-producers", "Shows the producers that a partition knows.",
            a => Value("--topic", "The topic.")(a).IsMandatory(true), a => Value("--partition", "The partition.")(a).IsMandatory(true), Flag("--json", "JSON for scripts.")),
        Command("find-hanging", "Finds transactions that are open in a partition and in no coordinator.",
            Value("--topic", "Only this topic."), Value("--max-transaction-timeout", "Minutes that a transaction may be open at most."), Flag("--json", "JSON for scripts.")),
        Command("abort", "Ends a hanging transaction in a partition.",
            a => Value("--topic", "The topic.")(a).IsMandatory(true), a => Value("--partition", "The partition.")(a).IsMandatory(true),
            Value("--start-offset", "Where the transaction begins, as describe-producers tells it."),
            Value("--producer-id", "The producer's id, in place of --start-offset."),
            Value("--producer-epoch", "The producer's epoch."),
            Value("--coordinator-epoch", "The coordinator's epoch.")),
        Command("terminate", "Aborts whatever a transactional id has open, and fences its producer.",
            a => a.WithName("id").WithDescription("The transactional id.").WithSwitch("-i").WithSwitch("--transactional-id").IsMandatory(true)),
    ]);

    private static Func<ArgumentDefinitionBuilder, ArgumentDefinitionBuilder> Group(string description)
        => argument => argument.WithName("--group").WithDescription(description).WithSwitch("-g").WithSwitch("--group").IsMandatory(true);

    private static CommandDefinition Command(string name, string description, params Func<ArgumentDefinitionBuilder, ArgumentDefinitionBuilder>[] arguments)
    {
        var builder = new CommandDefinitionBuilder().WithName(name).WithDescription(description);
        foreach (var argument in arguments) builder.WithArgument(argument);
        return builder.Build();
    }

    private static Func<ArgumentDefinitionBuilder, ArgumentDefinitionBuilder> Value(string name, string description, params string[] suggestions)
        => argument => argument.WithName(name).WithDescription(description).WithSwitch(name).WithDefaultValues(suggestions);

    private static Func<ArgumentDefinitionBuilder, ArgumentDefinitionBuilder> Flag(string name, string description)
        => argument => argument.WithName(name).WithDescription(description).WithSwitch(name);
}

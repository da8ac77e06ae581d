using System.CommandLine;
using System.Globalization;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary><c>groups list|describe|reset-offsets|delete-offsets|delete</c>, in the words of Kafka's own tool.</summary>
internal static class GroupsVerb
{
    private static readonly string[] States = ["Assigning", "CompletingRebalance", "Dead", "Empty", "PreparingRebalance", "Reconciling", "Stable"];
    private static readonly string[] Types = ["Classic", "Consumer"];

    private delegate Task<int> Work(ParseResult parsed, ClientSession session, CancellationToken cancellation);

    internal static Command Create(TextWriter output, TextWriter error, IBrokerTransport? transport = null)
    {
        var bootstrap = ClientSession.BootstrapOption();
        var timeout = ClientSession.TimeoutOption();
        var groups = new Command("groups", "List groups, look into them, move what they committed, delete them.") { bootstrap, timeout };

        void Add(Command command, Work work)
        {
            command.SetAction((parsed, cancellation) => ClientSession.Run(parsed.GetValue(bootstrap)!, parsed.GetValue(timeout), error, (session, token) => work(parsed, session, token), cancellation, transport));
            groups.Subcommands.Add(command);
        }

        AddList(Add, output);
        AddDescribe(Add, output, error);
        AddReset(Add, output, error);
        AddDeleteOffsets(Add, output, error);
        AddDelete(Add, output, error);
        return groups;
    }

    private static void AddList(Action<Command, Work> add, TextWriter output)
    {
        var state = new Option<string>("--state") { Description = "Show states; with a list of states only groups in one of them.", Arity = ArgumentArity.ZeroOrOne };
        var type = new Option<string>("--type") { Description = "Show types; with a list of types only groups of one of them.", Arity = ArgumentArity.ZeroOrOne };
        add(new Command("list", "List groups.") { state, type }, async (parsed, session, cancellation) =>
        {
            var states = Named(parsed.GetValue(state), States, "state");
            var types = Named(parsed.GetValue(type), Types, "type");
            var found = await session.Admin.ListGroupsAsync(states, types, cancellation);
            var (withState, withType) = (parsed.GetResult(state) is not null, parsed.GetResult(type) is not null);
            var width = found.Select(g => g.Id.Length).Append(15).Max() + 10;
            if (withState || withType) output.WriteLine(string.Join(' ', Cells("GROUP".PadRight(width), withType ? "TYPE" : null, withState ? "STATE" : null)));
            foreach (var group in found)
            {
                if (withState || withType) output.WriteLine(string.Join(' ', Cells(group.Id.PadRight(width), withType ? Capital(group.Type) : null, withState ? group.State : null)));
                else output.WriteLine(group.Id);
            }

            return VerbProgram.Done;
        });
    }

    private static void AddDescribe(Action<Command, Work> add, TextWriter output, TextWriter error)
    {
        var names = new Argument<string[]>("group") { Description = "Groups.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all-groups") { Description = "Every group." };
        var offsets = new Option<bool>("--offsets") { Description = "Show committed offsets and lag (also without any of these)." };
        var members = new Option<bool>("--members") { Description = "Show members." };
        var state = new Option<bool>("--state") { Description = "Show coordinator, assignor and state." };
        var verbose = new Option<bool>("--verbose") { Description = "Show assignments and epochs too." };
        add(new Command("describe", "Show what groups committed, how far they lag, and who belongs to them.") { names, all, offsets, members, state, verbose }, async (parsed, session, cancellation) =>
        {
            var wanted = parsed.GetValue(names)!.ToList();
            if (parsed.GetValue(all)) wanted = [.. (await session.Admin.ListGroupsAsync([], [], cancellation)).Select(g => g.Id)];
            if (wanted.Count == 0) throw new FormatException("groups describe: name groups, or --all-groups");
            foreach (var name in wanted)
            {
                var view = new GroupView(await session.Admin.DescribeGroupAsync(name, cancellation), parsed.GetValue(verbose));
                if (view.IsEmpty) error.WriteLine($"\nConsumer group '{name}' has no active members.");
                if (parsed.GetValue(members)) view.WriteMembers(output);
                else if (parsed.GetValue(state)) view.WriteState(output);
                else await WriteOffsets(session, name, view, output, cancellation);
            }

            return VerbProgram.Done;
        });
    }

    private static async Task WriteOffsets(ClientSession session, string group, GroupView view, TextWriter output, CancellationToken cancellation)
    {
        var committed = await session.Admin.ListGroupOffsetsAsync(group, cancellation);
        var topics = (await session.Admin.ListTopicsAsync(cancellation)).ToDictionary(t => t.Name, StringComparer.Ordinal);
        var partitions = committed.Keys.Concat(view.Partitions).Distinct()
            .Where(p => topics.TryGetValue(p.Topic, out var topic) && p.Partition < topic.Partitions.Count).ToDictionary(p => p, _ => OffsetSpec.Latest);
        var ends = partitions.Count == 0 ? new Dictionary<TopicPartition, OffsetResult>() : await session.Admin.ListOffsetsAsync(partitions, cancellation: cancellation);
        view.WriteOffsets(output, committed, ends);
    }

    private static void AddReset(Action<Command, Work> add, TextWriter output, TextWriter error)
    {
        var names = new Option<string[]>("--group", "-g") { Description = "The group; may be repeated.", DefaultValueFactory = _ => [] };
        var topics = new Option<string[]>("--topic", "-t") { Description = "A topic, or TOPIC:0,1 for some of its partitions; may be repeated.", DefaultValueFactory = _ => [] };
        var allTopics = new Option<bool>("--all-topics") { Description = "Every topic that the group committed." };
        var execute = new Option<bool>("--execute") { Description = "Do it; without this it is only shown." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show it (also without this)." };
        var export = new Option<bool>("--export") { Description = "Write CSV." };
        var kinds = new ResetKinds();
        var command = new Command("reset-offsets", "Move what a group without members committed. Only shows what would be without --execute.") { names, topics, allTopics, execute, dryRun, export };
        foreach (var option in kinds.Options) command.Options.Add(option);
        add(command, async (parsed, session, cancellation) =>
        {
            var groups = parsed.GetValue(names)!;
            if (groups.Length == 0) throw new FormatException("groups reset-offsets: name a group with --group");
            if (parsed.GetValue(execute) && parsed.GetValue(dryRun)) throw new FormatException("Option [reset-offsets] only accepts one of [execute] and [dry-run]");
            var reset = kinds.Read(parsed, parsed.GetValue(topics)!, parsed.GetValue(allTopics));
            var code = VerbProgram.Done;
            var rows = new List<(string Group, TopicPartition Partition, long Offset)>();
            foreach (var group in groups)
            {
                var state = await StateOf(session, group, cancellation);
                if (state is not ("Empty" or "Dead"))
                {
                    error.WriteLine($"\nError: Assignments can only be reset if the group '{group}' is inactive, but the current state is {state}.");
                    code = VerbProgram.Failed;
                    continue;
                }

                var offsets = await reset.Offsets(session.Admin, group, error, cancellation);
                if (parsed.GetValue(execute) && offsets.Count > 0) await session.Admin.AlterGroupOffsetsAsync(group, offsets, cancellation);
                rows.AddRange(offsets.Select(o => (group, o.Key, o.Value)));
            }

            WriteReset(output, rows, parsed.GetValue(export), groups.Length > 1);
            return code;
        });
    }

    private static void WriteReset(TextWriter output, List<(string Group, TopicPartition Partition, long Offset)> rows, bool export, bool many)
    {
        rows.Sort((a, b) => (string.CompareOrdinal(a.Group, b.Group), string.CompareOrdinal(a.Partition.Topic, b.Partition.Topic), a.Partition.Partition.CompareTo(b.Partition.Partition)) switch
        {
            (not 0 and var g, _, _) => g,
            (_, not 0 and var t, _) => t,
            var (_, _, p) => p,
        });
        if (export)
        {
            foreach (var (group, partition, offset) in rows) output.WriteLine((many ? group + "," : "") + $"{partition.Topic},{partition.Partition},{offset.ToString(CultureInfo.InvariantCulture)}");
            return;
        }

        if (rows.Count == 0) return;
        var width = rows.Max(r => Math.Max(15, r.Group.Length));
        output.WriteLine();
        output.WriteLine($"{"GROUP".PadRight(width)} {"TOPIC",-15} {"PARTITION",-10} NEW-OFFSET");
        foreach (var (group, partition, offset) in rows) output.WriteLine($"{group.PadRight(width)} {partition.Topic,-15} {partition.Partition,-10} {offset.ToString(CultureInfo.InvariantCulture)}");
    }

    private static async Task<string> StateOf(ClientSession session, string group, CancellationToken cancellation)
    {
        try
        {
            return (await session.Admin.DescribeGroupAsync(group, cancellation)).State;
        }
        catch (BrokerException unknown) when (unknown.Code == ErrorCode.GroupIdNotFound)
        {
            return "Dead";
        }
    }

    private static void AddDeleteOffsets(Action<Command, Work> add, TextWriter output, TextWriter error)
    {
        var group = new Option<string>("--group", "-g") { Description = "The group.", Required = true };
        var topics = new Option<string[]>("--topic", "-t") { Description = "A topic, or TOPIC:0,1 for some of its partitions; may be repeated.", Required = true };
        add(new Command("delete-offsets", "Drop what a group committed for topics that it does not read.") { group, topics }, async (parsed, session, cancellation) =>
        {
            var name = parsed.GetValue(group)!;
            var partitions = await ResetPlan.Partitions(session.Admin, parsed.GetValue(topics)!, cancellation);
            var results = await session.Admin.DeleteGroupOffsetsAsync(name, partitions, cancellation);
            var failed = results.Values.Any(r => r != ErrorCode.None);
            if (failed) error.WriteLine("\nError: Encountered some partition level error, see the follow-up details:");
            else output.WriteLine($"Request succeeded for deleting offsets from group {name}.");
            output.WriteLine($"\n{"TOPIC",-15} {"PARTITION",-10} {"STATUS",-15}");
            foreach (var (partition, result) in results.OrderBy(r => r.Key.Topic, StringComparer.Ordinal).ThenBy(r => r.Key.Partition))
            {
                output.WriteLine($"{partition.Topic,-15} {partition.Partition,-10} {(result == ErrorCode.None ? "Successful" : $"Error: {result.Name()}"),-15}");
            }

            return failed ? VerbProgram.Failed : VerbProgram.Done;
        });
    }

    private static void AddDelete(Action<Command, Work> add, TextWriter output, TextWriter error)
    {
        var names = new Argument<string[]>("group") { Description = "Groups without members.", Arity = ArgumentArity.OneOrMore };
        add(new Command("delete", "Delete groups and what they committed.") { names }, async (parsed, session, cancellation) =>
        {
            var deleted = new List<string>();
            var failed = new List<string>();
            foreach (var name in parsed.GetValue(names)!)
            {
                try
                {
                    await session.Admin.DeleteGroupAsync(name, cancellation);
                    deleted.Add($"'{name}'");
                }
                catch (BrokerException refused)
                {
                    failed.Add($"* Group '{name}' could not be deleted due to: {refused.Code.Name()}");
                }
            }

            if (failed.Count == 0)
            {
                output.WriteLine($"Deletion of requested consumer groups ({string.Join(", ", deleted)}) was successful.");
                return VerbProgram.Done;
            }

            error.WriteLine("\nError: Deletion of some consumer groups failed:");
            foreach (var line in failed) error.WriteLine(line);
            if (deleted.Count > 0) output.WriteLine($"\nThese consumer groups were deleted successfully: {string.Join(", ", deleted)}");
            return VerbProgram.Failed;
        });
    }

    private static List<string> Named(string? text, string[] known, string what)
    {
        if (string.IsNullOrEmpty(text)) return [];
        var named = text.Split(',', StringSplitOptions.TrimEntries).Select(n => known.FirstOrDefault(k => k.Equals(n, StringComparison.OrdinalIgnoreCase))).ToList();
        return named.Contains(null) ? throw new FormatException($"Invalid {what}s list '{text}'. Valid {what}s are: {string.Join(", ", known)}") : named.OfType<string>().ToList();
    }

    private static IEnumerable<string> Cells(string first, string? second, string? third)
    {
        yield return first;
        if (second is not null) yield return second.PadRight(20);
        if (third is not null) yield return third.PadRight(20);
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}

using System.CommandLine;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary><c>reassign generate|execute|verify|list|cancel|throttle</c>: where partitions are. Plans are in the JSON of Kafka's tool.</summary>
internal static class ReassignVerb
{
    internal static Command Create(TextWriter output, TextWriter error, IBrokerTransport? transport = null)
    {
        var frame = new VerbFrame("reassign", "Move partitions between brokers: propose, execute, watch, cancel.", output, error, transport);
        AddGenerate(frame);
        AddExecute(frame);
        AddVerify(frame);
        AddList(frame);
        AddCancel(frame);
        AddThrottle(frame);
        return frame.Command;
    }

    private static void AddGenerate(VerbFrame frame)
    {
        var topics = new Argument<string[]>("topic") { Description = "Topics to spread; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
        var file = new Option<string>("--file", "-f") { Description = "Topics to spread, in the JSON of Kafka's tool." };
        var brokers = new Option<string>("--brokers") { Description = "Ids of the brokers that may have replicas, separated by commas; all that are there where it is left out." };
        var present = new Option<bool>("--current") { Description = "Write where the topics are now: what brings them back." };
        frame.Add(new Command("generate", "Propose where partitions shall be: racks apart, replicas and leaders spread, as few moves as can be. Nothing is changed.") { topics, file, brokers, present }, async (parsed, session, cancellation) =>
        {
            var picture = await ClusterPicture.Read(session, cancellation);
            await picture.ReadSizes(session, cancellation);
            var names = (parsed.GetValue(file) is { } path ? ReassignmentFile.ParseTopics(await File.ReadAllTextAsync(path, cancellation)) : [.. parsed.GetValue(topics)!]).ToHashSet(StringComparer.Ordinal);
            picture.CheckTopics(names);
            if (parsed.GetValue(present))
            {
                TopicsVerb.WriteJson(frame.Output, json => ReassignmentFile.Write(json, picture.Partitions.Where(p => names.Count == 0 || names.Contains(p.Topic.Name)).Select(p => KeyValuePair.Create(new TopicPartition(p.Topic.Name, p.Partition.Index), p.Partition.Replicas))));
                return VerbProgram.Done;
            }

            var moves = PlanOf(picture, BrokersOf(parsed.GetValue(brokers), picture), names);
            TopicsVerb.WriteJson(frame.Output, json => ReassignmentFile.Write(json, moves.Select(m => KeyValuePair.Create(new TopicPartition(m.Topic, m.Partition), m.Target))));
            var bytes = moves.Sum(m => m.Target.Except(m.Now).Sum(_ => picture.Find(new TopicPartition(m.Topic, m.Partition)) is var (_, p) ? picture.SizeOf(new TopicPartition(m.Topic, m.Partition), p.Leader) ?? 0 : 0));
            frame.Error.WriteLine(moves.Count == 0 ? "nothing to move: replicas and leaders are spread already" : $"{moves.Count} partition(s) would change, {moves.Sum(m => m.Target.Except(m.Now).Count())} replica(s) with {new ByteCount(bytes)} would move; `reassign execute --file` does it, and `reassign generate --current` before it writes what brings all back");
            return VerbProgram.Done;
        });
    }

    private static void AddExecute(VerbFrame frame)
    {
        var (file, plan) = PlanOptions();
        var balance = new Option<bool>("--balance") { Description = "What `reassign generate` would propose." };
        var partition = new Option<string>("--partition", "-p") { Description = "One partition, as topic:partition; with --replicas." };
        var replicas = new Option<string>("--replicas", "-r") { Description = "Its brokers, separated by commas, the preferred leader first." };
        var throttle = new Option<long?>("--throttle") { Description = "Bytes a second that each broker sends and takes at most for what moves; `verify` takes it away again." };
        var wait = new Option<bool>("--wait", "-w") { Description = "Show how far it is until it is done, and take the throttle away." };
        frame.Add(new Command("execute", "Begin moves. Partitions are served all the while; a second plan takes the place of the first.") { file, plan, balance, partition, replicas, throttle, wait }, async (parsed, session, cancellation) =>
        {
            var picture = await ClusterPicture.Read(session, cancellation);
            await picture.ReadSizes(session, cancellation);
            if (parsed.GetValue(throttle) is <= 0 and var wrong) throw new FormatException($"--throttle {wrong}: expected bytes a second, above 0");
            Dictionary<TopicPartition, IReadOnlyList<int>> targets;
            if (parsed.GetValue(balance)) targets = PlanOf(picture, BrokersOf(null, picture), []).ToDictionary(m => new TopicPartition(m.Topic, m.Partition), m => m.Target);
            else if (parsed.GetValue(partition) is { } name) targets = ElectVerb.PartitionsOf([name], picture.Topics).ToDictionary(p => p, _ => (IReadOnlyList<int>)Numbers(parsed.GetValue(replicas) ?? throw new FormatException("--partition: say with --replicas where it shall be"), "--replicas"));
            else targets = await ReadPlan(parsed, file, plan, cancellation);
            return await Execute(frame, session, picture, targets, parsed.GetValue(throttle), parsed.GetValue(wait) && !frame.IsPalette, cancellation);
        });
    }

    /// <summary>Begins moves, and waits for them if asked to.</summary>
    internal static async Task<int> Execute(VerbFrame frame, ClientSession session, ClusterPicture picture, Dictionary<TopicPartition, IReadOnlyList<int>> targets, long? throttle, bool waits, CancellationToken cancellation)
    {
        if (targets.Count == 0)
        {
            frame.Output.WriteLine("nothing to do: all is where it shall be");
            return VerbProgram.Done;
        }

        if (throttle is { } rate)
        {
            var known = targets.Select(t => (t.Key, picture.SettledReplicasOf(t.Key), t.Value)).ToList();
            await MoveThrottle.Set(session, known, rate, cancellation);
        }

        var failed = 0;
        foreach (var some in targets.Chunk(Limits.MovesAtOnce))
        {
            foreach (var result in await session.Admin.ReassignAsync(some.ToDictionary(t => t.Key, t => (IReadOnlyList<int>?)t.Value), cancellation: cancellation))
            {
                if (result.Error == ErrorCode.None) continue;
                failed++;
                frame.Error.WriteLine($"{result.Partition}: {result.Message} ({result.Error.Name()})");
            }
        }

        if (failed == targets.Count) return VerbProgram.Failed;
        frame.Output.WriteLine($"{targets.Count - failed} partition(s) move{(throttle is null ? "" : $", with at most {new ByteCount(throttle.Value)}/s a broker")}{(waits ? "" : "; `reassign list` shows how far they are")}");
        if (!waits) return failed == 0 ? VerbProgram.Done : VerbProgram.Failed;
        var after = await new MoveProgress(frame.Error).Wait(session, targets.ContainsKey, cancellation);
        if (throttle is not null && after.Moving.Count == 0) await MoveThrottle.Clear(session, after, targets.Keys.Select(p => p.Topic), cancellation);
        frame.Output.WriteLine("done");
        return failed == 0 ? VerbProgram.Done : VerbProgram.Failed;
    }

    private static void AddVerify(VerbFrame frame)
    {
        var (file, plan) = PlanOptions();
        var keep = new Option<bool>("--preserve-throttles") { Description = "Leave the throttle as it is." };
        frame.Add(new Command("verify", "Say of each partition of a plan whether it is where it shall be; where nothing moves any more, take the throttle away.") { file, plan, keep }, async (parsed, session, cancellation) =>
        {
            var targets = await ReadPlan(parsed, file, plan, cancellation);
            var picture = await ClusterPicture.Read(session, cancellation);
            var table = new RowTable("PARTITION", "STATE", "REPLICAS", "TARGET");
            var isDone = true;
            foreach (var (name, target) in targets.OrderBy(t => t.Key.Topic, StringComparer.Ordinal).ThenBy(t => t.Key.Partition))
            {
                var now = picture.Find(name)?.Partition.Replicas;
                var state = now is null ? "not there" : picture.Moving.Any(m => m.Partition == name) ? "moving" : now.SequenceEqual(target) ? "done" : "elsewhere, and does not move";
                isDone &= state == "done";
                table.Add(name.ToString(), state, now ?? [], target);
            }

            var code = frame.Show(parsed, table);
            if (!parsed.GetValue(keep) && picture.Moving.Count == 0 && await MoveThrottle.Clear(session, picture, targets.Keys.Select(p => p.Topic), cancellation) && !frame.IsJson(parsed)) frame.Output.WriteLine("the throttle is taken away");
            return isDone ? code : VerbProgram.Failed;
        });
    }

    private static void AddList(VerbFrame frame)
    {
        var wait = new Option<bool>("--wait", "-w") { Description = "Show how far all is until it is done." };
        frame.Add(new Command("list", "Show what moves, and how much is left.") { wait }, async (parsed, session, cancellation) =>
        {
            if (parsed.GetValue(wait) && !frame.IsPalette)
            {
                await new MoveProgress(frame.Error).Wait(session, _ => true, cancellation);
                return VerbProgram.Done;
            }

            var picture = await ClusterPicture.Read(session, cancellation);
            await picture.ReadSizes(session, cancellation);
            var table = new RowTable("TOPIC", "PARTITION", "REPLICAS", "ADDING", "REMOVING", "LEFT");
            foreach (var move in picture.Moving) table.Add(move.Partition.Topic, move.Partition.Partition, move.Replicas, move.Adding, move.Removing, new ByteCount(MoveProgress.LeftOf(picture, [move.Partition])));
            if (table.Count > 0 || frame.IsJson(parsed)) return frame.Show(parsed, table);
            frame.Output.WriteLine("nothing moves");
            return VerbProgram.Done;
        });
    }

    private static void AddCancel(VerbFrame frame)
    {
        var (file, plan) = PlanOptions();
        var all = new Option<bool>("--all") { Description = "Everything that moves." };
        frame.Add(new Command("cancel", "Stop moves: partitions stay where they were before.") { file, plan, all }, async (parsed, session, cancellation) =>
        {
            var picture = await ClusterPicture.Read(session, cancellation);
            var wanted = parsed.GetValue(all) ? null : (await ReadPlan(parsed, file, plan, cancellation)).Keys.ToHashSet();
            var moving = picture.Moving.Select(m => m.Partition).Where(p => wanted?.Contains(p) != false).ToList();
            if (moving.Count == 0)
            {
                frame.Output.WriteLine("nothing to cancel: none of them moves");
                return VerbProgram.Done;
            }

            var results = await session.Admin.ReassignAsync(moving.ToDictionary(p => p, _ => (IReadOnlyList<int>?)null), cancellation: cancellation);
            foreach (var result in results.Where(r => r.Error != ErrorCode.None)) frame.Error.WriteLine($"{result.Partition}: {result.Message} ({result.Error.Name()})");
            frame.Output.WriteLine($"{results.Count(r => r.Error == ErrorCode.None)} move(s) stopped");
            if (picture.Moving.Count == moving.Count && results.All(r => r.Error == ErrorCode.None)) await MoveThrottle.Clear(session, picture, moving.Select(p => p.Topic), cancellation);
            return results.All(r => r.Error == ErrorCode.None) ? VerbProgram.Done : VerbProgram.Failed;
        });
    }

    private static void AddThrottle(VerbFrame frame)
    {
        var rate = new Argument<string>("rate") { Description = "Bytes a second, or off." };
        frame.Add(new Command("throttle", "Throttle what moves now, or take the throttle away.") { rate }, async (parsed, session, cancellation) =>
        {
            var picture = await ClusterPicture.Read(session, cancellation);
            if (parsed.GetValue(rate) == "off")
            {
                await MoveThrottle.Clear(session, picture, picture.Topics.Select(t => t.Name), cancellation);
                frame.Output.WriteLine("nothing is throttled any more");
                return VerbProgram.Done;
            }

            if (!long.TryParse(parsed.GetValue(rate), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var bytes) || bytes == 0) throw new FormatException($"{parsed.GetValue(rate)}: expected bytes a second, or off");
            await MoveThrottle.Set(session, picture.Moving.Select(m => (m.Partition, (IReadOnlyList<int>)m.Replicas.Except(m.Adding).ToList(), (IReadOnlyList<int>)m.Replicas.Except(m.Removing).ToList())).ToList(), bytes, cancellation);
            frame.Output.WriteLine(picture.Moving.Count == 0 ? "nothing moves" : $"{picture.Moving.Count} partition(s) move with at most {new ByteCount(bytes)}/s a broker");
            return VerbProgram.Done;
        });
    }

    private static IReadOnlyList<PartitionMove> PlanOf(ClusterPicture picture, IReadOnlyCollection<int> brokers, HashSet<string> topics)
    {
        try
        {
            return BalancePlan.Of(picture.ToContext(), brokers, name => topics.Count == 0 || topics.Contains(name));
        }
        catch (ArgumentException fault)
        {
            throw new FormatException(fault.Message, fault);
        }
    }

    private static IReadOnlyCollection<int> BrokersOf(string? text, ClusterPicture picture)
    {
        if (text is null) return picture.Brokers.Where(picture.TakesPartitions).Select(b => b.Id).ToList();
        var brokers = Numbers(text, "--brokers");
        var strange = brokers.Where(id => picture.Brokers.All(b => b.Id != id)).ToList();
        return strange.Count == 0 ? brokers : throw new FormatException($"--brokers {text}: there is no broker {strange[0]}; `brokers` shows those there are");
    }

    private static List<int> Numbers(string text, string option)
    {
        var parts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var numbers = parts.Where(p => int.TryParse(p, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out _)).Select(p => int.Parse(p, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        if (parts.Length == 0 || numbers.Count != parts.Length) throw new FormatException($"{option} {text}: expected ids of brokers separated by commas, such as 1,2,3");
        return numbers.Distinct().Count() == numbers.Count ? numbers : throw new FormatException($"{option} {text}: a broker stands there twice");
    }

    private static (Option<string> File, Option<string> Plan) PlanOptions() => (
        new Option<string>("--file", "-f", "--reassignment-json-file") { Description = "A plan, as `reassign generate` or Kafka's tool writes it." },
        new Option<string>("--plan") { Description = "The plan itself, in place of a file." });

    private static async Task<Dictionary<TopicPartition, IReadOnlyList<int>>> ReadPlan(ParseResult parsed, Option<string> file, Option<string> plan, CancellationToken cancellation)
    {
        if (parsed.GetValue(plan) is { } text) return ReassignmentFile.Parse(text);
        return ReassignmentFile.Parse(await File.ReadAllTextAsync(parsed.GetValue(file) ?? throw new FormatException("say which with --file or --plan"), cancellation));
    }
}

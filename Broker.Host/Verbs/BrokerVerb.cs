using System.CommandLine;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary><c>broker drain|undrain|remove|restart-check ID</c>: a broker's way out of its cluster, and out and in again.</summary>
internal static class BrokerVerb
{
    private const string Cordon = "cordoned.log.dirs";

    /// <summary>The verbs behind <c>broker</c>; alone, that word starts one.</summary>
    internal static Command Create(TextWriter output, TextWriter error, IBrokerTransport? transport = null)
    {
        var frame = new VerbFrame("broker", "Start a broker (also without any verb); or take one of a cluster away for good, or for a restart.", output, error, transport);
        AddDrain(frame);
        AddUndrain(frame);
        AddRemove(frame);
        RestartCheck.AddTo(frame);
        return frame.Command;
    }

    /// <summary>The argument that names a broker.</summary>
    internal static Argument<int> IdArgument() => new("id") { Description = "The broker's id." };

    /// <summary>The broker of that id.</summary>
    /// <exception cref="BrokerException">There is none.</exception>
    internal static ClusterBroker Known(ClusterPicture picture, int id)
        => picture.Brokers.FirstOrDefault(b => b.Id == id) ?? throw new BrokerException(ErrorCode.BrokerIdNotRegistered, $"broker {id}", $"there is no such broker here: there are {string.Join(", ", picture.Brokers.Select(b => b.Id))}");

    private static void AddDrain(VerbFrame frame)
    {
        var id = IdArgument();
        var throttle = new Option<long?>("--throttle") { Description = "Bytes a second that each broker sends and takes at most for what moves." };
        var noWait = new Option<bool>("--no-wait") { Description = "Only begin, or go on; the same again shows how far it is." };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would move." };
        frame.Add(new Command("drain", "Move every replica off a broker, so that it can be stopped for good. Broken off, it goes on; the same again waits for the rest.") { id, throttle, noWait, dryRun }, async (parsed, session, cancellation) =>
        {
            var broker = parsed.GetValue(id);
            var picture = await ClusterPicture.Read(session, cancellation);
            await picture.ReadSizes(session, cancellation);
            Known(picture, broker);
            if (parsed.GetValue(dryRun)) return Stuck(frame, picture, broker, out var preview) ? VerbProgram.Failed : Preview(frame, parsed, picture, preview);
            if (Stuck(frame, picture, broker, out _)) return VerbProgram.Failed;
            await SetCordon(frame, session, picture, broker, cancellation);
            try
            {
                return await Drain(frame, session, broker, parsed.GetValue(throttle), waits: !parsed.GetValue(noWait) && !frame.IsPalette, cancellation);
            }
            catch (OperationCanceledException)
            {
                frame.Error.WriteLine($"\nthe moves go on; `broker drain {broker}` shows how far they are, `reassign cancel --all` and `broker undrain {broker}` stop them");
                return VerbProgram.Failed;
            }
        });
    }

    // Again until nothing is left: a topic may have been placed there before the controller heard that none shall be.
    private static async Task<int> Drain(VerbFrame frame, ClientSession session, int broker, long? throttle, bool waits, CancellationToken cancellation)
    {
        while (true)
        {
            var picture = await ClusterPicture.Read(session, cancellation);
            await picture.ReadSizes(session, cancellation);
            if (Stuck(frame, picture, broker, out var plan)) return VerbProgram.Failed;
            var code = plan.Count == 0 ? VerbProgram.Done : await ReassignVerb.Execute(frame, session, picture, plan, throttle, waits: false, cancellation);
            if (code != VerbProgram.Done) return code;
            if (!waits) return await Tell(frame, session, broker, throttle is not null, cancellation);
            var held = HeldBy(picture, broker).ToHashSet();
            if (held.Count == 0) return await Tell(frame, session, broker, throttle is not null, cancellation);
            await new MoveProgress(frame.Error).Wait(session, held.Contains, cancellation);
        }
    }

    private static bool Stuck(VerbFrame frame, ClusterPicture picture, int broker, out Dictionary<TopicPartition, IReadOnlyList<int>> plan)
    {
        plan = PlanOf(picture, broker, out var stuck);
        if (stuck.Count == 0) return false;
        var others = picture.Brokers.Count(b => b.Id != broker && picture.TakesPartitions(b));
        frame.Error.WriteLine($"broker {broker} cannot be drained: for {stuck.Count} partition(s), such as {stuck[0]} with {picture.Find(stuck[0])?.Partition.Replicas.Count} replicas, none of the {others} other broker(s) that are there is left. Start another broker, or give them fewer replicas with `reassign execute --partition {stuck[0].Topic}:{stuck[0].Partition} --replicas`");
        return true;
    }

    private static Dictionary<TopicPartition, IReadOnlyList<int>> PlanOf(ClusterPicture picture, int broker, out List<TopicPartition> stuck)
    {
        var none = new List<(string Topic, int Partition)>();
        var request = Decommission.Plan(picture.ToContext(), broker, none);
        var plan = request.Topics.SelectMany(t => t.Partitions.Select(p => KeyValuePair.Create(new TopicPartition(t.Name, p.PartitionIndex), (IReadOnlyList<int>)p.Replicas!))).ToDictionary();
        // A replica on a broker that is away would never come into sync, and the move never end.
        var away = plan.Where(p => p.Value.Except(picture.SettledReplicasOf(p.Key)).Any(b => !picture.There.Contains(b))).Select(p => p.Key).ToList();
        stuck = [.. none.Select(n => new TopicPartition(n.Topic, n.Partition)), .. away];
        return plan;
    }

    private static int Preview(VerbFrame frame, ParseResult parsed, ClusterPicture picture, Dictionary<TopicPartition, IReadOnlyList<int>> plan)
    {
        var table = new RowTable("PARTITION", "REPLICAS", "TARGET", "SIZE");
        foreach (var (name, target) in plan.OrderBy(p => p.Key.Topic, StringComparer.Ordinal).ThenBy(p => p.Key.Partition))
        {
            var partition = picture.Find(name)!.Value.Partition;
            table.Add(name.ToString(), partition.Replicas, target, picture.SizeOf(name, partition.Leader) is { } size ? new ByteCount(size) : null);
        }

        return frame.Show(parsed, table);
    }

    // Or the next topic would be placed there while the others leave.
    private static async Task SetCordon(VerbFrame frame, ClientSession session, ClusterPicture picture, int broker, CancellationToken cancellation)
    {
        if (picture.IsCordoned(broker) || !picture.There.Contains(broker)) return;
        try
        {
            await session.Admin.AlterConfigsAsync(ConfigResource.OfBroker(broker), new Dictionary<string, string> { [Cordon] = "*" }, [], cancellation);
        }
        catch (BrokerException fault)
        {
            frame.Error.WriteLine($"new partitions may still come to broker {broker}: {fault.Message}");
        }
    }

    private static async Task<int> Tell(VerbFrame frame, ClientSession session, int broker, bool isThrottled, CancellationToken cancellation)
    {
        var picture = await ClusterPicture.Read(session, cancellation);
        var held = HeldBy(picture, broker);
        if (held.Count > 0)
        {
            await picture.ReadSizes(session, cancellation);
            frame.Output.WriteLine($"broker {broker} still has {held.Count} replica(s); {new ByteCount(MoveProgress.LeftOf(picture, held))} are to be copied before they can go. `broker drain {broker}` shows how far it is");
            return VerbProgram.Done;
        }

        if (isThrottled && picture.Moving.Count == 0) await MoveThrottle.Clear(session, picture, picture.Topics.Select(t => t.Name), cancellation);
        var votes = (await session.Admin.DescribeQuorumAsync(cancellation)).Voters.Any(v => v.Id == broker);
        frame.Output.WriteLine($"broker {broker} has nothing any more and gets nothing new. {(votes ? $"It still votes on the controller: take its vote away with `controller remove-voter {broker}`. Then stop it" : "Stop it")} for good, and have the cluster forget it with `broker remove {broker}`");
        return VerbProgram.Done;
    }

    private static List<TopicPartition> HeldBy(ClusterPicture picture, int broker)
        => picture.Partitions.Where(p => p.Partition.Replicas.Contains(broker)).Select(p => new TopicPartition(p.Topic.Name, p.Partition.Index)).ToList();

    private static void AddUndrain(VerbFrame frame)
    {
        var id = IdArgument();
        frame.Add(new Command("undrain", "Let a broker get partitions again that was to be drained. What is gone stays where it is.") { id }, async (parsed, session, cancellation) =>
        {
            var broker = parsed.GetValue(id);
            var picture = await ClusterPicture.Read(session, cancellation);
            Known(picture, broker);
            await session.Admin.AlterConfigsAsync(ConfigResource.OfBroker(broker), new Dictionary<string, string>(), [Cordon], cancellation);
            var moving = picture.Moving.Count(m => m.Removing.Contains(broker));
            frame.Output.WriteLine($"broker {broker} gets partitions again; {(moving > 0 ? $"{moving} still leave it: `reassign cancel --all` stops that" : "`reassign execute --balance` brings it some")}");
            return VerbProgram.Done;
        });
    }

    private static void AddRemove(VerbFrame frame)
    {
        var id = IdArgument();
        frame.Add(new Command("remove", "Forget a broker that is stopped for good.") { id }, async (parsed, session, cancellation) =>
        {
            var broker = parsed.GetValue(id);
            var picture = await ClusterPicture.Read(session, cancellation);
            Known(picture, broker);
            var held = HeldBy(picture, broker);
            if (held.Count > 0) throw new BrokerException(ErrorCode.InvalidRequest, $"broker {broker}", $"{held.Count} partition(s) have a replica there, such as {held[0]}: `broker drain {broker}` moves them, also while it is stopped");
            if ((await session.Admin.DescribeQuorumAsync(cancellation)).Voters.Any(v => v.Id == broker)) throw new BrokerException(ErrorCode.InvalidRequest, $"broker {broker}", $"it votes on the controller: take its vote away first with `controller remove-voter {broker}`");
            await session.Admin.UnregisterBrokerAsync(broker, cancellation);
            frame.Output.WriteLine($"broker {broker} is forgotten");
            return VerbProgram.Done;
        });
    }
}

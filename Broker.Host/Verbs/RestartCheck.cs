using System.CommandLine;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;

namespace AkkaStream.Host.Verbs;

/// <summary><c>broker restart-check ID</c>: whether a broker can be stopped now without anybody being refused, for restarts one after the other.</summary>
internal static class RestartCheck
{
    private const int Shown = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Adds the command.</summary>
    internal static void AddTo(VerbFrame frame)
    {
        var id = BrokerVerb.IdArgument();
        var wait = new Option<bool>("--wait", "-w") { Description = "Wait until it can be." };
        var offline = new Option<bool>("--allow-offline") { Description = "Partitions that have no other replica may be away meanwhile." };
        frame.Add(new Command("restart-check", "Say whether a broker can be stopped now: all replicas in sync, min.insync.replicas held and every partition led without it, a majority of the controller's voters left. Exit code 0 where it can, 1 where it cannot.") { id, wait, offline }, async (parsed, session, cancellation) =>
        {
            var (broker, last) = (parsed.GetValue(id), "");
            while (true)
            {
                var found = await session.Cluster.RetryAsync("looking at the cluster", async token => await Look(session, broker, parsed.GetValue(offline), token), cancellation);
                var waits = parsed.GetValue(wait) && !frame.IsPalette && found.Count > 0;
                if (!waits) return Tell(frame, parsed, broker, found);
                var line = $"not yet: {found[0].What}{(found.Count > 1 ? $", and {found.Count - 1} more" : "")}";
                if (line != last) frame.Error.WriteLine(line);
                last = line;
                await Task.Delay(Interval, cancellation);
            }
        });
    }

    private static int Tell(VerbFrame frame, ParseResult parsed, int broker, List<Obstacle> found)
    {
        if (frame.IsJson(parsed))
        {
            var table = new RowTable("KIND", "WHAT");
            foreach (var one in found) table.Add(one.Kind, one.What);
            TopicsVerb.WriteJson(frame.Output, table.WriteJson);
        }
        else if (found.Count == 0)
        {
            frame.Output.WriteLine($"broker {broker} can be stopped now");
        }
        else
        {
            frame.Error.WriteLine($"broker {broker} should not be stopped now:");
            foreach (var kind in found.GroupBy(o => o.Kind))
            {
                foreach (var one in kind.Take(Shown)) frame.Error.WriteLine("  " + one.What);
                if (kind.Count() > Shown) frame.Error.WriteLine($"  and {kind.Count() - Shown} more such partitions");
            }
        }

        return found.Count == 0 ? VerbProgram.Done : VerbProgram.Failed;
    }

    private static async ValueTask<List<Obstacle>> Look(ClientSession session, int broker, bool mayBeOffline, CancellationToken cancellation)
    {
        var picture = await ClusterPicture.Read(session, cancellation);
        BrokerVerb.Known(picture, broker);
        await picture.ReadLeastInSync(session, cancellation);
        var found = new List<Obstacle>();
        foreach (var (topic, partition) in picture.Partitions) Judge(picture, topic, partition, broker, mayBeOffline, found);
        Judge(await session.Admin.DescribeQuorumAsync(cancellation), broker, picture, found);
        // What would happen at the stop comes before what is not well anyway.
        return [.. found.OrderBy(o => o.Kind == "under-replicated")];
    }

    private static void Judge(ClusterPicture picture, TopicMetadata topic, PartitionMetadata partition, int broker, bool mayBeOffline, List<Obstacle> found)
    {
        var name = $"{topic.Name}-{partition.Index}";
        var left = partition.InSync.Count(b => b != broker && picture.There.Contains(b));
        var least = picture.LeastInSync(topic, partition);
        var isAlone = partition.Replicas.Count == 1 && partition.Replicas[0] == broker;
        if (isAlone && mayBeOffline) return;
        if (partition.Replicas.Contains(broker) && left == 0) found.Add(new("offline", $"{name}: nobody else is in sync, and nobody would lead it{(isAlone ? "; it has no other replica (--allow-offline, or give it more with `reassign`)" : "")}"));
        else if (partition.Replicas.Contains(broker) && left < least) found.Add(new("min-insync", $"{name}: {left} replica(s) would be in sync and min.insync.replicas is {least}: acks=all would be refused"));
        else if (partition.InSync.Count < partition.Replicas.Count && partition.Replicas.Any(b => b != broker && !partition.InSync.Contains(b))) found.Add(new("under-replicated", $"{name}: broker {string.Join(", ", partition.Replicas.Where(b => b != broker && !partition.InSync.Contains(b)))} is not in sync yet"));
    }

    private static void Judge(QuorumInfo quorum, int broker, ClusterPicture picture, List<Obstacle> found)
    {
        if (quorum.Voters.All(v => v.Id != broker)) return;
        var majority = (quorum.Voters.Count / 2) + 1;
        var left = quorum.Voters.Count(v => v.Id != broker && picture.There.Contains(v.Id) && v.End >= quorum.Committed);
        if (left < majority) found.Add(new("quorum", $"the controller: {left} of {quorum.Voters.Count} voters would be left that are there and have all of its journal, and {majority} are needed"));
    }

    private sealed record Obstacle(string Kind, string What);
}

using System.Globalization;
using AkkaStream.Client.Cluster;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AkkaStream.Host.Cluster;

/// <summary>A cluster as a table: its brokers, and who leads what.</summary>
internal static class ClusterTable
{
    // Borders, headers and the lines below.
    private const int OtherRows = 4 + 4 + 5;
    private const int FewestRows = 4;

    /// <summary>The table of one look, no higher than the terminal: what does not fit is shown topic by topic, and then counted.</summary>
    /// <param name="watch">What was seen.</param>
    /// <param name="options">What the cluster is made of.</param>
    /// <param name="height">Rows of the terminal.</param>
    internal static IRenderable Of(ClusterWatch watch, LocalClusterOptions options, int height)
    {
        var first = watch.Brokers[0].Address;
        return new Rows(
            BrokersOf(watch),
            PartitionsOf(watch, Math.Max(FewestRows, height - watch.Brokers.Count - OtherRows)),
            new Markup($"[grey]data and logs in {Markup.Escape(options.Data)}; Ctrl-C stops all[/]"),
            new Markup($"[grey]try it: seq 1 100000 | kcat -P -b {first} -t first; kill -9 a pid of the table; kcat -C -b {Markup.Escape(options.Bootstrap)} -t first -e | wc -l[/]"));
    }

    private static Table BrokersOf(ClusterWatch watch)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("broker", "address", "pid", "state", "leads", "in sync");
        foreach (var broker in watch.Brokers)
        {
            var state = watch.StateOf(broker);
            var replicas = watch.Partitions.Count(p => p.Replicas.Contains(broker.Id));
            var inSync = watch.Partitions.Count(p => p.InSync.Contains(broker.Id));
            table.AddRow(
                new Text(Number(broker.Id)),
                new Text(broker.Address),
                new Text(broker.IsRunning ? Number(broker.Process!.Id) : "-"),
                new Markup(state == "up" ? "[green]up[/]" : state is "starting" or "joining" ? $"[yellow]{state}[/]" : $"[red]{state}[/]"),
                new Text(Number(watch.Partitions.Count(p => p.Leader == broker.Id))),
                new Text($"{Number(inSync)} of {Number(replicas)}"));
        }

        return table;
    }

    private static Table PartitionsOf(ClusterWatch watch, int rows)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("partition", "leader", "replicas", "in sync");
        var left = rows;
        for (var i = 0; i < watch.Topics.Count; i++)
        {
            var topic = watch.Topics[i];
            var behind = watch.Topics.Count - i - 1;
            if (left <= 1 && behind > 0)
            {
                AddRest(table, watch.Topics.Skip(i).ToList());
                break;
            }

            if (topic.IsInternal || topic.Partitions.Count > left - behind)
            {
                AddTopic(table, topic);
                left--;
                continue;
            }

            left -= topic.Partitions.Count;
            foreach (var partition in topic.Partitions.OrderBy(p => p.Index)) AddRow(table, topic, partition);
        }

        return table;
    }

    private static void AddTopic(Table table, TopicMetadata topic)
    {
        var leaders = string.Join(", ", topic.Partitions.GroupBy(p => p.Leader).OrderBy(g => g.Key).Select(g => $"{NameOf(g.Key)}: {Number(g.Count())}"));
        table.AddRow(new Text($"{topic.Name} ({Number(topic.Partitions.Count)})"), new Text(leaders), new Text(""), InSync(topic.Partitions));
    }

    private static void AddRest(Table table, List<TopicMetadata> topics)
    {
        var partitions = topics.SelectMany(t => t.Partitions).ToList();
        table.AddRow(new Text($"and {Number(topics.Count)} more topics ({Number(partitions.Count)})"), new Text(""), new Text(""), InSync(partitions));
    }

    private static Markup InSync(IReadOnlyList<PartitionMetadata> partitions)
    {
        var (behind, alone) = (partitions.Count(p => p.InSync.Count < p.Replicas.Count), partitions.Count(p => p.Leader < 0));
        if (alone > 0) return new Markup($"[red]{Number(alone)} without a leader[/]");
        return behind == 0 ? new Markup("[green]all[/]") : new Markup($"[yellow]{Number(behind)} behind[/]");
    }

    private static void AddRow(Table table, TopicMetadata topic, PartitionMetadata partition)
    {
        var inSync = string.Join(", ", partition.InSync.Order().Select(Number));
        table.AddRow(
            new Text($"{topic.Name}-{Number(partition.Index)}"),
            partition.Leader < 0 ? new Markup("[red]none[/]") : new Text(Number(partition.Leader)),
            new Text(string.Join(", ", partition.Replicas.Select(Number))),
            partition.InSync.Count < partition.Replicas.Count ? new Markup($"[yellow]{inSync}[/]") : new Text(inSync));
    }

    private static string NameOf(int broker) => broker < 0 ? "none" : Number(broker);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

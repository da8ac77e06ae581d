using System.Globalization;
using AkkaStream.Client.Cluster;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AkkaStream.Host.Cluster;

/// <summary>A cluster as a table: its brokers, and who leads what.</summary>
internal static class ClusterTable
{
    private const int MostPartitions = 24;

    /// <summary>The table of one look.</summary>
    internal static IRenderable Of(ClusterWatch watch, LocalClusterOptions options)
    {
        var first = watch.Brokers[0].Address;
        return new Rows(
            BrokersOf(watch),
            PartitionsOf(watch),
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
                new Markup(state == "up" ? "[green]up[/]" : $"[red]{state}[/]"),
                new Text(Number(watch.Partitions.Count(p => p.Leader == broker.Id))),
                new Text($"{Number(inSync)} of {Number(replicas)}"));
        }

        return table;
    }

    private static Table PartitionsOf(ClusterWatch watch)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("partition", "leader", "replicas", "in sync");
        var left = MostPartitions;
        foreach (var topic in watch.Topics)
        {
            if (topic.IsInternal || topic.Partitions.Count > left)
            {
                var leaders = string.Join(", ", topic.Partitions.GroupBy(p => p.Leader).OrderBy(g => g.Key).Select(g => $"{NameOf(g.Key)}: {Number(g.Count())}"));
                var behind = topic.Partitions.Count(p => p.InSync.Count < p.Replicas.Count);
                table.AddRow(new Text($"{topic.Name} ({Number(topic.Partitions.Count)})"), new Text(leaders), new Text(""), behind == 0 ? new Markup("[green]all[/]") : new Markup($"[yellow]{Number(behind)} behind[/]"));
                continue;
            }

            left -= topic.Partitions.Count;
            foreach (var partition in topic.Partitions.OrderBy(p => p.Index)) AddRow(table, topic, partition);
        }

        return table;
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

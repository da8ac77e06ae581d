using System.Globalization;
using System.Text;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Cluster;

/// <summary>Looks after a cluster of processes: which run, what their brokers say of who leads what, and which are to be started again.</summary>
internal sealed class ClusterWatch(LocalCluster cluster, AdminClient admin, TimeSpan restartAfter)
{
    /// <summary>The processes.</summary>
    internal IReadOnlyList<LocalBroker> Brokers => cluster.Brokers;

    /// <summary>Ids of the brokers that the cluster counts as there.</summary>
    internal IReadOnlySet<int> Alive { get; private set; } = new HashSet<int>();

    /// <summary>The topics, by name; those of the cluster's own at the end.</summary>
    internal IReadOnlyList<TopicMetadata> Topics { get; private set; } = [];

    /// <summary>Whether any broker answers.</summary>
    internal bool Answers { get; private set; }

    /// <summary>Partitions of all topics.</summary>
    internal IEnumerable<PartitionMetadata> Partitions => Topics.SelectMany(topic => topic.Partitions);

    /// <summary>Takes one look.</summary>
    internal async Task LookAsync()
    {
        foreach (var broker in cluster.Brokers)
        {
            if (broker.IsRunning) continue;
            broker.EndedAt ??= Environment.TickCount64;
            if (restartAfter > TimeSpan.Zero && Environment.TickCount64 - broker.EndedAt >= restartAfter.TotalMilliseconds) cluster.Start(broker);
        }

        try
        {
            Alive = (await admin.DescribeClusterAsync()).Brokers.Select(broker => broker.BrokerId).ToHashSet();
            Topics = [.. (await admin.ListTopicsAsync()).OrderBy(topic => topic.IsInternal).ThenBy(topic => topic.Name, StringComparer.Ordinal)];
            Answers = true;
        }
        catch (Exception fault) when (fault is TransportException or BrokerException or OperationCanceledException)
        {
            Answers = false;
        }
    }

    /// <summary>What a broker is doing.</summary>
    internal string StateOf(LocalBroker broker)
    {
        if (!broker.IsRunning) return broker.EndedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"down for {(Environment.TickCount64 - at) / 1000} s") : "down";
        if (!Answers) return "starting";
        return Alive.Contains(broker.Id) ? "up" : "joining";
    }

    /// <summary>One line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var broker in Brokers)
        {
            var state = broker.IsRunning ? Alive.Contains(broker.Id) && Answers ? "up" : "starting" : "down";
            text.Append(CultureInfo.InvariantCulture, $"{broker.Id} {state} (pid {broker.Process?.Id ?? 0}, leads {Partitions.Count(p => p.Leader == broker.Id)}); ");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{Partitions.Count()} partitions, {Partitions.Count(p => p.InSync.Count < p.Replicas.Count)} under-replicated, {Partitions.Count(p => p.Leader < 0)} without a leader").ToString();
    }
}

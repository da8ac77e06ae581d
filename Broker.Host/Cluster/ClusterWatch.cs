using System.Globalization;
using System.Text;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Cluster;

/// <summary>Looks after a cluster of processes: which run, what their brokers say of who leads what, and which are to be started again.</summary>
/// <param name="cluster">The processes.</param>
/// <param name="client">A client of their brokers.</param>
/// <param name="restartAfter">How long one that ended stays down; zero for ever.</param>
internal sealed class ClusterWatch(LocalCluster cluster, ClusterClient client, TimeSpan restartAfter)
{
    // One that is paused takes connections and answers nothing: then the next one is asked.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);
    private int asked;

    /// <summary>The processes.</summary>
    internal IReadOnlyList<LocalBroker> Brokers => cluster.Brokers;

    /// <summary>Ids of the brokers that the cluster counts as there.</summary>
    internal IReadOnlySet<int> Alive { get; private set; } = new HashSet<int>();

    /// <summary>The topics, by name; those of the cluster's own at the end.</summary>
    internal IReadOnlyList<TopicMetadata> Topics { get; set; } = [];

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

        Answers = false;
        for (var i = 0; i < cluster.Brokers.Count && !Answers; i++)
        {
            var broker = cluster.Brokers[(asked + i) % cluster.Brokers.Count];
            if (!broker.IsRunning || broker.IsPaused || !await AskAsync(broker)) continue;
            (asked, Answers) = ((asked + i) % cluster.Brokers.Count, true);
        }
    }

    private async Task<bool> AskAsync(LocalBroker broker)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var connection = await client.ToAsync(BrokerAddress.ParseList(broker.Address)[0], patience.Token);
            using var answer = await connection.SendAsync(new MetadataRequest { Topics = null }, Patience, cancellation: patience.Token);
            var seen = ClusterMetadata.Empty.With(answer.As<MetadataResponse>());
            Alive = seen.Brokers.Keys.ToHashSet();
            Topics = [.. seen.Topics.Values.OrderBy(topic => topic.IsInternal).ThenBy(topic => topic.Name, StringComparer.Ordinal)];
            foreach (var there in cluster.Brokers.Where(b => Alive.Contains(b.Id))) there.HasTakenPart = true;
            return true;
        }
        catch (Exception fault) when (fault is TransportException or BrokerException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>What a broker is doing.</summary>
    internal string StateOf(LocalBroker broker)
    {
        if (!broker.IsRunning) return broker.EndedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"down for {(Environment.TickCount64 - at) / 1000} s") : "down";
        if (broker.IsPaused) return "paused";
        if (Answers && Alive.Contains(broker.Id)) return "up";
        return broker.HasTakenPart ? "not reached" : Answers ? "joining" : "starting";
    }

    /// <summary>One line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var broker in Brokers)
        {
            var state = broker.IsRunning ? StateOf(broker) : "down";
            text.Append(CultureInfo.InvariantCulture, $"{broker.Id} {state} (pid {broker.Process?.Id ?? 0}, leads {Partitions.Count(p => p.Leader == broker.Id)}); ");
        }

        return text.Append(CultureInfo.InvariantCulture, $"{Partitions.Count()} partitions, {Partitions.Count(p => p.InSync.Count < p.Replicas.Count)} under-replicated, {Partitions.Count(p => p.Leader < 0)} without a leader").ToString();
    }
}

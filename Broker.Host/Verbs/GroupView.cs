using System.Globalization;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;

namespace AkkaStream.Host.Verbs;

/// <summary>A group as <c>groups describe</c> shows it, in the tables of Kafka's tool.</summary>
internal sealed class GroupView(GroupDescription group, bool verbose)
{
    private const string None = "-";
    private readonly int width = Math.Max(15, group.Id.Length);

    /// <summary>Whether nobody belongs to it.</summary>
    internal bool IsEmpty => group.Members.Count == 0;

    /// <summary>What members have.</summary>
    internal IEnumerable<TopicPartition> Partitions => group.Members.SelectMany(m => m.Partitions);

    /// <summary>What was committed, how far that is behind the end, and who reads it.</summary>
    internal void WriteOffsets(TextWriter output, IReadOnlyDictionary<TopicPartition, GroupOffset> committed, IReadOnlyDictionary<TopicPartition, OffsetResult> ends)
    {
        var owners = group.Members.SelectMany(m => m.Partitions.Select(p => (p, m))).GroupBy(p => p.p).ToDictionary(p => p.Key, p => p.First().m);
        var rows = committed.Keys.Concat(owners.Keys).Distinct().OrderBy(p => p.Topic, StringComparer.Ordinal).ThenBy(p => p.Partition)
            .Select(p => Row(p, committed.TryGetValue(p, out var c) ? c : null, ends.TryGetValue(p, out var e) ? e.Offset : null, owners.GetValueOrDefault(p))).ToList();
        string[] header = ["GROUP", "TOPIC", "PARTITION", .. (verbose ? (string[])["LEADER-EPOCH"] : []), "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID"];
        var widths = header.Select((name, i) => name == "PARTITION" ? 10 : rows.Select(r => r[i].Length).Append(15).Max()).ToArray();
        output.WriteLine();
        foreach (var row in rows.Prepend(header)) output.WriteLine(string.Join(' ', row.Select((cell, i) => i == row.Length - 1 ? cell : cell.PadRight(widths[i]))));
    }

    /// <summary>Who belongs to it.</summary>
    internal void WriteMembers(TextWriter output)
    {
        var withInstance = group.Members.Any(m => m.InstanceId is not null);
        string[] header = ["GROUP", "CONSUMER-ID", .. (withInstance ? (string[])["GROUP-INSTANCE-ID"] : []), "HOST", "CLIENT-ID", "#PARTITIONS", .. (verbose ? (string[])["CURRENT-EPOCH", "CURRENT-ASSIGNMENT", "TARGET-EPOCH", "TARGET-ASSIGNMENT"] : [])];
        var rows = group.Members.OrderByDescending(m => m.Partitions.Count).ThenBy(m => m.Id, StringComparer.Ordinal).Select(m => (string[])
        [
            group.Id, m.Id, .. (withInstance ? (string[])[m.InstanceId ?? ""] : []), m.Host, m.ClientId, Text(m.Partitions.Count),
            .. (verbose ? (string[])[m.Epoch < 0 ? None : Text(m.Epoch), Show(m.Partitions), group.TargetEpoch < 0 ? None : Text(group.TargetEpoch), group.TargetEpoch < 0 ? None : Show(m.Target)] : []),
        ]).ToList();
        var widths = header.Select((name, i) => rows.Select(r => r[i].Length).Append(Math.Max(15, name.Length)).Max()).ToArray();
        output.WriteLine();
        foreach (var row in rows.Prepend(header)) output.WriteLine(string.Concat(row.Select((cell, i) => cell.PadRight(widths[i]) + " ")));
    }

    /// <summary>How it is.</summary>
    internal void WriteState(TextWriter output)
    {
        var coordinator = $"{group.CoordinatorAddress}  ({group.Coordinator})";
        var wide = Math.Max(25, coordinator.Length);
        var (epochs, numbers) = verbose ? ($"{"GROUP-EPOCH",-15} {"TARGET-ASSIGNMENT-EPOCH",-25} ", $"{Epoch(group.Epoch),-15} {Epoch(group.TargetEpoch),-25} ") : ("", "");
        output.WriteLine();
        output.WriteLine($"{"GROUP".PadRight(width)} {"COORDINATOR (ID)".PadRight(wide)} {"ASSIGNMENT-STRATEGY",-20} {"STATE",-20} {epochs}#MEMBERS");
        output.WriteLine($"{group.Id.PadRight(width)} {coordinator.PadRight(wide)} {(group.Assignor.Length == 0 || IsEmpty ? None : group.Assignor),-20} {group.State,-20} {numbers}{group.Members.Count}");
    }

    private string[] Row(TopicPartition partition, GroupOffset? committed, long? end, GroupMember? owner)
    {
        string[] epoch = verbose ? [committed is { LeaderEpoch: >= 0 } c ? Text(c.LeaderEpoch) : None] : [];
        return
        [
            group.Id, partition.Topic, Text(partition.Partition), .. epoch, committed is { } at ? Text(at.Offset) : None, end is { } last ? Text(last) : None,
            committed is { } from && end is { } to ? Text(to - from.Offset) : None, owner?.Id ?? None, owner?.Host ?? None, owner?.ClientId ?? None,
        ];
    }

    private static string Show(IReadOnlyList<TopicPartition> partitions)
        => partitions.Count == 0 ? None : string.Join(',', partitions.GroupBy(p => p.Topic).OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => $"{t.Key}:{string.Join(',', t.Select(p => p.Partition).Order())}"));

    private static string Epoch(int epoch) => epoch < 0 ? None : Text(epoch);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

using System.CommandLine;
using System.Globalization;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary><c>elect preferred|unclean</c>: who leads.</summary>
internal static class ElectVerb
{
    internal static Command Create(TextWriter output, TextWriter error, IBrokerTransport? transport = null)
    {
        var frame = new VerbFrame("elect", "Have preferred leaders lead again, or give partitions that nobody leads a leader at the price of records.", output, error, transport);
        var some = new Argument<string[]>("partition") { Description = "topic, or topic:partition; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
        frame.Add(new Command("preferred", "Have the first replica of each partition lead, where it is in sync.") { some }, (parsed, session, cancellation) => Elect(frame, parsed, parsed.GetValue(some)!, false, session, cancellation));
        var named = new Argument<string[]>("partition") { Description = "topic, or topic:partition.", Arity = ArgumentArity.OneOrMore };
        frame.Add(new Command("unclean", "Where nobody leads and nobody in sync is left, have a replica lead that may lack records: those are lost.") { named }, (parsed, session, cancellation) => Elect(frame, parsed, parsed.GetValue(named)!, true, session, cancellation));
        return frame.Command;
    }

    /// <summary>The partitions that topics and topic:partition name.</summary>
    /// <exception cref="FormatException">One of them is neither.</exception>
    /// <exception cref="BrokerException">There is no such topic or partition.</exception>
    internal static List<TopicPartition> PartitionsOf(IEnumerable<string> names, IReadOnlyList<TopicMetadata> topics)
    {
        var found = new List<TopicPartition>();
        foreach (var name in names)
        {
            var colon = name.IndexOf(':', StringComparison.Ordinal);
            var topic = topics.FirstOrDefault(t => t.Name == (colon < 0 ? name : name[..colon])) ?? throw new BrokerException(ErrorCode.UnknownTopicOrPartition, $"topic {name}");
            if (colon < 0)
            {
                found.AddRange(topic.Partitions.Select(p => new TopicPartition(topic.Name, p.Index)));
                continue;
            }

            if (!int.TryParse(name[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var index)) throw new FormatException($"{name}: expected topic or topic:partition");
            if (topic.Partitions.All(p => p.Index != index)) throw new BrokerException(ErrorCode.UnknownTopicOrPartition, name, $"the topic has {topic.Partitions.Count} partitions");
            found.Add(new TopicPartition(topic.Name, index));
        }

        return found;
    }

    private static async Task<int> Elect(VerbFrame frame, ParseResult parsed, string[] names, bool unclean, ClientSession session, CancellationToken cancellation)
    {
        var partitions = names.Length == 0 ? null : PartitionsOf(names, await session.Admin.ListTopicsAsync(cancellation));
        var results = (await session.Admin.ElectLeadersAsync(partitions, unclean, cancellation)).OrderBy(r => r.Partition.Topic, StringComparer.Ordinal).ThenBy(r => r.Partition.Partition).ToList();
        var after = (await session.Admin.ListTopicsAsync(cancellation)).ToDictionary(t => t.Name, StringComparer.Ordinal);
        var failed = results.Where(r => r.Error is not (ErrorCode.None or ErrorCode.ElectionNotNeeded)).ToList();
        if (frame.IsJson(parsed))
        {
            var table = new RowTable("TOPIC", "PARTITION", "LEADER", "ERROR", "MESSAGE");
            foreach (var r in results) table.Add(r.Partition.Topic, r.Partition.Partition, LeaderOf(r), r.Error == ErrorCode.None ? null : r.Error.Name(), r.Message);
            TopicsVerb.WriteJson(frame.Output, table.WriteJson);
        }
        else
        {
            foreach (var r in results.Where(r => r.Error == ErrorCode.None)) frame.Output.WriteLine($"{r.Partition}: broker {LeaderOf(r)} leads");
            var rest = results.Count(r => r.Error == ErrorCode.ElectionNotNeeded);
            if (rest > 0 || results.Count == 0) frame.Output.WriteLine(results.Count == 0 ? "nothing to do" : $"{rest} partition(s): nothing to do");
            foreach (var r in failed) frame.Error.WriteLine($"{r.Partition}: {r.Message} ({r.Error.Name()}); `partitions` shows who is in sync{(unclean ? "" : ", `brokers` who is there")}");
        }

        return failed.Count == 0 ? VerbProgram.Done : VerbProgram.Failed;

        int? LeaderOf(PartitionResult r) => after.GetValueOrDefault(r.Partition.Topic)?.Partitions.FirstOrDefault(p => p.Index == r.Partition.Partition)?.Leader;
    }
}

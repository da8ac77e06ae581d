using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary><c>partitions [list]</c>: who leads, who follows, and what followers lack.</summary>
internal static class PartitionsVerb
{
    internal static Command Create(TextWriter output, TextWriter error, IBrokerTransport? transport = null)
    {
        var frame = new VerbFrame("partitions", "Show leader, replicas and in-sync set of partitions, and how far each follower is behind.", output, error, transport);
        var filter = new Filter();
        frame.Command.Options.Add(filter.UnderReplicated);
        frame.Command.Options.Add(filter.Unavailable);
        frame.Command.Options.Add(filter.UnderMinIsr);
        frame.Command.Options.Add(filter.AtMinIsr);
        frame.Add(new Command("list", "List partitions; also without this word.") { filter.Topics }, (parsed, session, cancellation) => List(frame, filter, parsed, parsed.GetValue(filter.Topics) ?? [], session, cancellation));
        frame.SetDefault((parsed, session, cancellation) => List(frame, filter, parsed, [], session, cancellation));
        return frame.Command;
    }

    private static async Task<int> List(VerbFrame frame, Filter filter, ParseResult parsed, string[] topics, ClientSession session, CancellationToken cancellation)
    {
        var picture = await ClusterPicture.Read(session, cancellation);
        picture.CheckTopics(topics);
        if (parsed.GetValue(filter.UnderMinIsr) || parsed.GetValue(filter.AtMinIsr)) await picture.ReadLeastInSync(session, cancellation);
        var wanted = picture.Partitions.Where(p => (topics.Length == 0 || topics.Contains(p.Topic.Name)) && filter.Takes(parsed, picture, p.Topic, p.Partition)).ToList();
        await picture.ReadEnds(session, wanted, cancellation);
        await picture.ReadSizes(session, cancellation);
        foreach (var (broker, why) in picture.Silent) frame.Error.WriteLine($"broker {broker} did not say what it has: {why}");
        if (frame.IsJson(parsed)) TopicsVerb.WriteJson(frame.Output, json => WriteJson(json, picture, wanted));
        else TableOf(picture, wanted).WriteText(frame.Output);
        return VerbProgram.Done;
    }

    private static RowTable TableOf(ClusterPicture picture, List<(TopicMetadata Topic, PartitionMetadata Partition)> wanted)
    {
        var table = new RowTable("TOPIC", "PARTITION", "LEADER", "REPLICAS", "IN-SYNC", "END", "SIZE", "FOLLOWERS LACK");
        foreach (var (topic, partition) in wanted)
        {
            var replicas = picture.ReplicasOf(topic, partition).ToList();
            var leader = replicas.Find(r => r.Broker == partition.Leader);
            var lacks = replicas.Where(r => r.Broker != partition.Leader).Select(r => $"{r.Broker}: {Lack(r, leader, picture.LacksOf(topic, partition, r.Broker))}");
            table.Add(topic.Name, partition.Index, partition.Leader < 0 ? "none" : partition.Leader, partition.Replicas, partition.InSync, leader?.End, leader?.Bytes is { } bytes ? new ByteCount(bytes) : null, string.Join("; ", lacks));
        }

        return table;
    }

    private static string Lack(ReplicaView follower, ReplicaView? leader, long? bytes)
    {
        if (!follower.IsThere) return "not there";
        if (follower.End is not { } end || leader?.End is not { } whole) return "?";
        // Asked one after the other: a follower may have come further meanwhile.
        var records = Math.Max(0, whole - end);
        return records == 0 ? "nothing" : string.Create(CultureInfo.InvariantCulture, $"{records} records{(bytes is { } b ? $", {new ByteCount(b)}" : "")}");
    }

    private static void WriteJson(Utf8JsonWriter json, ClusterPicture picture, List<(TopicMetadata Topic, PartitionMetadata Partition)> wanted)
    {
        json.WriteStartArray();
        foreach (var (topic, partition) in wanted)
        {
            var replicas = picture.ReplicasOf(topic, partition).ToList();
            var leader = replicas.Find(r => r.Broker == partition.Leader);
            json.WriteStartObject();
            json.WriteString("topic", topic.Name);
            json.WriteNumber("partition", partition.Index);
            json.WriteNumber("leader", partition.Leader);
            json.WriteNumber("leaderEpoch", partition.LeaderEpoch);
            json.WriteStartArray("replicas");
            foreach (var replica in replicas) WriteJson(json, replica, leader, picture.LacksOf(topic, partition, replica.Broker));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteJson(Utf8JsonWriter json, ReplicaView replica, ReplicaView? leader, long? lacks)
    {
        json.WriteStartObject();
        json.WriteNumber("broker", replica.Broker);
        json.WriteBoolean("isThere", replica.IsThere);
        json.WriteBoolean("inSync", replica.IsInSync);
        if (replica.End is { } end) json.WriteNumber("endOffset", end);
        if (replica.Bytes is { } bytes) json.WriteNumber("bytes", bytes);
        if (replica.End is { } own && leader?.End is { } whole)
        {
            json.WriteNumber("lagRecords", Math.Max(0, whole - own));
            if (lacks is { } lagBytes) json.WriteNumber("lagBytes", whole <= own ? 0 : lagBytes);
        }

        json.WriteEndObject();
    }

    private sealed class Filter
    {
        public Argument<string[]> Topics { get; } = new("topic") { Description = "Topics; all where none is named.", Arity = ArgumentArity.ZeroOrMore };

        public Option<bool> UnderReplicated { get; } = new("--under-replicated") { Description = "Only those with a replica that is not in sync.", Recursive = true };

        public Option<bool> Unavailable { get; } = new("--unavailable") { Description = "Only those that nobody leads.", Recursive = true };

        public Option<bool> UnderMinIsr { get; } = new("--under-min-isr") { Description = "Only those with fewer replicas in sync than min.insync.replicas: acks=all is refused.", Recursive = true };

        public Option<bool> AtMinIsr { get; } = new("--at-min-isr") { Description = "Only those with just as many: one more lost, and acks=all is refused.", Recursive = true };

        public bool Takes(ParseResult parsed, ClusterPicture picture, TopicMetadata topic, PartitionMetadata partition)
        {
            if (parsed.GetValue(UnderReplicated) && partition.InSync.Count >= partition.Replicas.Count) return false;
            if (parsed.GetValue(Unavailable) && partition.Leader >= 0) return false;
            if (parsed.GetValue(UnderMinIsr) && partition.InSync.Count >= picture.LeastInSync(topic, partition)) return false;
            return !parsed.GetValue(AtMinIsr) || partition.InSync.Count == picture.LeastInSync(topic, partition);
        }
    }
}

using System.CommandLine;
using System.Globalization;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Consumer;
using AkkaStream.Client.Consumer.Groups;

namespace AkkaStream.Host.Verbs;

/// <summary><c>consume</c>: a topic's records on stdout.</summary>
internal static class ConsumeVerb
{
    internal static Command Create(TextWriter output, TextWriter error)
    {
        var bootstrap = ClientSession.BootstrapOption();
        var timeout = ClientSession.TimeoutOption();
        var topic = new Argument<string>("topic") { Description = "The topic." };
        var beginning = new Option<bool>("--from-beginning") { Description = "Begin with the oldest record; without it and --offset, with the next one that comes." };
        var offset = new Option<string>("--offset", "-o") { Description = "Where to begin: a number, earliest, latest, or -N for the last N of each partition." };
        var partitions = new Option<int[]>("--partition", "-p") { Description = "Only this partition; may be repeated.", DefaultValueFactory = _ => [] };
        var most = new Option<long?>("--max-messages", "-n") { Description = "End after so many records." };
        var committed = new Option<bool>("--committed") { Description = "Only records of committed transactions, and those outside of any (isolation.level=read_committed)." };
        var end = new Option<bool>("--exit-at-end", "-e") { Description = "End when every partition's end is reached." };
        var key = new Option<bool>("--keys", "-k") { Description = "Write keys before values." };
        var headers = new Option<bool>("--headers") { Description = "Write headers as name:value separated by commas." };
        var timestamp = new Option<bool>("--timestamps", "-t") { Description = "Write timestamps, in ms since 1970." };
        var place = new Option<bool>("--offsets") { Description = "Write partition and offset." };
        var separator = new Option<string>("--separator", "-s") { Description = "Between the parts of a line; \\t is a tab.", DefaultValueFactory = _ => "\\t" };
        var json = new Option<bool>("--json") { Description = "A JSON object a record." };
        var group = new Option<string>("--group", "-g") { Description = "Read as a member of this group: it gives partitions, goes on where it was, and commits." };
        var protocol = new Option<GroupProtocol>("--group-protocol") { Description = "Who divides the group's partitions: classic (a member) or consumer (the coordinator, KIP-848)." };
        var instance = new Option<string>("--group-instance-id") { Description = "A name in the group that outlives the process: a restart within the session timeout moves no partitions." };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "No progress on stderr." };
        var consume = new Command("consume", "Write a topic's records to stdout, a line each.")
        {
            topic, bootstrap, timeout, beginning, offset, partitions, most, committed, end, key, headers, timestamp, place, separator, json, group, protocol, instance, quiet,
        };
        consume.SetAction((parsed, cancellation) =>
        {
            var format = new RecordFormat(parsed.GetValue(key), parsed.GetValue(headers), parsed.GetValue(timestamp), parsed.GetValue(place), parsed.GetValue(separator)!.Replace("\\t", "\t", StringComparison.Ordinal), parsed.GetValue(json));
            var plan = new ConsumePlan(parsed.GetValue(topic)!, parsed.GetValue(partitions) ?? [], parsed.GetValue(offset) ?? (parsed.GetValue(beginning) ? "earliest" : "latest"), parsed.GetValue(most) ?? long.MaxValue, parsed.GetValue(end), parsed.GetValue(committed) ? Isolation.ReadCommitted : Isolation.ReadUncommitted);
            var progress = new Progress(error, "records", parsed.GetValue(quiet));
            var member = parsed.GetValue(group) is { } id ? new GroupPlan(id, parsed.GetValue(protocol), parsed.GetValue(instance)) : null;
            Action<string>? tell = parsed.GetValue(quiet) ? null : error.WriteLine;
            return ClientSession.Run(parsed.GetValue(bootstrap)!, parsed.GetValue(timeout), error, (session, token) => Consume(session, plan, new ConsumeOutput(format, progress, output), member, tell, token), cancellation, goesOn: "reading goes on when it answers");
        });
        return consume;
    }

    private static async Task<int> Consume(ClientSession session, ConsumePlan plan, ConsumeOutput to, GroupPlan? group, Action<string>? tell, CancellationToken cancellation)
    {
        var sink = new RecordSink(to.Output, to.Format);
        try
        {
            if (group is not null) await new GroupConsume(session, group, plan, tell).Run(record => to.Progress.Add(sink.Write(record)), sink.Flush, cancellation);
            else await ReadAlone(session, plan, tell, record => to.Progress.Add(sink.Write(record)), sink.Flush, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            sink.Flush(); // Ctrl-C is how one ends it
        }
        catch (OutputClosedException)
        {
            return VerbProgram.Done; // and so is `| head`
        }

        to.Progress.End();
        return VerbProgram.Done;
    }

    private static async Task ReadAlone(ClientSession session, ConsumePlan plan, Action<string>? tell, Action<ConsumedRecord> take, Action flush, CancellationToken cancellation)
    {
        var starts = await plan.Starts(session.Admin, tell, cancellation);
        var ends = plan.ExitAtEnd ? await session.Admin.ListOffsetsAsync(starts.ToDictionary(s => s.Key, _ => OffsetSpec.Latest), plan.Isolation, cancellation) : null;
        await using var consumer = new PartitionConsumer(session.Cluster, new FetchOptions { Isolation = plan.Isolation });
        await consumer.AssignAsync(starts, cancellation);
        await ReadAll(consumer, plan.MaxMessages, ends, take, flush, cancellation);
    }

    // Until so many records were read, or every partition's end is reached.
    private static async Task ReadAll(PartitionConsumer consumer, long left, IReadOnlyDictionary<TopicPartition, OffsetResult>? ends, Action<ConsumedRecord> take, Action flush, CancellationToken cancellation)
    {
        while (left > 0 && !(ends is not null && ends.All(e => consumer.Position(e.Key) >= e.Value.Offset)))
        {
            using var polled = await consumer.PollAsync(TimeSpan.FromMilliseconds(500), cancellation);
            foreach (var record in polled)
            {
                if (left == 0 || (ends is not null && record.Offset >= ends[record.Partition].Offset)) continue;
                left--;
                take(record);
            }

            flush();
        }
    }
}

/// <summary>What to read, and how far.</summary>
internal sealed record ConsumePlan(string Topic, int[] Partitions, string Offset, long MaxMessages, bool ExitAtEnd, Isolation Isolation)
{
    /// <summary>Where to begin in each partition.</summary>
    /// <exception cref="FormatException">The offset is none, or a partition is not there.</exception>
    internal async Task<Dictionary<TopicPartition, long>> Starts(AdminClient admin, Action<string>? tell, CancellationToken cancellation)
    {
        var topic = await admin.DescribeTopicAsync(Topic, cancellation);
        var wanted = Partitions.Length > 0 ? Partitions : topic.Partitions.Select(p => p.Index).ToArray();
        foreach (var index in wanted)
        {
            if (topic.Partitions.All(p => p.Index != index)) throw new FormatException($"{Topic} has no partition {index}: it has 0 to {topic.Partitions.Count - 1}");
        }

        var all = wanted.Select(index => new TopicPartition(Topic, index)).ToList();
        switch (Offset)
        {
            case "earliest" or "beginning": return all.ToDictionary(p => p, _ => OffsetSpec.Earliest);
            case "latest" or "end": return all.ToDictionary(p => p, _ => OffsetSpec.Latest);
        }

        if (!long.TryParse(Offset, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) throw new FormatException($"--offset {Offset}: expected a number, earliest, latest, or -N for the last N");
        var first = await admin.ListOffsetsAsync(all.ToDictionary(p => p, _ => OffsetSpec.Earliest), cancellation);
        var last = await admin.ListOffsetsAsync(all.ToDictionary(p => p, _ => OffsetSpec.Latest), cancellation);
        if (number < 0) return all.ToDictionary(p => p, p => Math.Max(first[p].Offset, last[p].Offset + number));
        return all.ToDictionary(p => p, p => Within(p, number, first[p].Offset, last[p].Offset, tell));
    }

    // Where there is nothing at the offset, reading begins with the nearest that there is; and this is said, because nobody sees it otherwise.
    private long Within(TopicPartition partition, long wanted, long first, long last, Action<string>? tell)
    {
        if (wanted > last) tell?.Invoke($"{partition} ends at {last}, before --offset {wanted}{(ExitAtEnd ? "" : ": waiting there for what comes")}");
        else if (wanted < first) tell?.Invoke($"{partition} begins at {first}, behind --offset {wanted}: reading from there");
        return Math.Clamp(wanted, first, last);
    }
}

/// <summary>Where records go, and in which form.</summary>
internal sealed record ConsumeOutput(RecordFormat Format, Progress Progress, TextWriter Output);

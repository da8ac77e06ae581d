using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Producer;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary><c>transactions list|describe|describe-producers|find-hanging|abort|terminate</c>.</summary>
internal static class TransactionsVerb
{
    private static readonly string[] ListHeaders = ["TransactionalId", "Coordinator", "ProducerId", "TransactionState"];
    private static readonly string[] DescribeHeaders = ["CoordinatorId", "TransactionalId", "ProducerId", "ProducerEpoch", "TransactionState", "TransactionTimeoutMs", "CurrentTransactionStartTimeMs", "TransactionDurationMs", "TopicPartitions"];
    private static readonly string[] ProducerHeaders = ["ProducerId", "ProducerEpoch", "LatestCoordinatorEpoch", "LastSequence", "LastTimestamp", "CurrentTransactionStartOffset"];
    private static readonly string[] HangingHeaders = ["Topic", "Partition", "ProducerId", "ProducerEpoch", "CoordinatorEpoch", "StartOffset", "LastTimestamp", "Duration(min)"];

    internal static Command Create(TextWriter output, TextWriter error, IBrokerTransport? transport = null)
    {
        var bootstrap = ClientSession.BootstrapOption();
        var timeout = ClientSession.TimeoutOption();
        var json = new Option<bool>("--json") { Description = "JSON for scripts.", Recursive = true };
        var transactions = new Command("transactions", "List, describe and abort transactions.") { bootstrap, timeout, json };

        void Add(Command command, Func<ParseResult, ClientSession, CancellationToken, Task<int>> work)
        {
            command.SetAction((parsed, cancellation) => ClientSession.Run(parsed.GetValue(bootstrap)!, parsed.GetValue(timeout), error, (session, token) => work(parsed, session, token), cancellation, transport));
            transactions.Subcommands.Add(command);
        }

        AddList(Add, output, json);
        AddDescribe(Add, output, json);
        AddProducers(Add, output, json);
        AddHanging(Add, output, json);
        AddAbort(Add, output, error);
        AddTerminate(Add, output);
        return transactions;
    }

    private static void AddList(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, TextWriter output, Option<bool> json)
    {
        var states = new Option<string[]>("--state") { Description = "Only ids in this state, such as Ongoing; may be repeated.", DefaultValueFactory = _ => [] };
        var producers = new Option<long[]>("--producer-id") { Description = "Only this producer id; may be repeated.", DefaultValueFactory = _ => [] };
        var duration = new Option<long?>("--duration-filter") { Description = "Only what has been open for longer, milliseconds." };
        var pattern = new Option<string>("--transactional-id-pattern") { Description = "Only ids that this regular expression fits as a whole." };
        add(new Command("list", "List transactional ids.") { states, producers, duration, pattern }, async (parsed, session, cancellation) =>
        {
            var filter = new TransactionFilter { States = parsed.GetValue(states)!, ProducerIds = parsed.GetValue(producers)!, LongerThanMs = parsed.GetValue(duration) ?? -1, Pattern = parsed.GetValue(pattern) };
            var rows = (await session.Admin.ListTransactionsAsync(filter, cancellation)).Select(t => new[] { t.Id, Text(t.Coordinator), Text(t.ProducerId), t.State }).ToList();
            return Show(output, parsed.GetValue(json), ListHeaders, rows);
        });
    }

    private static void AddDescribe(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, TextWriter output, Option<bool> json)
    {
        var id = new Argument<string>("transactional-id") { Description = "The transactional id." };
        add(new Command("describe", "Show state, producer and partitions of a transactional id.") { id }, async (parsed, session, cancellation) =>
        {
            var found = await session.Admin.DescribeTransactionAsync(parsed.GetValue(id)!, cancellation);
            var now = session.Cluster.Options.Time.GetUtcNow().ToUnixTimeMilliseconds();
            string[] row =
            [
                Text(found.Coordinator), found.Id, Text(found.Producer.Id), Text(found.Producer.Epoch), found.State, Text(found.TimeoutMs),
                found.StartMs < 0 ? "None" : Text(found.StartMs), found.StartMs < 0 ? "None" : Text(now - found.StartMs), string.Join(',', found.Partitions),
            ];
            return Show(output, parsed.GetValue(json), DescribeHeaders, [row]);
        });
    }

    private static void AddProducers(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, TextWriter output, Option<bool> json)
    {
        var (topic, partition) = Place();
        add(new Command("describe-producers", "Show the producers that a partition knows.") { topic, partition }, async (parsed, session, cancellation) =>
        {
            var found = await session.Admin.DescribeProducersAsync(new TopicPartition(parsed.GetValue(topic)!, parsed.GetValue(partition)), cancellation);
            var rows = found.Select(p => new[] { Text(p.Producer.Id), Text(p.Producer.Epoch), Text(p.CoordinatorEpoch), Text(p.LastSequence), Text(p.LastTimestamp), p.TransactionStart < 0 ? "None" : Text(p.TransactionStart) }).ToList();
            return Show(output, parsed.GetValue(json), ProducerHeaders, rows);
        });
    }

    private static void AddHanging(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, TextWriter output, Option<bool> json)
    {
        var topic = new Option<string>("--topic") { Description = "Only this topic; all where it is left out." };
        var longest = new Option<int>("--max-transaction-timeout") { Description = "Minutes that a transaction may be open at most (transaction.max.timeout.ms).", DefaultValueFactory = _ => 15 };
        add(new Command("find-hanging", "Find transactions that are open in a partition and in no coordinator.") { topic, longest }, async (parsed, session, cancellation) =>
        {
            var only = parsed.GetValue(topic);
            var topics = only is null ? await session.Admin.ListTopicsAsync(cancellation) : [await session.Admin.DescribeTopicAsync(only, cancellation)];
            var partitions = topics.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Name, p.Index)));
            var rows = await Hanging(session, partitions, parsed.GetValue(longest), cancellation);
            return Show(output, parsed.GetValue(json), HangingHeaders, rows);
        });
    }

    private static void AddAbort(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, TextWriter output, TextWriter error)
    {
        var (topic, partition) = Place();
        var start = new Option<long?>("--start-offset") { Description = "Where the transaction begins, as describe-producers tells it." };
        var id = new Option<long?>("--producer-id") { Description = "The producer's id, in place of --start-offset." };
        var epoch = new Option<short?>("--producer-epoch") { Description = "The producer's epoch." };
        var coordinator = new Option<int?>("--coordinator-epoch") { Description = "The coordinator's epoch." };
        add(new Command("abort", "End a hanging transaction in a partition.") { topic, partition, start, id, epoch, coordinator }, async (parsed, session, cancellation) =>
        {
            var place = new TopicPartition(parsed.GetValue(topic)!, parsed.GetValue(partition));
            var producer = new ProducerIdentity(parsed.GetValue(id) ?? -1, parsed.GetValue(epoch) ?? -1);
            var coordinatorEpoch = parsed.GetValue(coordinator) ?? -1;
            if (parsed.GetValue(start) is >= 0 and var first)
            {
                var known = await session.Admin.DescribeProducersAsync(place, cancellation);
                if (known.FirstOrDefault(p => p.TransactionStart == first) is not { } found)
                {
                    error.WriteLine($"Could not find any open transactions starting at offset {first} on partition {place}");
                    return VerbProgram.Failed;
                }

                (producer, coordinatorEpoch) = (found.Producer, found.CoordinatorEpoch);
            }
            else if (!producer.IsSet || producer.Epoch < 0)
            {
                error.WriteLine("transactions abort: say which with --start-offset, or with --producer-id, --producer-epoch and --coordinator-epoch");
                return VerbProgram.Misused;
            }

            // A producer that never had a marker knows no coordinator's epoch; any is fine then.
            await session.Admin.AbortTransactionAsync(place, producer, Math.Max(coordinatorEpoch, 0), cancellation);
            output.WriteLine($"{place}: producer {producer.Id} aborted");
            return VerbProgram.Done;
        });
    }

    private static void AddTerminate(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, TextWriter output)
    {
        var id = new Argument<string>("transactional-id") { Description = "The transactional id." };
        add(new Command("terminate", "Abort whatever a transactional id has open, and fence its producer.") { id }, async (parsed, session, cancellation) =>
        {
            await session.Admin.TerminateTransactionAsync(parsed.GetValue(id)!, cancellation);
            output.WriteLine($"{parsed.GetValue(id)}: terminated");
            return VerbProgram.Done;
        });
    }

    // Open in the partition for longer than any transaction may be, and its coordinator has no transaction with this partition open: nobody will end it.
    private static async Task<List<string[]>> Hanging(ClientSession session, IEnumerable<TopicPartition> partitions, int longestMinutes, CancellationToken cancellation)
    {
        var now = session.Cluster.Options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var rows = new List<string[]>();
        foreach (var partition in partitions)
        {
            foreach (var producer in await session.Admin.DescribeProducersAsync(partition, cancellation))
            {
                var minutes = (now - producer.LastTimestamp) / 60_000;
                if (producer.TransactionStart < 0 || minutes < longestMinutes || await IsKnown(session, producer, partition, cancellation)) continue;
                rows.Add([partition.Topic, Text(partition.Partition), Text(producer.Producer.Id), Text(producer.Producer.Epoch), Text(producer.CoordinatorEpoch), Text(producer.TransactionStart), Text(producer.LastTimestamp), Text(minutes)]);
            }
        }

        return rows;
    }

    private static async Task<bool> IsKnown(ClientSession session, ActiveProducer producer, TopicPartition partition, CancellationToken cancellation)
    {
        foreach (var listed in await session.Admin.ListTransactionsAsync(new TransactionFilter { ProducerIds = [producer.Producer.Id] }, cancellation))
        {
            if ((await session.Admin.DescribeTransactionAsync(listed.Id, cancellation)).Partitions.Contains(partition)) return true;
        }

        return false;
    }

    private static (Option<string> Topic, Option<int> Partition) Place() => (
        new Option<string>("--topic") { Description = "The topic.", Required = true },
        new Option<int>("--partition") { Description = "The partition.", Required = true });

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static int Show(TextWriter output, bool asJson, string[] headers, List<string[]> rows)
    {
        if (!asJson)
        {
            TextTable.Write(output, headers, rows);
            return VerbProgram.Done;
        }

        TopicsVerb.WriteJson(output, json =>
        {
            json.WriteStartArray();
            foreach (var row in rows) WriteObject(json, headers, row);
            json.WriteEndArray();
        });
        return VerbProgram.Done;
    }

    private static void WriteObject(Utf8JsonWriter json, string[] headers, string[] row)
    {
        json.WriteStartObject();
        for (var i = 0; i < row.Length; i++)
        {
            var name = char.ToLowerInvariant(headers[i][0]) + headers[i][1..];
            if (long.TryParse(row[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && headers[i] is not ("TransactionalId" or "Topic")) json.WriteNumber(name, number);
            else json.WriteString(name, row[i]);
        }

        json.WriteEndObject();
    }
}

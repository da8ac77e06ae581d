using System.CommandLine;
using System.Text.Json;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using Spectre.Console;

namespace AkkaStream.Host.Verbs;

/// <summary><c>topics create|list|describe|alter|delete</c>.</summary>
internal static class TopicsVerb
{
    internal static Command Create(TextWriter output, TextWriter error, IBrokerTransport? transport = null)
    {
        var bootstrap = ClientSession.BootstrapOption();
        var timeout = ClientSession.TimeoutOption();
        var json = new Option<bool>("--json") { Description = "JSON for scripts.", Recursive = true };
        var topics = new Command("topics", "Create, list, describe, alter and delete topics.") { bootstrap, timeout, json };

        void Add(Command command, Func<ParseResult, ClientSession, CancellationToken, Task<int>> work)
        {
            command.SetAction((parsed, cancellation) => ClientSession.Run(parsed.GetValue(bootstrap)!, parsed.GetValue(timeout), error, (session, token) => work(parsed, session, token), cancellation, transport));
            topics.Subcommands.Add(command);
        }

        AddCreate(Add, new ResultReport(output, error, json));
        AddList(Add, output, json);
        AddDescribe(Add, output, json);
        AddAlter(Add, new ResultReport(output, error, json), error);
        AddDelete(Add, new ResultReport(output, error, json));
        return topics;
    }

    private static void AddCreate(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, ResultReport report)
    {
        var names = Names();
        var partitions = new Option<int?>("--partitions", "-p") { Description = "Partitions; the broker's num.partitions where it is left out." };
        var replicas = new Option<short?>("--replication-factor", "-r") { Description = "Replicas; the broker's default.replication.factor where it is left out." };
        var configs = Configs("--config", "-c");
        var ifNotExists = new Option<bool>("--if-not-exists") { Description = "A topic that is there is no error." };
        add(new Command("create", "Create topics.") { names, partitions, replicas, configs, ifNotExists }, async (parsed, session, cancellation) =>
        {
            var values = PairsOf(parsed.GetValue(configs) ?? []);
            var wanted = parsed.GetValue(names)!.Select(name => new NewTopic(name, parsed.GetValue(partitions) ?? -1, parsed.GetValue(replicas) ?? -1) { Configs = values });
            var results = await session.Admin.CreateTopicsAsync(wanted, cancellation: cancellation);
            return report.Write(parsed, results, "created", parsed.GetValue(ifNotExists) ? ErrorCode.TopicAlreadyExists : null);
        });
    }

    private static void AddList(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, TextWriter output, Option<bool> json)
    {
        var all = new Option<bool>("--internal") { Description = "Internal topics too." };
        var wide = new Option<bool>("--long", "-l") { Description = "Show partitions, replicas, and how many partitions are under-replicated, or offline: nobody leads them." };
        var under = new Option<bool>("--under-replicated") { Description = "Only topics with a partition whose replicas are not all in sync." };
        var offline = new Option<bool>("--unavailable") { Description = "Only topics with a partition that nobody leads." };
        add(new Command("list", "List topics.") { all, wide, under, offline }, async (parsed, session, cancellation) =>
        {
            var topics = (await session.Admin.ListTopicsAsync(cancellation)).Where(topic => !topic.IsInternal || parsed.GetValue(all)).ToList();
            if (parsed.GetValue(under)) topics.RemoveAll(topic => UnderReplicated(topic) == 0);
            if (parsed.GetValue(offline)) topics.RemoveAll(topic => Offline(topic) == 0);
            if (parsed.GetValue(json)) WriteJson(output, writer => WriteTopics(writer, topics));
            else if (parsed.GetValue(wide)) WriteLong(output, topics);
            else foreach (var topic in topics) output.WriteLine(topic.Name);
            return VerbProgram.Done;
        });
    }

    private static void AddDescribe(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, TextWriter output, Option<bool> json)
    {
        var names = new Argument<string[]>("topic") { Description = "Topics; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
        add(new Command("describe", "Show partitions, replicas, offsets and configuration of topics.") { names }, async (parsed, session, cancellation) =>
        {
            var topics = new List<TopicMetadata>();
            foreach (var name in parsed.GetValue(names)!) topics.Add(await session.Admin.DescribeTopicAsync(name, cancellation));
            if (topics.Count == 0) topics.AddRange(await session.Admin.ListTopicsAsync(cancellation));
            foreach (var topic in topics)
            {
                var description = await TopicDescription.Read(session.Admin, topic, cancellation);
                if (parsed.GetValue(json)) WriteJson(output, description.WriteJson);
                else description.WriteText(output);
            }

            return VerbProgram.Done;
        });
    }

    private static void AddAlter(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, ResultReport report, TextWriter error)
    {
        var name = new Argument<string>("topic") { Description = "The topic." };
        var partitions = new Option<int>("--partitions", "-p") { Description = "Raise the number of partitions to this." };
        var configs = Configs("--config", "-c");
        var delete = new Option<string[]>("--delete-config", "-d") { Description = "A configuration key that takes its default again.", DefaultValueFactory = _ => [] };
        add(new Command("alter", "Add partitions, change the configuration.") { name, partitions, configs, delete }, async (parsed, session, cancellation) =>
        {
            var topic = parsed.GetValue(name)!;
            var set = PairsOf(parsed.GetValue(configs) ?? []);
            var removed = parsed.GetValue(delete) ?? [];
            var count = parsed.GetValue(partitions);
            if (count == 0 && set.Count == 0 && removed.Length == 0)
            {
                error.WriteLine("topics alter: say what to change with --partitions, --config or --delete-config");
                return VerbProgram.Misused;
            }

            if (set.Count > 0 || removed.Length > 0) await session.Admin.AlterConfigsAsync(new ConfigResource(ConfigResourceType.Topic, topic), set, removed, cancellation);
            if (count != 0) (await session.Admin.CreatePartitionsAsync(topic, count, cancellation)).ThrowIfFailed();
            return report.Write(parsed, [new TopicResult(topic, Guid.Empty, ErrorCode.None, null)], "altered", null);
        });
    }

    private static void AddDelete(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, ResultReport report)
    {
        var names = Names();
        var ifExists = new Option<bool>("--if-exists") { Description = "A topic that is not there is no error." };
        add(new Command("delete", "Delete topics and all their records.") { names, ifExists }, async (parsed, session, cancellation)
            => report.Write(parsed, await session.Admin.DeleteTopicsAsync(parsed.GetValue(names)!, cancellation), "deleted", parsed.GetValue(ifExists) ? ErrorCode.UnknownTopicOrPartition : null));
    }

    private static int UnderReplicated(TopicMetadata topic) => topic.Partitions.Count(p => p.InSync.Count < p.Replicas.Count);

    private static int Offline(TopicMetadata topic) => topic.Partitions.Count(p => p.Leader < 0);

    private static void WriteLong(TextWriter output, List<TopicMetadata> topics)
    {
        var table = new RowTable("TOPIC", "PARTITIONS", "REPLICAS", "UNDER-REPLICATED", "OFFLINE");
        foreach (var topic in topics) table.Add(topic.Name, topic.Partitions.Count, topic.Partitions.Select(p => p.Replicas.Count).DefaultIfEmpty().Max(), UnderReplicated(topic), Offline(topic));
        table.WriteText(output);
    }

    private static Argument<string[]> Names() => new("topic") { Description = "Names of topics.", Arity = ArgumentArity.OneOrMore };

    private static Option<string[]> Configs(string name, string alias) => new(name, alias) { Description = "A configuration value, KEY=VALUE; may be repeated.", DefaultValueFactory = _ => [] };

    private static Dictionary<string, string> PairsOf(string[] texts)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) throw new FormatException($"--config {text}: expected KEY=VALUE");
            pairs[text[..equals]] = text[(equals + 1)..];
        }

        return pairs;
    }

    private static void WriteTopics(Utf8JsonWriter json, List<TopicMetadata> topics)
    {
        json.WriteStartArray();
        foreach (var topic in topics)
        {
            json.WriteStartObject();
            json.WriteString("name", topic.Name);
            json.WriteString("id", KafkaUuid.ToText(topic.Id));
            json.WriteBoolean("internal", topic.IsInternal);
            json.WriteNumber("partitions", topic.Partitions.Count);
            json.WriteNumber("underReplicated", UnderReplicated(topic));
            json.WriteNumber("offline", Offline(topic));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>One line of JSON.</summary>
    internal static void WriteJson(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer)) write(json);
        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    /// <summary>What became of each topic, as lines or as one JSON array.</summary>
    private sealed class ResultReport(TextWriter output, TextWriter error, Option<bool> json)
    {
        internal int Write(ParseResult parsed, IReadOnlyList<TopicResult> results, string done, ErrorCode? fine)
        {
            if (parsed.GetValue(json)) TopicsVerb.WriteJson(output, writer => WriteAll(writer, results, done, fine));
            else foreach (var result in results) WriteLine(result, done, fine);
            return results.All(result => result.Error == ErrorCode.None || result.Error == fine) ? VerbProgram.Done : VerbProgram.Failed;
        }

        private void WriteLine(TopicResult result, string done, ErrorCode? fine)
        {
            if (result.Error == ErrorCode.None) output.WriteLine($"{result.Name}: {done}");
            else if (result.Error == fine) output.WriteLine($"{result.Name}: nothing to do");
            else error.WriteLine($"{result.Name}: {(string.IsNullOrEmpty(result.Message) ? "" : result.Message + " ")}({result.Error.Name()}){(ClientSession.HintOf(result.Error) is { } hint ? "; " + hint : "")}");
        }

        private static void WriteAll(Utf8JsonWriter writer, IReadOnlyList<TopicResult> results, string done, ErrorCode? fine)
        {
            writer.WriteStartArray();
            foreach (var result in results)
            {
                writer.WriteStartObject();
                writer.WriteString("name", result.Name);
                writer.WriteString("result", result.Error == ErrorCode.None ? done : result.Error == fine ? "nothing to do" : "failed");
                if (result.Error != ErrorCode.None) writer.WriteString("error", result.Error.Name());
                if (result.Error != ErrorCode.None && !string.IsNullOrEmpty(result.Message)) writer.WriteString("message", result.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }
    }
}

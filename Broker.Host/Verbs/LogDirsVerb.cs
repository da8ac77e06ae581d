using System.CommandLine;
using System.Text.Json;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Verbs;

/// <summary><c>log-dirs describe|move</c>.</summary>
internal static class LogDirsVerb
{
    internal static Command Create(TextWriter output, TextWriter error)
    {
        var bootstrap = ClientSession.BootstrapOption();
        var timeout = ClientSession.TimeoutOption();
        var json = new Option<bool>("--json") { Description = "JSON for scripts.", Recursive = true };
        var verb = new Command("log-dirs", "Look at the log directories of a broker, and move partitions between them.") { bootstrap, timeout, json };

        void Add(Command command, Func<ParseResult, ClientSession, CancellationToken, Task<int>> work)
        {
            command.SetAction((parsed, cancellation) => ClientSession.Run(parsed.GetValue(bootstrap)!, parsed.GetValue(timeout), error, (session, token) => work(parsed, session, token), cancellation));
            verb.Subcommands.Add(command);
        }

        AddDescribe(Add, output, json);
        AddMove(Add, output);
        return verb;
    }

    private static void AddDescribe(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, TextWriter output, Option<bool> json)
    {
        var topics = new Argument<string[]>("topic") { Description = "Topics; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
        add(new Command("describe", "Show the log directories, their room, and the partitions in them.") { topics }, async (parsed, session, cancellation) =>
        {
            var found = await session.Admin.DescribeLogDirsAsync(parsed.GetValue(topics)!, cancellation);
            if (parsed.GetValue(json)) WriteJson(found, output);
            else WriteLines(found, output);
            return VerbProgram.Done;
        });
    }

    private static void AddMove(Action<Command, Func<ParseResult, ClientSession, CancellationToken, Task<int>>> add, TextWriter output)
    {
        var topic = new Argument<string>("topic") { Description = "The topic." };
        var partition = new Argument<int>("partition") { Description = "The partition's number." };
        var directory = new Argument<string>("directory") { Description = "Where it shall lie: one of the broker's log directories." };
        add(new Command("move", "Move a partition to another log directory; `describe` shows how far it is.") { topic, partition, directory }, async (parsed, session, cancellation) =>
        {
            var moved = new TopicPartition(parsed.GetValue(topic)!, parsed.GetValue(partition));
            await session.Admin.MoveToLogDirAsync(moved, parsed.GetValue(directory)!, cancellation);
            output.WriteLine($"{moved.Topic}-{moved.Partition}: on its way to {parsed.GetValue(directory)}");
            return VerbProgram.Done;
        });
    }

    private static void WriteLines(IReadOnlyList<LogDir> found, TextWriter output)
    {
        foreach (var directory in found)
        {
            var room = directory.TotalBytes < 0 ? "" : $"\tFree: {directory.UsableBytes}\tTotal: {directory.TotalBytes}";
            output.WriteLine($"LogDir: {directory.Path}\tState: {(directory.Error == ErrorCode.None ? "online" : $"offline ({directory.Error.Name()})")}\tPartitions: {directory.Replicas.Count}{room}");
            foreach (var replica in directory.Replicas)
            {
                output.WriteLine($"\t{replica.Partition.Topic}-{replica.Partition.Partition}\tSize: {replica.SizeInBytes}\tOffsetLag: {replica.OffsetLag}{(replica.IsFuture ? "\tmoving here" : "")}");
            }
        }
    }

    private static void WriteJson(IReadOnlyList<LogDir> found, TextWriter output) => TopicsVerb.WriteJson(output, json =>
    {
        json.WriteStartArray();
        foreach (var directory in found) WriteJson(json, directory);
        json.WriteEndArray();
    });

    private static void WriteJson(Utf8JsonWriter json, LogDir directory)
    {
        json.WriteStartObject();
        json.WriteString("logDir", directory.Path);
        json.WriteString("error", directory.Error == ErrorCode.None ? null : directory.Error.Name());
        json.WriteNumber("totalBytes", directory.TotalBytes);
        json.WriteNumber("usableBytes", directory.UsableBytes);
        json.WriteStartArray("partitions");
        foreach (var replica in directory.Replicas)
        {
            json.WriteStartObject();
            json.WriteString("topic", replica.Partition.Topic);
            json.WriteNumber("partition", replica.Partition.Partition);
            json.WriteNumber("size", replica.SizeInBytes);
            json.WriteNumber("offsetLag", replica.OffsetLag);
            json.WriteBoolean("isFuture", replica.IsFuture);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}

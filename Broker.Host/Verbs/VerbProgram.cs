using System.CommandLine;
using AkkaStream.Host.Start;

namespace AkkaStream.Host.Verbs;

/// <summary>Every verb but the broker itself.</summary>
internal static partial class VerbProgram
{
    /// <summary>Exit code when it was done.</summary>
    internal const int Done = 0;

    /// <summary>Exit code when it failed.</summary>
    internal const int Failed = 1;

    /// <summary>Exit code when the command line cannot be used.</summary>
    internal const int Misused = 2;

    /// <summary>Exit code when it was broken off before it had done anything, as shells have it for Ctrl-C.</summary>
    internal const int Interrupted = 130;

    /// <summary>How long a verb that is broken off may take for its last words to brokers.</summary>
    internal static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    /// <summary>Runs a verb.</summary>
    /// <returns>The process's exit code.</returns>
    internal static int Run(string[] args) => Run(args, Console.Out, Console.Error);

    /// <summary>Runs a verb with its output elsewhere.</summary>
    internal static int Run(string[] args, TextWriter output, TextWriter error)
    {
        if (args is ["help", "broker"])
        {
            output.WriteLine(BrokerOptions.Help);
            return Done;
        }

        if (args is ["help", ..]) args = [.. args.AsSpan(1), "--help"];
        var parsed = Root(output, error).Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in CommandFaults.Of(parsed)) error.WriteLine(fault);
            return Misused;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = Farewell * 3 });
    }

    private static RootCommand Root(TextWriter output, TextWriter error)
    {
        var root = new RootCommand("AkkaStream: a Kafka-compatible broker, and the tools to look into it.") { TreatUnmatchedTokensAsErrors = true };
        root.Subcommands.Add(BrokerVerb.Create(output, error));
        root.Subcommands.Add(TopicsVerb.Create(output, error));
        root.Subcommands.Add(LogDirsVerb.Create(output, error));
        root.Subcommands.Add(ProduceVerb.Create(error));
        root.Subcommands.Add(ConsumeVerb.Create(output, error));
        root.Subcommands.Add(GroupsVerb.Create(output, error));
        root.Subcommands.Add(DumpVerb.Create(output, error));
        root.Subcommands.Add(LogVerb.Create(output, error));
        root.Subcommands.Add(ConfigVerb.Create(output, error));
        root.Subcommands.Add(TransactionsVerb.Create(output, error));
        root.Subcommands.Add(ClusterVerb.Create(output, error));
        root.Subcommands.Add(BrokersVerb.Create(output, error));
        root.Subcommands.Add(PartitionsVerb.Create(output, error));
        root.Subcommands.Add(ControllerVerb.Create(output, error));
        root.Subcommands.Add(ElectVerb.Create(output, error));
        root.Subcommands.Add(MetadataVerb.Create(output, error));
        root.Subcommands.Add(ReassignVerb.Create(output, error));
        AddSimulation(root, output, error);
        return root;
    }

    static partial void AddSimulation(RootCommand root, TextWriter output, TextWriter error);
}

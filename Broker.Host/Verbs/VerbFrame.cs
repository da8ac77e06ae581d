using System.CommandLine;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary>What the work of a verb's command gets: the command line, and a client.</summary>
/// <returns>The exit code.</returns>
internal delegate Task<int> VerbWork(ParseResult parsed, ClientSession session, CancellationToken cancellation);

/// <summary>A verb that talks to brokers, with the options that all of its commands share.</summary>
internal sealed class VerbFrame
{
    private readonly Option<string> bootstrap = ClientSession.BootstrapOption();
    private readonly Option<double> timeout = ClientSession.TimeoutOption();
    private readonly Option<bool> json = new("--json") { Description = "JSON for scripts.", Recursive = true };
    private readonly IBrokerTransport? transport;

    /// <summary>A verb.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does, in a sentence.</param>
    /// <param name="output">Its output.</param>
    /// <param name="error">What went wrong, and what is on its way.</param>
    /// <param name="transport">The way to a broker where it runs inside of one, as a palette; null where options say it.</param>
    internal VerbFrame(string name, string description, TextWriter output, TextWriter error, IBrokerTransport? transport)
    {
        this.transport = transport;
        Output = output;
        Error = error;
        Command = new Command(name, description) { bootstrap, timeout, json };
    }

    /// <summary>The verb.</summary>
    internal Command Command { get; }

    internal TextWriter Output { get; }

    internal TextWriter Error { get; }

    /// <summary>Whether it runs inside of a broker for a console: then it answers once, and does not wait for what takes long.</summary>
    internal bool IsPalette => transport is not null;

    /// <summary>Whether JSON is asked for.</summary>
    internal bool IsJson(ParseResult parsed) => parsed.GetValue(json);

    /// <summary>Adds a command.</summary>
    internal Command Add(Command command, VerbWork work)
    {
        SetWork(command, work);
        Command.Subcommands.Add(command);
        return command;
    }

    /// <summary>What the verb does where no command stands behind it.</summary>
    internal void SetDefault(VerbWork work) => SetWork(Command, work);

    /// <summary>Shows rows as a table or as JSON.</summary>
    /// <returns>The exit code.</returns>
    internal int Show(ParseResult parsed, RowTable table)
    {
        if (IsJson(parsed)) TopicsVerb.WriteJson(Output, table.WriteJson);
        else table.WriteText(Output);
        return VerbProgram.Done;
    }

    private void SetWork(Command command, VerbWork work)
        => command.SetAction((parsed, cancellation) => ClientSession.Run(parsed.GetValue(bootstrap)!, parsed.GetValue(timeout), Error, (session, token) => work(parsed, session, token), cancellation, transport));
}

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Pbm;

/// <summary>What stands on pbm's own command line.</summary>
/// <param name="Place">Where the host is.</param>
/// <param name="Json">Whether answers are for a script.</param>
/// <param name="Timeout">How long to wait for the host.</param>
/// <param name="Command">The words for the host; none for an interactive console.</param>
internal sealed record PbmOptions(HostPlace Place, bool Json, TimeSpan Timeout, IReadOnlyList<string> Command);

/// <summary>
/// Reads pbm's command line. Its own options may stand anywhere (<c>pbm cluster show --output json</c>); everything else is for the host, whose commands pbm
/// does not know. Behind <c>--</c> everything is.
/// </summary>
internal sealed class PbmCommandLine
{
    private static readonly string[] OwnNames = ["--host", "--port", "--output", "--timeout"];

    private readonly Option<string> _host = new("--host") { Description = "Where the host is: a name or an address.", DefaultValueFactory = _ => "127.0.0.1", CustomParser = Host };
    private readonly Option<int> _port = new("--port") { Description = "Its port.", DefaultValueFactory = _ => 9110, CustomParser = Port };
    private readonly Option<string> _output = new("--output") { Description = "text, or json for scripts.", DefaultValueFactory = _ => "text" };
    private readonly Option<double> _timeout = new("--timeout") { Description = "Seconds of silence after which the host is given up; it says every 10 s that a command still runs.", DefaultValueFactory = _ => 30, CustomParser = Seconds };

    /// <summary>Reads a command line. Null where everything is said already; then <paramref name="exitCode"/> is how the process ends.</summary>
    public PbmOptions? Read(string[] args, IConsole console, out int exitCode)
    {
        var (own, command) = Divide(args);
        var root = Root();
        var parsed = root.Parse(own);
        PbmOptions? options = null;
        root.SetAction(result =>
        {
            options = Options(result, command);
            return ExitCodes.Done;
        });
        if (parsed.Errors.Count > 0)
        {
            foreach (var fault in parsed.Errors) console.Error.WriteLine(fault.Message);
            console.Error.WriteLine("See: pbm --help");
            exitCode = ExitCodes.Misused;
            return null;
        }

        exitCode = parsed.Invoke(new InvocationConfiguration { Output = console.Out, Error = console.Error, EnableDefaultExceptionHandler = false });
        return options;
    }

    private static (List<string> Own, List<string> Command) Divide(string[] args)
    {
        var own = new List<string>();
        var command = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--")
            {
                command.AddRange(args[(i + 1)..]);
                break;
            }

            var name = args[i].Split('=')[0];
            if (OwnNames.Contains(name))
            {
                own.Add(args[i]);
                if (name == args[i] && i + 1 < args.Length) own.Add(args[++i]);
            }
            else if (command.Count == 0 && args[i].StartsWith('-'))
            {
                // Before any word of a command: pbm's own --help and --version, and what is no option at all.
                own.Add(args[i]);
            }
            else
            {
                command.Add(args[i]);
            }
        }

        return (own, command);
    }

    // As users of pbm know it: the host may stand first, as host:port.
    private PbmOptions Options(ParseResult parsed, List<string> command)
    {
        var place = new HostPlace(parsed.GetValue(_host)!, parsed.GetValue(_port));
        if (command.Count > 0 && PlaceOf(command[0]) is { } given)
        {
            place = given;
            command.RemoveAt(0);
        }

        return new PbmOptions(place, parsed.GetValue(_output) == "json", TimeSpan.FromSeconds(parsed.GetValue(_timeout)), command);
    }

    private static HostPlace? PlaceOf(string word)
    {
        var colon = word.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(word.AsSpan(colon + 1), out var port) && port > 0 ? new HostPlace(word[..colon].Trim('[', ']'), port) : null;
    }

    private RootCommand Root()
    {
        _output.AcceptOnlyFromAmong("text", "json");
        return new RootCommand("""
            Looks into a running AkkaStream broker, or any actor system with a Petabridge.Cmd host.

              pbm                          an interactive console: Tab completes, help tells what there is
              pbm help                     the commands of the host
              pbm actor hierarchy -s /user one command; --help behind it tells what it takes
              pbm HOST:PORT ...            as --host HOST --port PORT
              echo 'sys info' | pbm        commands from a script, up to the first that fails

            Exit codes: 0 done, 1 the command failed, 2 it was not understood, 3 no host was reached.
            """) { _host, _port, _output, _timeout };
    }

    private static string Host(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        return text.Trim().Length is > 0 and <= Limits.HostChars ? text : Not(given, text, $"--host: expected a name or an address of 1 to {Limits.HostChars} characters, not '{text}'");
    }

    private static int Port(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is >= 1 and <= 65535 ? port : Not(given, port, $"--port: expected a number from 1 to 65535, not '{text}'");
    }

    private static double Seconds(ArgumentResult given)
    {
        var text = given.Tokens[0].Value;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 86_400 ? seconds : Not(given, seconds, $"--timeout: expected seconds, more than 0 and at most 86400, not '{text}'");
    }

    private static T Not<T>(ArgumentResult given, T value, string why)
    {
        given.AddError(why);
        return value;
    }
}

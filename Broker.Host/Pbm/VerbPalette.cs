using System.CommandLine;
using Akka.Actor;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Verbs;
using Petabridge.Cmd;
using Petabridge.Cmd.Host;

namespace AkkaStream.Host.Pbm;

/// <summary>A verb of the command line as a palette of <c>pbm</c>: the same code, the same tables, on the broker in this process.</summary>
/// <param name="palette">The palette; its commands are the verb's.</param>
/// <param name="broker">The broker that is asked.</param>
/// <param name="verb">Makes the verb for two outputs and a way to the broker.</param>
internal sealed class VerbPalette(CommandPalette palette, RunningBroker broker, Func<TextWriter, TextWriter, IBrokerTransport?, System.CommandLine.Command> verb) : CommandPaletteHandler(palette)
{
    public override Props HandlerProps => Props.Create(() => new Handler(Palette, broker, verb));

    /// <summary>The words of the verb's command line.</summary>
    internal static List<string> WordsOf(CommandDefinition definition, Petabridge.Cmd.Command command)
    {
        var words = new List<string> { command.Name };
        var names = new List<string>();
        foreach (var (text, value) in command.Arguments)
        {
            var name = definition.Arguments.First(a => a.Switch.Contains(text)).Name;
            if (!name.StartsWith('-')) names.Add(value);
            else if (value == "true") words.Add(name);
            else words.Add($"{name}={value}");
        }

        // Behind this nothing is read as an option, whatever a console sends.
        if (names.Count > 0) words.Add("--");
        words.AddRange(names);
        return words;
    }

    private sealed class Handler : CommandHandlerActor
    {
        private readonly RunningBroker broker;
        private readonly Func<TextWriter, TextWriter, IBrokerTransport?, System.CommandLine.Command> verb;

        public Handler(CommandPalette palette, RunningBroker broker, Func<TextWriter, TextWriter, IBrokerTransport?, System.CommandLine.Command> verb)
            : base(palette)
        {
            this.broker = broker;
            this.verb = verb;
            foreach (var definition in palette.CommandsByName.Values)
            {
                Process(definition.Name, command => Run(WordsOf(definition, command)).PipeTo(Sender, failure: fault => new ErroredCommandResponse(fault.Message)));
            }
        }

        private async Task<CommandResponse> Run(List<string> words)
        {
            var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
            var parsed = verb(output, error, broker.IsMember ? new MemberTransport(broker.Connect()) : broker.Connect()).Parse(words);
            if (parsed.Errors.Count > 0) return new ErroredCommandResponse(string.Join('\n', parsed.Errors.Select(e => e.Message)));
            var code = await parsed.InvokeAsync(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
            var text = (error.ToString() + output).TrimEnd('\n');
            return code == VerbProgram.Done ? new CommandResponse(text) : new ErroredCommandResponse(text);
        }
    }
}

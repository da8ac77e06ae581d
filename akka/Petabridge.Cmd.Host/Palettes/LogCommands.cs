using System.Globalization;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Event;

namespace Petabridge.Cmd.Host.Palettes;

/// <summary>The palette <c>log</c>: what the system said.</summary>
internal sealed class LogCommands() : CommandPaletteHandler(Definition)
{
    public const string Peek = "peek";
    public const string Tail = "tail";

    public static readonly CommandPalette Definition = new("log",
    [
        new CommandDefinitionBuilder().WithName(Peek).WithDescription("Shows the last events of the log.")
            .WithArgument(a => a.WithName("count").WithDescription($"How many, 1 to {HostLimits.KeptEvents}.").WithSwitch("-n").WithSwitch("--count").HasValue().WithDefaultValue("50"))
            .WithArgument(Level).WithArgument(Tables.Json).Build(),
        new CommandDefinitionBuilder().WithName(Tail).WithDescription("Shows events as they come, until it is interrupted.").WithArgument(Level).Build(),
    ]);

    private IActorRef _book = ActorRefs.Nobody;

    public override Props HandlerProps => Props.Create(() => new Handler(_book));

    public override void OnRegister(PetabridgeCmd plugin)
        => _book = ((ExtendedActorSystem)plugin.Sys).SystemActorOf(Props.CreateBy(new GuardianProducer(static () => new LogBook())), "petabridge.cmd-log");

    private static ArgumentDefinitionBuilder Level(ArgumentDefinitionBuilder argument)
        => argument.WithName("level").WithDescription("The least level to show; what the system's own loglevel leaves out is not there.").WithSwitch("-l").WithSwitch("--level").HasValue()
            .WithDefaultValue("DEBUG").WithDefaultValues("DEBUG", "INFO", "WARNING", "ERROR");

    private sealed class Handler : CommandHandlerActor
    {
        public Handler(IActorRef book)
            : base(Definition)
        {
            Process(Peek, (_, arguments) =>
            {
                var count = arguments.ArgumentValues("count")[^1];
                var isCount = int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= HostLimits.KeptEvents;
                if (!isCount) Sender.Tell(new ErroredCommandResponse($"--count {count}: expected a number from 1 to {HostLimits.KeptEvents}"), Self);
                else book.Tell(new LogBook.PeekAt(number, LevelOf(arguments), Tables.WantsJson(arguments)), Sender);
            });
            Process(Tail, (_, arguments) => book.Tell(new LogBook.Follow(LevelOf(arguments)), Sender));
        }

        private static LogLevel LevelOf(CommandArguments arguments) => Logging.LogLevelFor(arguments.ArgumentValues("level")[^1]);
    }
}

/// <summary>Keeps the last events of the log, and hands new ones to who follows.</summary>
internal sealed class LogBook : UntypedActor
{
    private readonly Queue<(LogLevel Level, string Text)> _kept = new();
    private readonly Dictionary<IActorRef, LogLevel> _followers = [];

    protected override void PreStart() => Context.System.EventStream.Subscribe(Self, typeof(LogEvent));

    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case LogEvent said:
                Keep(said);
                break;
            case PeekAt peek:
                Sender.Tell(new CommandResponse(Show(peek)), Self);
                break;
            case Follow when _followers.Count >= HostLimits.Followers:
                Sender.Tell(new ErroredCommandResponse($"{HostLimits.Followers} consoles follow the log already"), Self);
                break;
            case Follow follow:
                _followers[Sender] = follow.Level;
                Context.Watch(Sender);
                break;
            case Terminated gone:
                _followers.Remove(gone.ActorRef);
                break;
        }
    }

    private void Keep(LogEvent said)
    {
        var text = said.ToString();
        if (text.Length > HostLimits.EventChars) text = text[..HostLimits.EventChars] + "...";
        if (_kept.Count == HostLimits.KeptEvents) _kept.Dequeue();
        _kept.Enqueue((said.LogLevel(), text));
        foreach (var (follower, least) in _followers)
        {
            if (said.LogLevel() >= least) follower.Tell(new CommandResponse(text + "\n", false), Self);
        }
    }

    private string Show(PeekAt peek)
    {
        var lines = _kept.Where(e => e.Level >= peek.Level).Select(e => e.Text).TakeLast(peek.Count).ToList();
        if (!peek.Json) return lines.Count == 0 ? "nothing was logged yet" : string.Join('\n', lines);
        return Tables.WriteJson(json =>
        {
            json.WriteStartArray();
            foreach (var line in lines) json.WriteStringValue(line);
            json.WriteEndArray();
        });
    }

    /// <summary>Shows the last ones.</summary>
    public sealed record PeekAt(int Count, LogLevel Level, bool Json) : INoSerializationVerificationNeeded;

    /// <summary>Shows new ones to the sender, as long as it lives.</summary>
    public sealed record Follow(LogLevel Level) : INoSerializationVerificationNeeded;
}

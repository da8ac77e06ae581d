using Akka.Actor;
using Akka.Actor.Internal;
using Petabridge.Cmd.Wire;

namespace Petabridge.Cmd.Host.Internal;

/// <summary>
/// One console: reads its frames, one at a time, runs its commands, one at a time, and ends with its connection. Each command has a sender of its own, so that
/// what a cancelled one still says reaches nobody.
/// </summary>
internal sealed class CommandSession : UntypedActor, IWithTimers
{
    private const string IdleTimer = "idle";
    private const string AliveTimer = "alive";

    private readonly PetabridgeCmd _plugin;
    private readonly CommandConnection _connection;
    private readonly Dictionary<string, IActorRef> _handlers = new(StringComparer.Ordinal);
    private IActorRef? _run;
    private IActorRef? _handler;
    private bool _json;

    public CommandSession(PetabridgeCmd plugin, CommandConnection connection)
    {
        _plugin = plugin;
        _connection = connection;
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var self = Self;
        _ = _connection.Run((kind, payload) => self.Tell(new Came(kind, payload), ActorRefs.NoSender), () => self.Tell(Gone.Instance, ActorRefs.NoSender));
        Timers.StartSingleTimer(IdleTimer, Idle.Instance, HostLimits.IdleTime);
    }

    protected override void PostStop() => _connection.Close();

    // A handler that fails has not answered, and will not: the console must hear of it.
    protected override SupervisorStrategy SupervisorStrategy()
    {
        var self = Self;
        return new OneForOneStrategy(failure =>
        {
            self.Tell(new HandlerFailed(failure.Message), ActorRefs.NoSender);
            return Directive.Restart;
        });
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Came came:
                Take(came);
                break;
            case CommandRun.Said said when said.Run.Equals(_run):
                Say(said.Answer);
                break;
            case HandlerFailed failed when _run is not null:
                Say(new ErroredCommandResponse($"the command's handler failed: {failed.Why}"));
                break;
            case Terminated ended:
                foreach (var palette in _handlers.Where(h => h.Value.Equals(ended.ActorRef)).Select(h => h.Key).ToList()) _handlers.Remove(palette);
                if (_run is not null && ended.ActorRef.Equals(_handler)) Say(new ErroredCommandResponse("the command's handler has stopped"));
                break;
            case Alive when _run is not null:
                _connection.Send(Frames.Output(new OutputPiece(OutputFlags.None, "")));
                break;
            case Idle when _run is null:
            case Gone:
                Context.Stop(Self);
                break;
        }
    }

    private void Take(Came came)
    {
        Timers.StartSingleTimer(IdleTimer, Idle.Instance, HostLimits.IdleTime);
        try
        {
            Take(came.Kind, came.Payload);
            _connection.Next();
        }
        catch (InvalidDataException)
        {
            Context.Stop(Self);
        }
    }

    private void Take(FrameKind kind, byte[] payload)
    {
        switch (kind)
        {
            case FrameKind.Describe:
                _connection.Send(Frames.Palettes(_plugin.Palettes()));
                break;
            case FrameKind.Run when _run is null:
                Start(Frames.ReadRun(payload));
                break;
            case FrameKind.Cancel:
                if (_run is not null) End(OutputFlags.Final, "");
                break;
            default:
                throw new InvalidDataException($"a frame {kind} out of its turn");
        }
    }

    private void Start(RunRequest request)
    {
        var resolved = CommandLine.Resolve(_plugin, request);
        if (resolved.Command is null)
        {
            Send(resolved.Text, resolved.IsMisuse ? OutputFlags.Final | OutputFlags.Failed | OutputFlags.Misused : OutputFlags.Final);
            return;
        }

        var palette = resolved.Handler!.Palette.ModuleName;
        if (!_handlers.TryGetValue(palette, out var handler)) _handlers.Add(palette, handler = Context.Watch(Context.ActorOf(resolved.Handler.HandlerProps)));
        _json = resolved.IsJson;
        _run = Context.ActorOf(Props.CreateBy(new GuardianProducer(static () => new CommandRun())));
        Timers.StartPeriodicTimer(AliveTimer, Alive.Instance, HostLimits.AliveTime);
        _handler = handler;
        handler.Tell(resolved.Command, _run);
    }

    private void Say(CommandResponse answer)
    {
        if (answer is ErroredCommandResponse) End(OutputFlags.Final | OutputFlags.Failed, answer.Msg);
        else if (answer.Final) End(OutputFlags.Final | (_json ? OutputFlags.Json : 0), answer.Msg);
        else Send(answer.Msg, _json ? OutputFlags.Json : OutputFlags.None);
    }

    private void End(OutputFlags flags, string text)
    {
        Context.Stop(_run!);
        (_run, _handler) = (null, null);
        Timers.Cancel(AliveTimer);
        Timers.StartSingleTimer(IdleTimer, Idle.Instance, HostLimits.IdleTime);
        Send(text, flags);
    }

    private void Send(string text, OutputFlags flags)
    {
        if (text.Length > HostLimits.AnswerChars) text = $"{text.AsSpan(0, HostLimits.AnswerChars)}\n... cut off: an answer has at most {HostLimits.AnswerChars} characters, this one had {text.Length}";
        foreach (var piece in Frames.Split(text, flags)) _connection.Send(Frames.Output(piece));
    }

    private sealed record Came(FrameKind Kind, byte[] Payload) : INoSerializationVerificationNeeded;

    private sealed record HandlerFailed(string Why) : INoSerializationVerificationNeeded;

    private sealed record Alive : INoSerializationVerificationNeeded
    {
        public static readonly Alive Instance = new();
    }

    private sealed record Idle : INoSerializationVerificationNeeded
    {
        public static readonly Idle Instance = new();
    }

    private sealed record Gone : INoSerializationVerificationNeeded
    {
        public static readonly Gone Instance = new();
    }
}

/// <summary>The sender of one command.</summary>
internal sealed class CommandRun : UntypedActor
{
    protected override void OnReceive(object message)
    {
        var answer = message switch
        {
            CommandResponse response => response,
            Status.Failure failure => new ErroredCommandResponse(failure.Cause.Message),
            string text => new CommandResponse(text),
            _ => new ErroredCommandResponse($"the command's handler answered with a {message.GetType().Name}, which is no {nameof(CommandResponse)}"),
        };
        Context.Parent.Tell(new Said(Self, answer), Self);
    }

    /// <summary>To the session.</summary>
    public sealed record Said(IActorRef Run, CommandResponse Answer) : INoSerializationVerificationNeeded;
}

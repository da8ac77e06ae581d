using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Event;

namespace Petabridge.Cmd.Host.Internal;

/// <summary>Holds the port, and makes a session of each console that comes.</summary>
internal sealed class CommandHost : UntypedActor
{
    private readonly PetabridgeCmd _plugin;
    private readonly TaskCompletionSource<int> _bound;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private CommandListener? _listener;
    private int _sessions;

    public CommandHost(PetabridgeCmd plugin, TaskCompletionSource<int> bound)
    {
        _plugin = plugin;
        _bound = bound;
    }

    protected override void PreStart()
    {
        var config = Context.System.Settings.Config.GetConfig("petabridge.cmd");
        var host = config.GetString("host", "127.0.0.1")!;
        var port = config.GetInt("port", 9110);
        if (config.GetBoolean("log-palettes-on-startup")) _log.Info("Petabridge.Cmd has the palettes {0}", string.Join(", ", _plugin.Palettes().Select(p => p.ModuleName)));
        _ = Bind(host, port, Self);
    }

    protected override void PostStop() => _listener?.Dispose();

    protected override SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.StoppingStrategy;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case BoundTo bound:
                _listener = bound.Listener;
                _log.Info("Petabridge.Cmd listens at {0}:{1}", bound.Host, bound.Listener.Port);
                var self = Self;
                _ = bound.Listener.Accept(connection => self.Tell(new Came(connection), ActorRefs.NoSender));
                _bound.TrySetResult(bound.Listener.Port);
                break;
            case NotBound not:
                _log.Warning("Petabridge.Cmd cannot listen at {0}:{1} ({2}), so pbm cannot look in here; everything else goes on. Another place: petabridge.cmd.host and petabridge.cmd.port", not.Host, not.Port, not.Failure.Message);
                _bound.TrySetException(not.Failure);
                break;
            case Came came:
                var isFull = _sessions >= HostLimits.Consoles;
                if (!isFull)
                {
                    _sessions++;
                    Context.Watch(Context.ActorOf(Props.CreateBy(new GuardianProducer(() => new CommandSession(_plugin, came.Connection)))));
                }
                else
                {
                    came.Connection.Refuse();
                }

                break;
            case Terminated:
                _sessions--;
                break;
        }
    }

    private static async Task Bind(string host, int port, IActorRef self)
    {
        try
        {
            self.Tell(new BoundTo(host, await CommandListener.Bind(host, port).ConfigureAwait(false)), ActorRefs.NoSender);
        }
        catch (Exception e)
        {
            self.Tell(new NotBound(host, port, e), ActorRefs.NoSender);
        }
    }

    private sealed record BoundTo(string Host, CommandListener Listener) : INoSerializationVerificationNeeded;

    private sealed record NotBound(string Host, int Port, Exception Failure) : INoSerializationVerificationNeeded;

    private sealed record Came(CommandConnection Connection) : INoSerializationVerificationNeeded;
}

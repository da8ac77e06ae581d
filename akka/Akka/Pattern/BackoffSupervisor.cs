using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Pattern;

/// <summary>What supervisors with a backoff share.</summary>
public abstract class BackoffSupervisorBase : ActorBase
{
    private protected BackoffSupervisorBase()
    {
    }

    /// <inheritdoc/>
    protected override void PreStart() => StartTheChild();

    private protected abstract void StartTheChild();
}

/// <summary>
/// Supervises one child and lets it begin again only after a while: twice as long each time, up to a limit, and with a random part so that many do not
/// begin at once. Messages go on to the child.
/// </summary>
public sealed class BackoffSupervisor : BackoffSupervisorBase
{
    private readonly ChildBackoff _options;
    private IActorRef? _child;
    private int _restarts;
    private bool _final;

    internal BackoffSupervisor(ChildBackoff options) => _options = options;

    /// <summary>A supervisor by these options.</summary>
    public static Props Props(BackoffOptions options) => options.Props();

    /// <summary>A supervisor of a child that ends.</summary>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor)
        => Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor));

    /// <summary>A supervisor of a child that ends, at most so many times.</summary>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries)
        => Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries));

    /// <summary>How long to wait before the next time.</summary>
    internal static TimeSpan Delay(int restarts, ChildBackoff options, SystemDice dice)
    {
        var random = 1.0 + (dice.Fraction() * options.RandomFactor);
        var grown = restarts >= 30 ? options.MaxBackoff.Ticks : Math.Min(options.MaxBackoff.Ticks, options.MinBackoff.Ticks * Math.Pow(2, restarts));
        return TimeSpan.FromTicks((long)Math.Min(TimeSpan.MaxValue.Ticks / 2, grown * random));
    }

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy()
        => new OneForOneStrategy(-1, -1, _options.Restart == RestartType.OnFailure ? Decide : _options.Strategy.Decider.Decide);

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case StartChild:
                StartTheChild();
                break;
            case ResetRestartCount reset:
                if (reset.Current == _restarts) _restarts = 0;
                break;
            case Reset:
                if (_options.Reset is ManualReset) _restarts = 0;
                else Unhandled(message);
                break;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts), Self);
                break;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child!), Self);
                break;
            case Terminated terminated when _child is not null && terminated.ActorRef.Equals(_child):
                ChildEnded();
                break;
            default:
                HandOn(message);
                break;
        }

        return true;
    }

    // What would restart the child stops it here: it begins again when the time has come.
    private Directive Decide(Exception cause)
    {
        var directive = _options.Strategy.Decider.Decide(cause);
        if (directive != Directive.Restart) return directive;
        _failed = true;
        return Directive.Stop;
    }

    private bool _failed;

    private void ChildEnded()
    {
        _child = null;
        var failed = _failed;
        _failed = false;
        var most = _options.Strategy.MaxNumberOfRetries;
        var goesOn = !_final && (_options.Restart == RestartType.OnStop || failed) && (most < 0 || _restarts < most);
        if (!goesOn)
        {
            Context.Stop(Self);
            return;
        }

        var delay = Delay(_restarts, _options, ((ActorCell)Context).SystemImpl.Dice);
        _restarts++;
        Context.System.Scheduler.ScheduleTellOnce(delay, Self, StartChild.Instance, Self);
    }

    private protected override void StartTheChild()
    {
        if (_child is not null) return;
        _child = Context.Watch(Context.ActorOf(_options.ChildProps, _options.ChildName));
        if (_options.Reset is AutoReset auto && _restarts > 0) Context.System.Scheduler.ScheduleTellOnce(auto.ResetBackoff, Self, new ResetRestartCount(_restarts), Self);
    }

    private void HandOn(object message)
    {
        if (_child is not null && _child.Equals(Sender))
        {
            Context.Parent.Forward(message);
            return;
        }

        if (_options.FinalStopMessage?.Invoke(message) == true) _final = true;
        if (_child is not null) _child.Forward(message);
        else if (_options.ReplyWhileStopped is { } reply) Sender.Tell(reply, Self);
        else Context.System.DeadLetters.Forward(message);
        if (_final && _child is null) Context.Stop(Self);
    }

    /// <summary>Asks for the child; the answer is <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        /// <summary>The only one.</summary>
        public static readonly GetCurrentChild Instance = new();

        private GetCurrentChild()
        {
        }
    }

    /// <summary>The answer to <see cref="GetCurrentChild"/>.</summary>
    public sealed class CurrentChild(IActorRef @ref)
    {
        /// <summary>The child; null while it is not there.</summary>
        public IActorRef Ref { get; } = @ref;
    }

    /// <summary>Sets the count of restarts to 0, with manual reset.</summary>
    public sealed class Reset
    {
        /// <summary>The only one.</summary>
        public static readonly Reset Instance = new();

        private Reset()
        {
        }
    }

    /// <summary>Asks for the count of restarts; the answer is <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        /// <summary>The only one.</summary>
        public static readonly GetRestartCount Instance = new();

        private GetRestartCount()
        {
        }
    }

    /// <summary>The answer to <see cref="GetRestartCount"/>.</summary>
    public sealed class RestartCount(int count)
    {
        /// <summary>How many since the last reset.</summary>
        public int Count { get; } = count;
    }

    /// <summary>The child may begin.</summary>
    public sealed class StartChild : INotInfluenceReceiveTimeout
    {
        /// <summary>The only one.</summary>
        public static readonly StartChild Instance = new();

        private StartChild()
        {
        }
    }

    /// <summary>The child lived long enough, unless it was restarted since.</summary>
    public sealed class ResetRestartCount(int current)
    {
        /// <summary>The count when that was planned.</summary>
        public int Current { get; } = current;
    }
}

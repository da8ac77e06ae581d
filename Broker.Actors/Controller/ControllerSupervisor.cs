using Akka.Actor;
using Akka.Event;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Controller;

/// <summary>
/// The cluster's singleton: keeps a <see cref="ClusterControllerActor"/> running. One that lost its epoch or its majority ends, and another one begins after a moment; two that contend wait
/// longer and longer, each by its own dice. What comes while there is none waits, up to <see cref="Limits.ControllerWaiting"/>, and is refused with NOT_CONTROLLER beyond.
/// </summary>
public sealed class ControllerSupervisor : ReceiveActor, IWithTimers
{
    /// <summary>The name of the singleton under its manager.</summary>
    public const string Name = "controller";

    private const int FirstDelayMs = 50;
    private const int LongestDelayMs = 5000;
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(10);

    private readonly ClusterControllerSetup setup;
    private readonly Func<int, int> dice;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private readonly Queue<(object Message, IActorRef Sender)> waiting = new();
    private IActorRef? controller;
    private bool isReady;
    private TimeSpan since;
    private int delayMs = FirstDelayMs;

    /// <summary>The singleton.</summary>
    /// <param name="setup">What the controller needs.</param>
    /// <param name="dice">A number from 0 up to a bound.</param>
    public ControllerSupervisor(ClusterControllerSetup setup, Func<int, int> dice)
    {
        this.setup = setup;
        this.dice = dice;
        Receive<ControllerReady>(_ => Ready());
        Receive<Again>(_ => Begin());
        Receive<Terminated>(_ => Ended());
        ReceiveAny(Forward);
    }

    /// <inheritdoc/>
    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    /// <summary>How the singleton is made.</summary>
    public static Props Props(ClusterControllerSetup setup, Func<int, int> dice) => Akka.Actor.Props.Create(typeof(ControllerSupervisor), setup, dice);

    /// <inheritdoc/>
    protected override void PreStart() => Begin();

    // A controller that fails is not gone on with: its image may be ahead of its journal.
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(error =>
    {
        log.Error(error, "the controller failed");
        return Directive.Stop;
    });

    private void Begin()
    {
        since = Context.System.Scheduler.MonotonicClock;
        controller = Context.Watch(Context.ActorOf(Akka.Actor.Props.Create(typeof(ClusterControllerActor), setup)));
    }

    private void Ready()
    {
        isReady = true;
        while (waiting.TryDequeue(out var waited)) controller?.Tell(waited.Message, waited.Sender);
    }

    private void Ended()
    {
        if (isReady && Context.System.Scheduler.MonotonicClock - since > Steady) delayMs = FirstDelayMs;
        (controller, isReady) = (null, false);
        ((IWithTimers)this).Timers.StartSingleTimer(nameof(Again), Again.Instance, TimeSpan.FromMilliseconds((delayMs / 2) + dice(delayMs)));
        delayMs = Math.Min(delayMs * 2, LongestDelayMs);
    }

    private void Forward(object message)
    {
        if (isReady && controller is not null) controller.Tell(message, Sender);
        else if (waiting.Count < Limits.ControllerWaiting) waiting.Enqueue((message, Sender));
        else if (message is ControllerCall call) Sender.Tell(new ControllerAnswer(call.Id, ErrorCode.NotController, default, -1), Self);
    }

    private sealed class Again
    {
        public static readonly Again Instance = new();
    }
}

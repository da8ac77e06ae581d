using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Controller;

/// <summary>What a broker says of itself to the controller, and what it hears.</summary>
public sealed record BrokerLife
{
    /// <summary>The registration, complete but for the epoch before.</summary>
    public required BrokerRegistrationRequest Registration { get; init; }

    /// <summary>The way to the controller: this broker's <see cref="ControllerLink"/>.</summary>
    public required IActorRef Link { get; init; }

    /// <summary>Offset of the last event that this broker has; from any thread.</summary>
    public required Func<long> MetadataOffset { get; init; }

    /// <summary>Ids of log directories that are offline; from any thread.</summary>
    public Func<List<Guid>> OfflineLogDirs { get; init; } = static () => [];

    /// <summary>Ids of log directories that get no new partitions (<c>cordoned.log.dirs</c>); from any thread.</summary>
    public Func<List<Guid>> CordonedLogDirs { get; init; } = static () => [];

    /// <summary>How often it is told that all is well: <c>broker.heartbeat.interval.ms</c>. While this broker is fenced, more often.</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Hears the broker's epoch each time it is registered.</summary>
    public required Action<long> Registered { get; init; }

    /// <summary>Hears each time whether it is fenced now.</summary>
    public Action<bool> Fenced { get; init; } = static _ => { };
}

/// <summary>The broker is about to stop; told to <see cref="BrokerLifecycleActor"/>.</summary>
/// <param name="Timeout">How long the controller gets to move leaders away.</param>
/// <param name="Done">Hears, once, whether they all moved.</param>
public sealed record BeginShutdown(TimeSpan Timeout, Action<bool> Done) : INoSerializationVerificationNeeded;

/// <summary>
/// A broker's life with the controller: registers until it is accepted, says that it lives and how far it is, and before it stops asks that its leaders be moved.
/// </summary>
public sealed class BrokerLifecycleActor : ReceiveActor, IWithTimers
{
    /// <summary>Its name.</summary>
    public const string Name = "lifecycle";

    private const short RegistrationVersion = 4;
    private const short HeartbeatVersion = 2;
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Slowest = TimeSpan.FromSeconds(1);

    private readonly BrokerLife life;
    private readonly ILoggingAdapter log = Context.GetLogger();
    private long epoch = -1;
    private int refusals;
    private bool isFenced = true;
    private BeginShutdown? stopping;
    private TimeSpan stopBy;
    private bool isAsking;
    private List<Guid> toldCordoned = [];

    /// <summary>A broker's life.</summary>
    public BrokerLifecycleActor(BrokerLife life)
    {
        this.life = life;
        Receive<Turn>(_ => Next());
        Receive<Reply>(Heard);
        Receive<BeginShutdown>(Stop);
        Receive<MetadataApplied>(applied => Applied(applied.Image));
    }

    /// <inheritdoc/>
    ITimerScheduler IWithTimers.Timers { get; set; } = null!;

    private TimeSpan Now => Context.System.Scheduler.MonotonicClock;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(MetadataApplied));
        Next();
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        stopping?.Done(false);
    }

    // One that wants to stop waits until the others know who leads now; and one that was fenced by mistake says at once that it is there.
    private void Applied(MetadataImage image)
    {
        if (epoch < 0 || isAsking) return;
        var own = image.Brokers.GetValueOrDefault(life.Registration.BrokerId);
        if (own is { IsFenced: true } && !isFenced) Next();
        else if (image.Brokers.Values.Any(b => b.IsShuttingDown && !b.IsFenced)) Next();
        // Until the controller has heard of it, the next topic would still be placed here.
        else if (!life.CordonedLogDirs().SequenceEqual(toldCordoned)) Next();
    }

    private void Stop(BeginShutdown stop)
    {
        stopping?.Done(false);
        (stopping, stopBy) = (stop, Now + stop.Timeout);
        if (epoch < 0) EndStop(true);
        else if (!isAsking) Next();
    }

    private void Next()
    {
        if (isAsking) return;
        if (stopping is not null && Now >= stopBy)
        {
            EndStop(false);
            return;
        }

        isAsking = true;
        if (epoch < 0) Ask(life.Registration, RegistrationVersion);
        else Ask(Heartbeat(), HeartbeatVersion);
    }

    private BrokerHeartbeatRequest Heartbeat()
    {
        toldCordoned = life.CordonedLogDirs();
        return new()
        {
            BrokerId = life.Registration.BrokerId,
            BrokerEpoch = epoch,
            CurrentMetadataOffset = life.MetadataOffset(),
            WantShutDown = stopping is not null,
            OfflineLogDirs = life.OfflineLogDirs(),
            CordonedLogDirs = toldCordoned,
        };
    }

    private void Ask(IApiMessage request, short version)
    {
        var self = Self;
        life.Link.Tell(new ControllerRequest(request, version, Answer, reply => self.Tell(new Reply(reply), ActorRefs.NoSender)) { IsRepeatable = true, AwaitsMetadata = false }, Self);
    }

    private void Heard(Reply heard)
    {
        isAsking = false;
        switch (heard.Of.Response)
        {
            case BrokerRegistrationResponse registered:
                Registered(registered);
                break;
            case BrokerHeartbeatResponse beat:
                Beat(beat);
                break;
            default:
                After(Soon);
                break;
        }
    }

    private void Registered(BrokerRegistrationResponse answer)
    {
        if (answer.ErrorCode != ErrorCode.None)
        {
            // Its former life may not be known to be over yet; anything else somebody has to read.
            if (refusals++ % 10 == 0) log.Warning("the controller does not take this broker in: {0}. It is asked again.", answer.ErrorCode.Name());
            After(TimeSpan.FromMilliseconds(Math.Min(Slowest.TotalMilliseconds, Soon.TotalMilliseconds * refusals)));
            return;
        }

        (epoch, refusals) = (answer.BrokerEpoch, 0);
        log.Info("broker {0} is registered with epoch {1}", life.Registration.BrokerId, epoch);
        life.Registered(epoch);
        Next();
    }

    private void Beat(BrokerHeartbeatResponse answer)
    {
        if (answer.ErrorCode is ErrorCode.StaleBrokerEpoch or ErrorCode.BrokerIdNotRegistered)
        {
            log.Warning("the controller does not know this broker's registration any more ({0}): it registers again", answer.ErrorCode.Name());
            epoch = -1;
            After(Soon);
            return;
        }

        if (answer.ErrorCode != ErrorCode.None)
        {
            After(Soon);
            return;
        }

        if (answer.IsFenced != isFenced) log.Info("broker {0} {1}", life.Registration.BrokerId, answer.IsFenced ? "is fenced" : "takes part");
        isFenced = answer.IsFenced;
        life.Fenced(isFenced);
        if (stopping is not null && answer.ShouldShutDown) EndStop(true);
        else After(isFenced || stopping is not null ? Soon : life.HeartbeatInterval);
    }

    private void EndStop(bool moved)
    {
        var stop = stopping;
        stopping = null;
        stop?.Done(moved);
    }

    private void After(TimeSpan delay) => ((IWithTimers)this).Timers.StartSingleTimer(nameof(Turn), Turn.Instance, delay);

    private sealed record Reply(ControllerReply Of) : INoSerializationVerificationNeeded;

    private sealed class Turn
    {
        public static readonly Turn Instance = new();
    }
}

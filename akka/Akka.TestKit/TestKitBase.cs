using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Event;
using Akka.TestKit.Configs;
using Akka.TestKit.Internal;

namespace Akka.TestKit;

/// <summary>
/// An actor system with a test actor in it, and what a test needs to talk with actors. A class for a test framework derives from it.
/// Durations that a test gives are multiplied with <c>akka.test.timefactor</c>; null means <c>akka.test.single-expect-default</c>, or what is
/// left of the block in which the call stands (<see cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>).
/// </summary>
public abstract partial class TestKitBase : IActorRefFactory
{
    private readonly ITestKitAssertions _assertions;
    private readonly TestQueue _queue = new();
    private MessageEnvelope _last = NullMessageEnvelope.Instance;
    private bool _lastWasNoMessage;
    private TimeSpan? _end;

    /// <summary>A kit with a system of its own, or in <paramref name="system"/>.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null, string? testActorName = null)
        : this(assertions, system, ActorSystemSetup.Empty, null, testActorName)
    {
    }

    /// <summary>A kit with a system of this set-up.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystemSetup setup, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, null, setup, actorSystemName, testActorName)
    {
    }

    /// <summary>A kit with a system of this configuration.</summary>
    protected TestKitBase(ITestKitAssertions assertions, Config config, string? actorSystemName = null, string? testActorName = null)
        : this(assertions, null, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)), actorSystemName, testActorName)
    {
    }

    /// <summary>A kit in <paramref name="system"/>, or with a system of this set-up.</summary>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system, ActorSystemSetup config, string? actorSystemName, string? testActorName)
    {
        _assertions = assertions ?? throw new ArgumentNullException(nameof(assertions));
        InitializeTest(system, config, actorSystemName, testActorName);
    }

    /// <summary>What a kit adds to a system's configuration: event filters, time factor 1, patience of 3 s.</summary>
    public static Config DefaultConfig => TestConfigs.DefaultConfig;

    /// <summary>Everything logged that actors do.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString("""
        akka.log-dead-letters-during-shutdown = true
        akka.actor.debug {
          receive = on
          autoreceive = on
          lifecycle = on
          event-stream = on
          unhandled = on
          fsm = on
          router-misconfiguration = on
        }
        akka.log-dead-letters = true
        akka.loglevel = DEBUG
        akka.stdout-loglevel = DEBUG
        """);

    /// <summary>The system.</summary>
    public ActorSystem Sys { get; private set; } = null!;

    /// <summary>Has the kit's own actor get what is sent to it: the expectations below look at its messages.</summary>
    public IActorRef TestActor { get; private set; } = null!;

    /// <summary>The kit's settings.</summary>
    public TestKitSettings TestKitSettings { get; private set; } = null!;

    /// <summary>Expects log events and dead letters.</summary>
    public EventFilterFactory EventFilter { get; private set; } = null!;

    /// <summary>Who sent the message that was last taken. Throws <see cref="InvalidOperationException"/> before the first one.</summary>
    public IActorRef LastSender => _last.Sender;

    /// <summary>The message that was last taken. Throws <see cref="InvalidOperationException"/> before the first one.</summary>
    public object LastMessage => _last.Message;

    /// <summary>Whether a message is there.</summary>
    public bool HasMessages => _queue.Count > 0;

    /// <summary>Time since some point in the past, real also where the system's own is not.</summary>
    protected static TimeSpan Now => TestClock.Now;

    /// <summary>What is left of the block in which the call stands. Throws <see cref="InvalidOperationException"/> outside of one.</summary>
    public TimeSpan Remaining => _end is { } end ? Positive(end - Now) : throw new InvalidOperationException("Remaining has a meaning only within Within(...)");

    /// <summary>What is left of the block in which the call stands, else <c>akka.test.single-expect-default</c>.</summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    /// <summary>Logs as the test.</summary>
    protected ILoggingAdapter Log => _log ??= Logging.GetLogger(Sys, GetType());

    private ILoggingAdapter? _log;

    /// <summary>What is left of the block in which the call stands, else <paramref name="duration"/>.</summary>
    public TimeSpan RemainingOr(TimeSpan duration) => _end is { } end ? Positive(end - Now) : duration;

    /// <summary><paramref name="duration"/> dilated; for null as <see cref="RemainingOrDefault"/>.</summary>
    public TimeSpan RemainingOrDilated(TimeSpan? duration) => duration is { } given ? Dilated(given) : RemainingOrDefault;

    /// <summary>The duration times <c>akka.test.timefactor</c>; infinite stays infinite.</summary>
    public TimeSpan Dilated(TimeSpan duration) => duration.IsPositiveFinite() ? duration * TestKitSettings.TestTimeFactor : duration;

    /// <summary>Passes over messages; null ends that.</summary>
    public void IgnoreMessages(Func<object, bool>? shouldIgnoreMessage)
        => TestActor.Tell(new TestActor.SetIgnore(shouldIgnoreMessage is null ? null : message => shouldIgnoreMessage(message)));

    /// <summary>Passes over messages of a type.</summary>
    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) => IgnoreMessages(message => message is TMsg typed && shouldIgnoreMessage(typed));

    /// <summary>Passes over all messages of a type.</summary>
    public void IgnoreMessages<TMsg>() => IgnoreMessages(message => message is TMsg);

    /// <summary>Passes over no message any more.</summary>
    public void IgnoreNoMessages() => IgnoreMessages(null);

    /// <summary>Handles each message at once, before the test sees it.</summary>
    public void SetAutoPilot(AutoPilot pilot) => TestActor.Tell(new TestActor.SetAutoPilot(pilot));

    /// <summary>Has the test actor watch: the test gets its <see cref="Terminated"/>. In force when the call returns.</summary>
    public IActorRef Watch(IActorRef actorToWatch)
    {
        var watch = new TestActor.Watch(actorToWatch);
        TestActor.Tell(watch);
        Await(watch.Done.Task, "watch");
        return actorToWatch;
    }

    /// <inheritdoc cref="Watch"/>
    public async Task<IActorRef> WatchAsync(IActorRef actorToWatch)
    {
        var watch = new TestActor.Watch(actorToWatch);
        TestActor.Tell(watch);
        await watch.Done.Task.WaitAsync(RemainingOrDefault).ConfigureAwait(false);
        return actorToWatch;
    }

    /// <summary>Ends what <see cref="Watch"/> began.</summary>
    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        var unwatch = new TestActor.Unwatch(actorToUnwatch);
        TestActor.Tell(unwatch);
        Await(unwatch.Done.Task, "unwatch");
        return actorToUnwatch;
    }

    /// <inheritdoc cref="Unwatch"/>
    public async Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch)
    {
        var unwatch = new TestActor.Unwatch(actorToUnwatch);
        TestActor.Tell(unwatch);
        await unwatch.Done.Task.WaitAsync(RemainingOrDefault).ConfigureAwait(false);
        return actorToUnwatch;
    }

    /// <summary>Another test actor with queue and expectations of its own.</summary>
    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    /// <summary>Another test actor in a system.</summary>
    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, _assertions, name);

    /// <summary>A latch that opens when counted down.</summary>
    public virtual TestLatch CreateTestLatch(int count = 1) => new(Dilated, TestKitSettings.DefaultTimeout, count);

    /// <summary>A barrier that opens when so many wait.</summary>
    public TestBarrier CreateTestBarrier(int count) => new(this, count, TestKitSettings.DefaultTimeout);

    /// <summary>Terminates the system and waits for its end: 10 s (dilated) where nothing else is said. Past it the test fails, if asked for.</summary>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) => Shutdown(Sys, duration, verifySystemShutdown);

    /// <inheritdoc cref="Shutdown(TimeSpan?, bool)"/>
    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        if (this is not INoImplicitSender) ImplicitSender.Clear(TestActor);
        var patience = Dilated(duration ?? TimeSpan.FromSeconds(10));
        var ended = Task.WaitAny([system.Terminate()], patience) == 0;
        if (ended) return;
        var message = $"the actor system [{system.Name}] did not terminate within {patience.TotalMilliseconds:0} ms";
        if (verifySystemShutdown) throw new TimeoutException(message);
        system.Log.Warning("{0}", message);
    }

    /// <summary>Takes the place of the system and test actor; for the constructors.</summary>
    protected void InitializeTest(ActorSystem? system, Config config, string? actorSystemName, string? testActorName)
        => InitializeTest(system, ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config)), actorSystemName, testActorName);

    /// <inheritdoc cref="InitializeTest(ActorSystem?, Config, string?, string?)"/>
    protected virtual void InitializeTest(ActorSystem? system, ActorSystemSetup config, string? actorSystemName, string? testActorName)
    {
        Sys = system ?? ActorSystem.Create(actorSystemName ?? "test", WithDefaults(config));
        Sys.RegisterExtension(new TestKitAssertionsExtension(_assertions));
        TestEventListener.Subscribe((ExtendedActorSystem)Sys);
        TestKitSettings = TestKitExtension.For(Sys);
        EventFilter = CreateEventFilter(Sys);
        TestActor = CreateTestActor(Sys, testActorName ?? $"testActor{ImplicitSender.NextNumber()}");
        if (this is not INoImplicitSender) ImplicitSender.Set(TestActor);
    }

    /// <summary>What <see cref="EventFilter"/> is.</summary>
    protected virtual EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    /// <summary>Another actor whose messages this kit's expectations see.</summary>
    public IActorRef CreateTestActor(string name) => CreateTestActor(Sys, name);

    private IActorRef CreateTestActor(ActorSystem system, string name)
        => ((ExtendedActorSystem)system).SystemActorOf(Props.CreateBy(new TestActorProducer(_queue)).WithDispatcher("akka.test.test-actor.dispatcher"), name);

    private static ActorSystemSetup WithDefaults(ActorSystemSetup setup)
    {
        var bootstrap = setup.Get<BootstrapSetup>().GetOrElse(BootstrapSetup.Create());
        var config = bootstrap.Config.HasValue ? bootstrap.Config.Value.SafeWithFallback(DefaultConfig) : DefaultConfig;
        return setup.WithSetup(bootstrap.WithConfig(config));
    }

    private static TimeSpan Positive(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;

    private void Await(Task done, string what)
    {
        if (!done.Wait(RemainingOrDefault)) _assertions.Fail("Timeout {0} while the test actor was asked to {1}", RemainingOrDefault, what);
    }
}

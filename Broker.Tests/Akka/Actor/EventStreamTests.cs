using Akka.Actor;
using Akka.Event;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>Events and logging.</summary>
public sealed class EventStreamTests : EngineFixture
{
    [Fact]
    public async Task Subscribers_get_events_of_a_class_and_of_those_derived_from_it()
    {
        var inlet = NewInlet();
        System.EventStream.Subscribe<Animal>(inlet.Ref);
        Assert.False(System.EventStream.Subscribe<Animal>(inlet.Ref));
        System.EventStream.Publish("no animal");
        System.EventStream.Publish(new Dog("Rex"));
        Assert.Equal("Rex", Assert.IsType<Dog>(await inlet.Next()).Name);
        Assert.True(System.EventStream.Unsubscribe<Animal>(inlet.Ref));
        System.EventStream.Publish(new Dog("Bello"));
        await inlet.ExpectNothing();
    }

    [Fact]
    public async Task A_subscriber_that_ended_is_taken_out()
    {
        var actor = Spawn((_, _) => { });
        System.EventStream.Subscribe<Animal>(actor);
        Assert.True(await actor.GracefulStop(Patience));
        await Eventually.Holds(() => !System.EventStream.Unsubscribe(actor), "its subscriptions are gone");
    }

    [Fact]
    public async Task What_is_below_the_level_is_not_logged()
    {
        var inlet = NewInlet();
        System.EventStream.SetLogLevel(LogLevel.InfoLevel);
        System.EventStream.Subscribe<LogEvent>(inlet.Ref);
        var log = Logging.GetLogger(System, "source");
        Assert.False(log.IsDebugEnabled);
        log.Debug("not this {0}", 1);
        log.Info("this {0} of {1}", 1, "two");
        log.Error(new InvalidDataException("bad"), "and this");
        var info = Assert.IsType<Info>(await inlet.Next());
        Assert.Equal(("this 1 of two", "source(test)"), (info.Message.ToString(), info.LogSource));
        var error = Assert.IsType<Error>(await inlet.Next());
        Assert.Equal(("and this", "bad"), (error.Message.ToString(), error.Cause!.Message));
    }

    [Fact]
    public async Task A_failure_is_logged_with_the_actors_path()
    {
        var inlet = NewInlet();
        System.EventStream.Subscribe<Error>(inlet.Ref);
        var actor = Spawn((_, _) => throw new InvalidDataException("bad"), "failing");
        actor.Tell("x", ActorRefs.NoSender);
        var error = Assert.IsType<Error>(await inlet.Next());
        Assert.Equal(("akka://test/user/failing", "bad"), (error.LogSource, error.Message));
    }

    [Fact]
    public async Task Loggers_are_actors_that_the_configuration_names()
    {
        var system = ActorSystem.Create("logging", $"akka {{ loglevel = DEBUG, stdout-loglevel = OFF, loggers = [\"{typeof(CollectingLogger).AssemblyQualifiedName}\"] }}");
        system.Log.Warning("seen {0}", 17);
        await Eventually.Holds(() => CollectingLogger.Seen.Contains("seen 17"), "the logger got it");
        await system.Terminate().WaitAsync(Patience);
    }

    public sealed class CollectingLogger : ReceiveActor
    {
        public static readonly global::System.Collections.Concurrent.ConcurrentBag<string> Seen = [];

        public CollectingLogger()
        {
            Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized(), Self));
            Receive<LogEvent>(e => Seen.Add(e.Message.ToString()!));
        }
    }

    private record Animal;

    private sealed record Dog(string Name) : Animal;
}

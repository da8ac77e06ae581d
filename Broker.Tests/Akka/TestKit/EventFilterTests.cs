using System.Text.RegularExpressions;
using Akka.Actor;
using Akka.Event;
using Akka.TestKit.TestActors;
using Akka.TestKit.Xunit2;
using Xunit.Sdk;

namespace AkkaStream.Tests.Akka.TestKits;

public sealed class EventFilterTests() : TestKit("akka.loglevel = DEBUG, akka.test.filter-leeway = 10s")
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Events_of_each_level_are_expected()
    {
        EventFilter.Debug("a debug").ExpectOne(() => Sys.Log.Debug("a debug"));
        EventFilter.Info(start: "an").ExpectOne(() => Sys.Log.Info("an info"));
        EventFilter.Warning(contains: "warn").ExpectOne(() => Sys.Log.Warning("a warning"));
        EventFilter.Error(new Regex("^an .*r$")).ExpectOne(() => Sys.Log.Error("an error"));
        EventFilter.Exception<InvalidOperationException>("what").ExpectOne(() => Sys.Log.Error(new InvalidOperationException("what"), "else"));
        EventFilter.Custom<Warning>(w => w.LogSource.Length > 0).ExpectOne(() => Sys.Log.Warning("x"));
    }

    [Fact]
    public void So_many_events_are_expected_and_no_more()
    {
        EventFilter.Info("x").Expect(3, () =>
        {
            for (var i = 0; i < 3; i++) Sys.Log.Info("x");
        });
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info("x").Expect(2, Short, () => Sys.Log.Info("x")));
        Assert.ThrowsAny<XunitException>(() => EventFilter.Info("x").Expect(0, TimeSpan.FromSeconds(10), () => Sys.Log.Info("x")));
        EventFilter.Info("x").Expect(0, Short, () => Sys.Log.Info("y"));
    }

    [Fact]
    public async Task They_are_expected_without_a_thread_that_waits()
    {
        await EventFilter.Info("x").ExpectOneAsync(async () =>
        {
            await Task.Yield();
            Sys.Log.Info("x");
        });
        Assert.Equal(5, await EventFilter.Info("x").ExpectOneAsync(() =>
        {
            Sys.Log.Info("x");
            return Task.FromResult(5);
        }));
    }

    [Fact]
    public void Filters_are_combined()
        => EventFilter.Info("a").And.Warning("b").Expect(2, () =>
        {
            Sys.Log.Info("a");
            Sys.Log.Warning("b");
        });

    [Fact]
    public void Dead_letters_are_expected()
    {
        var actor = Watch(Sys.ActorOf(BlackHoleActor.Props));
        Sys.Stop(actor);
        ExpectTerminated(actor);
        EventFilter.DeadLetter<string>().ExpectOne(() => actor.Tell("too late"));
        EventFilter.DeadLetter<string>(m => m == "b").ExpectOne(() =>
        {
            actor.Tell("a");
            actor.Tell("b");
        });
    }

    [Fact]
    public void Unhandled_messages_are_warnings()
        => EventFilter.Warning(start: "Unhandled message").ExpectOne(() => Sys.ActorOf(Props.Create(() => new UnhandledMessageActor())).Tell("x"));

    [Fact]
    public void A_source_is_told_apart()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Logger()), "logger");
        EventFilter.Info(source: actor.Path.ToString()).ExpectOne(() =>
        {
            Sys.Log.Info("not this");
            actor.Tell("this");
        });
    }

    [Fact]
    public void What_is_muted_is_over_when_it_is_unmuted()
    {
        using (EventFilter.Info("x").Mute()) Sys.Log.Info("x");
        EventFilter.Info("x").ExpectOne(() => Sys.Log.Info("x"));
    }

    private sealed class Logger : ReceiveActor
    {
        public Logger() => ReceiveAny(m => Context.GetLogger().Info("{0}", m));
    }
}

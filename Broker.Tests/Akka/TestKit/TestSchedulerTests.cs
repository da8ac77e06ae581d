using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Configs;
using Akka.TestKit.Xunit2;

namespace AkkaStream.Tests.Akka.TestKits;

public sealed class TestSchedulerTests() : TestKit(TestConfigs.TestSchedulerConfig)
{
    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Time_goes_on_only_as_told()
    {
        Scheduler.ScheduleTellOnce(TimeSpan.FromHours(1), TestActor, "an hour", ActorRefs.NoSender);
        Scheduler.Advance(TimeSpan.FromMinutes(59));
        ExpectNoMsg(0);
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        ExpectMsg("an hour", TimeSpan.Zero);
    }

    [Fact]
    public void Each_thing_happens_at_its_time_and_in_order()
    {
        var start = Scheduler.Now;
        var happened = new List<(string, TimeSpan)>();
        Scheduler.ScheduleRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), () => happened.Add(("tick", Scheduler.Now - start)));
        Scheduler.ScheduleOnce(TimeSpan.FromSeconds(3), () =>
        {
            happened.Add(("once", Scheduler.Now - start));
            Scheduler.ScheduleOnce(TimeSpan.FromSeconds(1), () => happened.Add(("chained", Scheduler.Now - start)));
        });
        Scheduler.AdvanceTo(start + TimeSpan.FromSeconds(5));
        Assert.Equal(
            [("tick", TimeSpan.FromSeconds(1)), ("once", TimeSpan.FromSeconds(3)), ("tick", TimeSpan.FromSeconds(3)), ("chained", TimeSpan.FromSeconds(4)), ("tick", TimeSpan.FromSeconds(5))],
            happened);
        Assert.Throws<InvalidOperationException>(() => Scheduler.AdvanceTo(start));
    }

    [Fact]
    public void What_is_cancelled_does_not_happen()
    {
        var cancelable = Scheduler.ScheduleTellRepeatedlyCancelable(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TestActor, "tick", ActorRefs.NoSender);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        cancelable.Cancel();
        Scheduler.Advance(TimeSpan.FromSeconds(10));
        ReceiveN(2, TimeSpan.Zero);
        ExpectNoMsg(0);
    }

    [Fact]
    public void Timers_of_actors_follow()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Timed(TestActor)).WithDispatcher(CallingThreadDispatcher.Id));
        actor.Tell("start");
        Scheduler.Advance(TimeSpan.FromSeconds(30));
        ExpectMsg("due");
        actor.Tell("idle");
        Scheduler.Advance(TimeSpan.FromMinutes(5));
        ExpectMsg("timeout");
    }

    private sealed class Timed : ReceiveActor, IWithTimers
    {
        public Timed(IActorRef target)
        {
            Receive<string>(m => m == "start", _ => Timers.StartSingleTimer("key", "due", TimeSpan.FromSeconds(30)));
            Receive<string>(m => m == "idle", _ => Context.SetReceiveTimeout(TimeSpan.FromMinutes(5)));
            Receive<string>(target.Tell);
            Receive<ReceiveTimeout>(_ =>
            {
                Context.SetReceiveTimeout(null);
                target.Tell("timeout");
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;
    }
}

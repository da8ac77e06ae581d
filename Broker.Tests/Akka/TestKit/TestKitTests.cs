using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.TestActors;
using Akka.TestKit.Xunit2;
using Xunit.Sdk;

namespace AkkaStream.Tests.Akka.TestKits;

public sealed class TestKitTests() : TestKit("akka.test.single-expect-default = 10s")
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void A_message_is_expected_by_type_value_and_condition()
    {
        foreach (var message in new object[] { "a", "b", "c", 4, 5, "f" }) TestActor.Tell(message);
        Assert.Equal("a", ExpectMsg<string>());
        ExpectMsg("b");
        ExpectMsg<string>(m => m == "c");
        ExpectMsg<int>(m => Assert.Equal(4, m));
        ExpectMsg(6, (expected, actual) => expected - 1 == actual);
        ExpectMsg<string>((m, sender) => m == "f" && sender.Equals(TestActor));
        ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void What_is_not_as_expected_fails()
    {
        TestActor.Tell("a");
        Assert.Contains("String", Assert.ThrowsAny<XunitException>(() => ExpectMsg<int>()).Message);
        TestActor.Tell("a");
        Assert.Contains("a hint with {braces}", Assert.ThrowsAny<XunitException>(() => ExpectMsg("b", hint: "a hint with {braces}")).Message);
        TestActor.Tell("a");
        Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(m => m == "b"));
        TestActor.Tell("a");
        Assert.ThrowsAny<XunitException>(() => ExpectNoMsg(Short));
        Assert.Contains("Timeout", Assert.ThrowsAny<XunitException>(() => ExpectMsg<string>(Short)).Message);
        ExpectNoMsg(0);
    }

    [Fact]
    public async Task The_same_without_a_thread_that_waits()
    {
        var pending = ExpectMsgAsync<string>();
        Assert.False(pending.IsCompleted);
        TestActor.Tell("a");
        Assert.Equal("a", await pending);
        TestActor.Tell("b");
        await ExpectMsgAsync("b");
        await ExpectNoMsgAsync(Short);
        await Assert.ThrowsAnyAsync<XunitException>(async () => await ExpectMsgAsync<string>(Short));
    }

    [Fact]
    public async Task A_test_sends_as_its_actor_before_and_after_an_await()
    {
        var echo = Sys.ActorOf(SimpleEchoActor.Props());
        echo.Tell("before");
        await ExpectMsgAsync("before");
        await Task.Yield();
        echo.Tell("after");
        await ExpectMsgAsync("after");
        Assert.Equal(echo, LastSender);
    }

    [Fact]
    public void Messages_are_taken_in_many_ways()
    {
        foreach (var message in new object[] { 1, 2, 3, "x", 4, 5, "end", 6 }) TestActor.Tell(message);
        Assert.Equal([1, 2, 3], ReceiveWhile<object>(TimeSpan.FromSeconds(5), m => m is int ? m : null));
        Assert.Equal("x", ReceiveOne());
        Assert.Equal(4, PeekOne());
        Assert.Equal([4, 5], ReceiveN(2));
        Assert.Equal(6, FishForMessage<int>(m => m == 6));
        Assert.Null(ReceiveOne(TimeSpan.Zero));
        Assert.False(HasMessages);
    }

    [Fact]
    public async Task Asynchronous_forms_take_the_same()
    {
        foreach (var message in new object[] { 1, 2, "x", 3, 4, "end" }) TestActor.Tell(message);
        var two = new List<object>();
        await foreach (var one in ReceiveNAsync(2)) two.Add(one);
        Assert.Equal([1, 2], two);
        await FishUntilMessageAsync<int>();
        Assert.Equal(3, await ReceiveOneAsync());
        Assert.Equal("end", await FishForMessageAsync<string>(m => m == "end"));
        Assert.Empty(await WaitForRadioSilenceAsync(Short));
    }

    [Fact]
    public void All_and_any_of_some_messages()
    {
        foreach (var message in new[] { "c", "a", "b", "b" }) TestActor.Tell(message);
        ExpectMsgAllOf("a", "b", "c");
        Assert.Equal("b", ExpectMsgAnyOf(["a", "b"]));
        TestActor.Tell("x");
        TestActor.Tell("y");
        Assert.ThrowsAny<XunitException>(() => ExpectMsgAllOf("x", "z"));
    }

    [Fact]
    public void A_watched_actor_ends()
    {
        var actor = Watch(Sys.ActorOf(BlackHoleActor.Props));
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Watch(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void An_actor_that_is_not_watched_any_more_ends_in_silence()
    {
        var actor = Unwatch(Watch(Sys.ActorOf(BlackHoleActor.Props)));
        var other = CreateTestProbe();
        other.Watch(actor);
        Sys.Stop(actor);
        other.ExpectTerminated(actor);
        ExpectNoMsg(Short);
    }

    [Fact]
    public void A_block_has_a_time_in_which_it_ends()
    {
        TestActor.Tell("a");
        Within(TimeSpan.FromSeconds(5), () =>
        {
            ExpectMsg("a");
            Assert.True(Remaining <= TimeSpan.FromSeconds(5));
        });
        Assert.Throws<InvalidOperationException>(() => Remaining);
        Assert.ThrowsAny<XunitException>(() => Within(Short, () => ExpectMsg<string>()));
        Assert.ThrowsAny<XunitException>(() => Within(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), () => { }));
        Within(Short, () => ExpectNoMsg());
    }

    [Fact]
    public async Task A_block_that_awaits_has_it_too()
    {
        await WithinAsync(TimeSpan.FromSeconds(5), async () =>
        {
            TestActor.Tell("a");
            await ExpectMsgAsync("a");
        });
        await Assert.ThrowsAnyAsync<XunitException>(() => WithinAsync(Short, async () => await ExpectMsgAsync<string>()));
    }

    [Fact]
    public async Task Conditions_and_assertions_are_waited_for()
    {
        var calls = 0;
        AwaitCondition(() => ++calls == 3);
        AwaitAssert(() => Assert.Equal(6, ++calls));
        await AwaitConditionAsync(() => Task.FromResult(++calls == 9));
        await AwaitAssertAsync(() => Assert.Equal(12, ++calls));
        Assert.ThrowsAny<XunitException>(() => AwaitCondition(() => false, Short));
        Assert.ThrowsAny<XunitException>(() => AwaitAssert(() => Assert.Fail("never"), Short));
        Assert.False(AwaitConditionNoThrow(() => false, Short));
    }

    [Fact]
    public void Messages_can_be_passed_over()
    {
        IgnoreMessages<int>(m => m < 3);
        foreach (var message in new[] { 1, 2, 3 }) TestActor.Tell(message);
        ExpectMsg(3);
        IgnoreNoMessages();
        TestActor.Tell(1);
        ExpectMsg(1);
    }

    [Fact]
    public void A_pilot_answers_at_once()
    {
        var probe = CreateTestProbe();
        probe.SetAutoPilot(new DelegateAutoPilot((sender, message) =>
        {
            sender.Tell($"re: {message}");
            return message is "last" ? AutoPilot.NoAutoPilot : AutoPilot.KeepRunning;
        }));
        foreach (var message in new[] { "a", "last", "ignored" }) probe.Ref.Tell(message, TestActor);
        ExpectMsg("re: a");
        ExpectMsg("re: last");
        ExpectNoMsg(Short);
        probe.ExpectMsgAllOf("a", "last", "ignored");
    }

    [Fact]
    public void A_probe_sends_answers_and_forwards()
    {
        var (a, b) = (CreateTestProbe("a"), CreateTestProbe("b"));
        a.Send(b, "hello");
        b.ExpectMsgFrom(a.Ref, "hello");
        b.Reply("hello yourself");
        a.ExpectMsgFrom(b.Ref, "hello yourself");
        a.Forward(TestActor);
        ExpectMsgFrom(b.Ref, "hello yourself");
        Assert.True(a.Equals(a.Ref));
        Assert.NotEqual(a, b);
    }

    [Fact]
    public void A_child_of_a_probe_is_supervised_as_asked()
    {
        var probe = CreateTestProbe();
        var stopped = probe.ChildActorOf(Props.Create(() => new Fragile()));
        var restarted = probe.ChildActorOf(Props.Create(() => new Fragile()), "restarted", SupervisorStrategy.DefaultStrategy);
        Assert.Equal(probe.Ref.Path, restarted.Path.Parent);
        Watch(stopped);
        EventFilter.Exception<InvalidOperationException>().Expect(2, () =>
        {
            stopped.Tell("fail");
            restarted.Tell("fail");
            ExpectTerminated(stopped);
            restarted.Tell("alive?");
            ExpectMsg("alive");
        });
    }

    [Fact]
    public void Latches_and_barriers_let_wait()
    {
        var latch = CreateTestLatch(2);
        var barrier = CreateTestBarrier(2);
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, () =>
        {
            latch.CountDown();
            latch.CountDown();
            barrier.Await();
        });
        latch.Ready();
        barrier.Await();
        Assert.True(latch.IsOpen);
        Assert.Throws<TimeoutException>(() => new TestLatch(1, Short).Ready());
    }

    private sealed class Fragile : ReceiveActor
    {
        public Fragile()
        {
            Receive<string>(m => m == "fail", _ => throw new InvalidOperationException("meant"));
            ReceiveAny(_ => Sender.Tell("alive"));
        }
    }
}

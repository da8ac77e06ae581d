using Akka.Actor;
using Akka.Event;
using Akka.Remote;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Akka.Remote;

/// <summary>Messages, selections and questions between two systems, in memory and over loopback.</summary>
public sealed class RemotingTests : RemoteFixture
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_arrive_in_order_and_their_senders_can_be_answered(bool tcp)
    {
        var (a, b) = Two(tcp);
        Echo(b, "echo");
        var inlet = Inlet(a);
        var echo = a.ActorSelection($"{AddressOf(b)}/user/echo");
        for (var i = 0; i < 500; i++) echo.Tell(i, inlet.Ref);
        for (var i = 0; i < 500; i++)
        {
            var (message, sender) = await inlet.NextWithSender();
            Assert.Equal(i, message);
            Assert.Equal(AddressOf(b), sender.Path.Address);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_selection_is_resolved_and_a_question_is_answered(bool tcp)
    {
        var (a, b) = Two(tcp);
        var echo = Echo(b, "echo");
        var found = await a.ActorSelection($"{AddressOf(b)}/user/echo").ResolveOne(Patience);
        Assert.Equal(echo.Path.Uid, found.Path.Uid);
        Assert.Equal("hello", await found.Ask<string>("hello", Patience));
        var bytes = new byte[100_000];
        bytes[^1] = 7;
        Assert.Equal(bytes, await found.Ask<byte[]>(bytes, Patience));
        var identity = await a.ActorSelection($"{AddressOf(b)}/user/nobody").Ask<ActorIdentity>(new Identify("who"), Patience);
        Assert.Null(identity.Subject);
        Assert.Equal("who", identity.MessageId);
        await Assert.ThrowsAsync<AskTimeoutException>(() => a.ActorSelection($"{AddressOf(b)}/user/nobody").Ask("x", TimeSpan.FromMilliseconds(1)));
    }

    [Fact]
    public async Task A_reference_within_a_message_is_the_same_actor_on_each_side_and_a_third_can_be_named()
    {
        var (a, b, c) = (Start("a"), Start("b"), Start("c"));
        var third = Inlet(c);
        var relay = Spawn(b, (message, context) => ((IActorRef)message).Tell("from b", context.Self));
        Seen(relay, b, a).Tell(Seen(third.Ref, c, a));
        Assert.Equal("from b", await third.Next());

        var asked = Inlet(a);
        Seen(third.Ref, c, a).Tell("by a", asked.Ref);
        var (_, sender) = await third.NextWithSender();
        sender.Tell("back", third.Ref);
        Assert.Equal("back", await asked.Next());

        // Forwarded: the answer goes to the first sender, past the one between.
        var forward = Spawn(b, (message, context) => Seen(third.Ref, c, b).Tell(message, context.Sender));
        Seen(forward, b, a).Tell("forwarded", asked.Ref);
        (_, sender) = await third.NextWithSender();
        Assert.Equal(AddressOf(a), sender.Path.Address);
        sender.Tell("straight", third.Ref);
        Assert.Equal("straight", await asked.Next());
    }

    [Fact]
    public async Task Poison_and_failures_cross_over()
    {
        var (a, b) = Two(false);
        var victim = Spawn(b, (_, context) => context.Sender.Tell(new Status.Failure(new InvalidOperationException("no")), context.Self));
        var seen = Seen(victim, b, a);
        var failure = await Assert.ThrowsAsync<RemoteTransportException>(() => seen.Ask<string>("x", Patience));
        Assert.Equal("InvalidOperationException: no", failure.Message);
        Assert.True(await seen.GracefulStop(Patience));
    }

    [Fact]
    public async Task What_cannot_be_sent_is_said_at_the_sender()
    {
        var a = Start("a", "akka.remote.dot-netty.tcp.maximum-frame-size = 50000b");
        var b = Start("b");
        var inlet = Inlet(b);
        var dropped = Events<Dropped>(a);
        var dead = Events<DeadLetter>(a);
        var seen = Seen(inlet.Ref, b, a);
        seen.Tell(new byte[60_000]);
        Assert.Contains("maximum-frame-size is 50000", Assert.IsType<Dropped>(await dropped.Next()).Reason);
        seen.Tell(new object());
        Assert.IsType<object>(Assert.IsType<DeadLetter>(await dead.Next()).Message);
        seen.Tell("but this");
        Assert.Equal("but this", await inlet.Next());
        await inlet.ExpectNothing();
    }

    [Fact]
    public async Task The_receivers_limit_holds_too()
    {
        var a = Start("a");
        var b = Start("b", "akka.remote.dot-netty.tcp.maximum-frame-size = 50000b");
        var inlet = Inlet(b);
        var dropped = Events<Dropped>(a);
        var seen = Seen(inlet.Ref, b, a);
        seen.Tell(new byte[60_000]);
        Assert.Contains("the peer takes 50000", Assert.IsType<Dropped>(await dropped.Next()).Reason);
        seen.Tell("fits");
        Assert.Equal("fits", await inlet.Next());
        seen.Tell(new byte[60_000]);
        Assert.Contains("the peer takes 50000", Assert.IsType<Dropped>(await dropped.Next()).Reason);
    }

    [Fact]
    public async Task A_full_queue_drops_what_comes_and_says_so()
    {
        var a = Start("a", "akka.remote.outbound-bulk-queue-size = 100000b");
        var b = Start("b");
        var inlet = Inlet(b);
        var (host, port) = (AddressOf(b).Host!, AddressOf(b).Port!.Value);
        Network.Silence(host, port, true);
        var dropped = Events<Dropped>(a);
        for (var i = 0; i < 3; i++) Seen(inlet.Ref, b, a).Tell(new byte[40_000]);
        Assert.Contains("outbound-bulk-queue-size", Assert.IsType<Dropped>(await dropped.Next()).Reason);
    }

    [Fact]
    public async Task Messages_to_nobody_are_dead_letters_once_the_connection_is_refused()
    {
        var a = Start("a");
        var dead = Events<DeadLetter>(a);
        ((ExtendedActorSystem)a).Provider.ResolveActorRef("akka.tcp://net@nowhere:1/user/x").Tell("hello");
        Assert.Equal("hello", Assert.IsType<DeadLetter>(await dead.Next()).Message);
    }

    [Fact]
    public async Task A_broken_connection_is_made_again_and_what_is_sent_then_arrives()
    {
        var (a, b) = Two(false);
        Echo(b, "echo");
        var echo = await a.ActorSelection($"{AddressOf(b)}/user/echo").ResolveOne(Patience);
        for (var i = 0; i < 5; i++)
        {
            Network.Break(AddressOf(b).Host!, AddressOf(b).Port!.Value);

            // What was on the connection when it broke is gone: at most once.
            await Eventually.Holds(async () => await Answers(echo), "an answer after the connection broke");
        }
    }

    [Fact]
    public async Task Another_systems_name_and_another_address_are_refused()
    {
        var a = Start("a");
        var b = Start("b");
        var dead = Events<DeadLetter>(a);
        var wrong = AddressOf(b).WithSystem("other");
        ((ExtendedActorSystem)a).Provider.ResolveActorRef($"{wrong}/user/x").Tell("hello");
        Assert.Equal("hello", Assert.IsType<DeadLetter>(await dead.Next()).Message);
    }

    private static async Task<bool> Answers(IActorRef echo)
    {
        try
        {
            return await echo.Ask<string>("x", TimeSpan.FromMilliseconds(100)) == "x";
        }
        catch (AskTimeoutException)
        {
            return false;
        }
    }

    private (ActorSystem A, ActorSystem B) Two(bool tcp) => tcp ? (StartOnTcp("a"), StartOnTcp("b")) : (Start("a"), Start("b"));
}

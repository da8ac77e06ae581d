using Akka.Actor;
using Akka.Event;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>Paths, and finding actors by them.</summary>
public sealed class SelectionTests : EngineFixture
{
    [Fact]
    public async Task An_actor_is_found_by_its_path()
    {
        var actor = Spawn((message, context) => context.Sender.Tell(message, context.Self), "here");
        Assert.Equal(actor, await System.ActorSelection("/user/here").ResolveOne(Patience));
        Assert.Equal(actor, await System.ActorSelection("akka://test/user/here").ResolveOne(Patience));
        Assert.Equal(actor, await System.ActorSelection(actor.Path).ResolveOne(Patience));
        Assert.Equal("hello", await System.ActorSelection("/user/he*").Ask<string>("hello", Patience));
        Assert.Equal(actor, ((ExtendedActorSystem)System).Provider.ResolveActorRef(actor.Path.ToSerializationFormat()));
    }

    [Fact]
    public async Task Nobody_there_is_told_at_once()
    {
        await Assert.ThrowsAsync<ActorNotFoundException>(() => System.ActorSelection("/user/nobody").ResolveOne(Patience));
        var identity = await System.ActorSelection("/user/nobody/below").Ask<ActorIdentity>(new Identify(17), Patience);
        Assert.Null(identity.Subject);
        Assert.Equal(17, identity.MessageId);
    }

    [Fact]
    public async Task A_message_to_nobody_is_a_dead_letter()
    {
        var dead = Events<DeadLetter>();
        System.ActorSelection("/user/nobody").Tell("hello", ActorRefs.NoSender);
        var letter = Assert.IsType<DeadLetter>(await dead.Next());
        Assert.Equal(("hello", "akka://test/user/nobody"), (letter.Message, letter.Recipient.Path.ToString()));
    }

    [Fact]
    public async Task A_pattern_reaches_all_that_fit()
    {
        var inlet = NewInlet();
        var parent = Spawn((message, context) => context.ActorOf(By(() => new Acting((m, c) => inlet.Ref.Tell($"{c.Self.Path.Name} {m}", ActorRefs.NoSender))), (string)message), "parent");
        foreach (var name in new[] { "a1", "a2", "b1" }) parent.Tell(name, ActorRefs.NoSender);
        await parent.Ask<ActorIdentity>(new Identify(1), Patience);
        System.ActorSelection("/user/parent/a?").Tell("hi", ActorRefs.NoSender);
        Assert.Equal(["a1 hi", "a2 hi"], new[] { await inlet.Next(), await inlet.Next() }.Cast<string>().Order());
        System.ActorSelection("/user/parent/b1/../*").Tell("ho", ActorRefs.NoSender);
        Assert.Equal(["a1 ho", "a2 ho", "b1 ho"], new[] { await inlet.Next(), await inlet.Next(), await inlet.Next() }.Cast<string>().Order());
        await inlet.ExpectNothing();
    }

    [Fact]
    public void Paths_read_and_write_themselves()
    {
        var path = ActorPath.Parse("akka.tcp://sys@host:4711/user/a/b#17");
        Assert.Equal(new Address("akka.tcp", "sys", "host", 4711), path.Address);
        Assert.Equal(["user", "a", "b"], path.Elements);
        Assert.Equal(17, path.Uid);
        Assert.Equal("akka.tcp://sys@host:4711/user/a/b", path.ToString());
        Assert.Equal("akka.tcp://sys@host:4711/user/a/b#17", path.ToSerializationFormat());
        Assert.Equal("/user/a/b", path.ToStringWithoutAddress());
        Assert.Equal(path.Parent / "b", path);
        Assert.Equal(path.Root / "user" / "a" / "b", path);
        Assert.NotEqual(path.Parent / "c", path);
        Assert.Equal("/", new RootActorPath(new Address("akka", "s")).ToStringWithoutAddress());
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("akka://")]
    [InlineData("akka://s@/user")]
    [InlineData("akka://s@h:x/user")]
    [InlineData("akka://s@h:99999/user")]
    [InlineData("akka://s/user#x")]
    public void What_is_no_path_is_refused(string path) => Assert.False(ActorPath.TryParse(path, out _));
}

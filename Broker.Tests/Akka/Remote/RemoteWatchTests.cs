using Akka.Actor;
using Akka.Remote;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Akka.Remote;

/// <summary>Hearing of the end of actors on other nodes, and of nodes.</summary>
public sealed class RemoteWatchTests : RemoteFixture
{
    [Fact]
    public async Task The_end_of_a_remote_actor_is_heard_by_all_who_watch()
    {
        var (a, b) = (Start("a"), Start("b"));
        var victim = Echo(b, "victim");
        var seen = Seen(victim, b, a);
        var (one, two) = (Inlet(a), Inlet(a));
        await one.Watch(seen);
        await two.Watch(seen);
        await Reached(seen);
        b.Stop(victim);
        foreach (var inlet in new[] { one, two })
        {
            var terminated = Assert.IsType<Terminated>(await inlet.Next());
            Assert.Equal(seen, terminated.ActorRef);
            Assert.True(terminated.ExistenceConfirmed);
            Assert.False(terminated.AddressTerminated);
        }
    }

    [Fact]
    public async Task Watching_nobody_answers_and_one_known_by_name_alone_is_found()
    {
        var (a, b) = (Start("a"), Start("b"));
        var inlet = Inlet(a);
        var nobody = ((ExtendedActorSystem)a).Provider.ResolveActorRef($"{AddressOf(b)}/user/nobody");
        await inlet.Watch(nobody);
        Assert.Equal(nobody, Assert.IsType<Terminated>(await inlet.Next()).ActorRef);
        var victim = Echo(b, "named");
        var byName = ((ExtendedActorSystem)a).Provider.ResolveActorRef($"{AddressOf(b)}/user/named");
        await inlet.Watch(byName);
        await Reached(byName);
        b.Stop(victim);
        Assert.Equal(byName, Assert.IsType<Terminated>(await inlet.Next()).ActorRef);
    }

    [Fact]
    public async Task A_killed_process_is_noticed_by_its_machines_refusal_long_before_heartbeats_could_tell()
    {
        var (a, b) = (Start("a"), Start("b"));
        var seen = Seen(Echo(b, "victim"), b, a);
        var inlet = Inlet(a);
        await inlet.Watch(seen);
        await Reached(seen);
        Network.Kill(AddressOf(b).Host!, AddressOf(b).Port!.Value);
        var terminated = Assert.IsType<Terminated>(await inlet.Next());
        Assert.True(terminated.AddressTerminated);
    }

    [Fact]
    public async Task A_silent_node_is_noticed_by_its_heartbeats_and_quarantined()
    {
        var a = Start("a", "akka.remote.watch-failure-detector { heartbeat-interval = 20ms, acceptable-heartbeat-pause = 100ms, unreachable-nodes-reaper-interval = 20ms, expected-response-after = 20ms }");
        var b = Start("b");
        var seen = Seen(Echo(b, "victim"), b, a);
        var inlet = Inlet(a);
        var quarantined = Events<QuarantinedEvent>(a);
        await inlet.Watch(seen);
        await Reached(seen);
        Network.Silence(AddressOf(b).Host!, AddressOf(b).Port!.Value, true);
        Assert.True(Assert.IsType<Terminated>(await inlet.Next()).AddressTerminated);
        Assert.Equal(AddressUidExtension.Uid(b), Assert.IsType<QuarantinedEvent>(await quarantined.Next()).Uid);

        // Its voice is back, but that incarnation is not heard any more; it learns why.
        var told = Events<ThisActorSystemQuarantinedEvent>(b);
        Network.Silence(AddressOf(b).Host!, AddressOf(b).Port!.Value, false);
        Network.Break(AddressOf(b).Host!, AddressOf(b).Port!.Value);
        Network.Break(AddressOf(a).Host!, AddressOf(a).Port!.Value);
        var dead = Inlet(a);
        Seen(dead.Ref, a, b).Tell("hello?");
        Assert.Equal(AddressOf(a), Assert.IsType<ThisActorSystemQuarantinedEvent>(await told.Next()).RemoteAddress);
        await dead.ExpectNothing();
    }

    [Fact]
    public async Task A_restarted_node_is_another_incarnation_and_welcome()
    {
        var a = Start("a");
        var first = Start("b", port: 7);
        var seen = Seen(Echo(first, "x"), first, a);
        var inlet = Inlet(a);
        await inlet.Watch(seen);
        await Reached(seen);
        await first.Terminate();
        Assert.IsType<Terminated>(await inlet.Next());
        var second = Start("b", port: 7);
        Echo(second, "x");
        var again = a.ActorSelection($"{AddressOf(second)}/user/x");
        await Eventually.Holds(async () => await Found(again), "the new incarnation answers");
        var found = await again.ResolveOne(Patience);
        Assert.NotEqual(seen.Path.Uid, found.Path.Uid);
        await inlet.Watch(found);
        await Reached(found);
        second.Stop(await second.ActorSelection("/user/x").ResolveOne(Patience));
        Assert.Equal(found, Assert.IsType<Terminated>(await inlet.Next()).ActorRef);
    }

    [Fact]
    public async Task The_removal_of_a_former_incarnation_says_nothing_of_the_one_that_lives_there_now()
    {
        var a = Start("a");
        var first = Start("b", port: 7);
        Echo(first, "x");
        Assert.True(await Found(a.ActorSelection($"{AddressOf(first)}/user/x")));
        var former = AddressUidExtension.Uid(first);
        await first.Terminate();
        var second = Start("b", port: 7);
        Echo(second, "x");
        var again = a.ActorSelection($"{AddressOf(second)}/user/x");
        await Eventually.Holds(async () => await Found(again), "the new incarnation answers");
        var found = await again.ResolveOne(Patience);
        var inlet = Inlet(a);
        await inlet.Watch(found);
        await Reached(found);

        // As the cluster has it: the former one was given up, and is removed only after the next has come.
        a.EventStream.Publish(new RemoteWatcher.MemberGone(AddressOf(second), former, IsGivenUp: true));
        second.Stop(await second.ActorSelection("/user/x").ResolveOne(Patience));
        Assert.False(Assert.IsType<Terminated>(await inlet.Next()).AddressTerminated);
    }

    [Fact]
    public async Task System_messages_survive_broken_connections()
    {
        var (a, b) = (Start("a"), Start("b"));
        var victims = Enumerable.Range(0, 50).Select(i => Echo(b, $"v{i}")).ToList();
        var inlet = Inlet(a);
        foreach (var victim in victims) await inlet.Watch(Seen(victim, b, a));
        for (var i = 0; i < victims.Count; i++)
        {
            if (i % 10 == 0) Network.Break(AddressOf(b).Host!, AddressOf(b).Port!.Value);
            if (i % 10 == 5) Network.Break(AddressOf(a).Host!, AddressOf(a).Port!.Value);
            b.Stop(victims[i]);
        }

        var died = new HashSet<string>();
        while (died.Count < victims.Count)
        {
            var terminated = Assert.IsType<Terminated>(await inlet.Next());
            Assert.True(died.Add(terminated.ActorRef.Path.Name));
            Assert.False(terminated.AddressTerminated);
        }
    }

    private static async Task<bool> Found(ActorSelection selection)
    {
        try
        {
            await selection.ResolveOne(TimeSpan.FromSeconds(1));
            return true;
        }
        catch (ActorNotFoundException)
        {
            return false;
        }
    }

    // An answer on the bulk lane says nothing of the control lane; that one is used by the watch itself, whose arrival nobody tells. What counts for these
    // tests is that the node has been reached at all.
    private static Task Reached(IActorRef actor) => actor.Ask<ActorIdentity>(new Identify(1), Patience);
}

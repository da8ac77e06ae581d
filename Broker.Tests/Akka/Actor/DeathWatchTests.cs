using Akka.Actor;
using AkkaStream.Tests.Support;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>Watching others for their end.</summary>
public sealed class DeathWatchTests : EngineFixture
{
    [Fact]
    public async Task A_watch_after_death_still_answers()
    {
        var inlet = NewInlet();
        var actor = Spawn((_, _) => { });
        await inlet.Watch(actor);
        System.Stop(actor);
        Assert.IsType<Terminated>(await inlet.Next());
        var late = NewInlet();
        await late.Watch(actor);
        var terminated = Assert.IsType<Terminated>(await late.Next());
        Assert.Equal(actor, terminated.ActorRef);
        Assert.False(terminated.ExistenceConfirmed);
    }

    [Fact]
    public async Task A_watch_of_a_path_where_nobody_is_answers()
    {
        var inlet = NewInlet();
        var nobody = ((ExtendedActorSystem)System).Provider.ResolveActorRef("akka://test/user/nobody");
        await inlet.Watch(nobody);
        Assert.Equal(nobody, Assert.IsType<Terminated>(await inlet.Next()).ActorRef);
    }

    [Fact]
    public async Task Every_watcher_hears_of_it_once()
    {
        var actor = Spawn((_, _) => { });
        var watchers = Enumerable.Range(0, 10).Select(_ => NewInlet()).ToList();
        foreach (var watcher in watchers)
        {
            await watcher.Watch(actor);
            await watcher.Watch(actor);
        }

        System.Stop(actor);
        foreach (var watcher in watchers)
        {
            Assert.IsType<Terminated>(await watcher.Next());
            await watcher.ExpectNothing();
        }
    }

    [Fact]
    public async Task An_ended_watch_hears_nothing_even_when_the_end_is_under_way()
    {
        var inlet = NewInlet();
        var victim = Spawn((_, _) => { });
        var gone = victim.WatchAsync();
        var gate = new TaskCompletionSource();
        var watcher = Spawn((message, context) =>
        {
            switch (message)
            {
                case "watch":
                    context.Watch(victim);
                    break;
                case "wait then unwatch":
                    gate.Task.Wait();
                    context.Unwatch(victim);
                    break;
                default:
                    inlet.Ref.Tell(message, ActorRefs.NoSender);
                    break;
            }
        });
        watcher.Tell("watch", ActorRefs.NoSender);
        watcher.Tell("wait then unwatch", ActorRefs.NoSender);
        System.Stop(victim);
        await gone.WaitAsync(Patience);
        gate.SetResult();
        watcher.Tell("end", ActorRefs.NoSender);
        await inlet.Expect("end");
    }

    [Fact]
    public async Task A_watch_may_name_its_message()
    {
        var inlet = NewInlet();
        var victim = Spawn((_, _) => { });
        var watcher = Spawn((message, context) =>
        {
            if (message is "watch") context.WatchWith(victim, "it is gone");
            else inlet.Ref.Tell(message, ActorRefs.NoSender);
        });
        watcher.Tell("watch", ActorRefs.NoSender);
        watcher.Tell("watching", ActorRefs.NoSender);
        await inlet.Expect("watching");
        System.Stop(victim);
        await inlet.Expect("it is gone");
    }

    [Fact]
    public async Task An_unhandled_end_is_the_watchers_end()
    {
        var inlet = NewInlet();
        var victim = Spawn((_, _) => { });
        var watcher = System.ActorOf(By(() => new Devoted(victim)));
        await inlet.Watch(watcher);
        System.Stop(victim);
        Assert.Equal(watcher, Assert.IsType<Terminated>(await inlet.Next()).ActorRef);
    }

    [Fact]
    public async Task A_parent_may_watch_its_child_and_reuse_the_name()
    {
        var inlet = NewInlet();
        Spawn((message, context) =>
        {
            switch (message)
            {
                case "go":
                    context.Stop(context.Watch(context.ActorOf(By(() => new Acting((_, _) => { })), "child")));
                    break;
                case Terminated:
                    inlet.Ref.Tell(context.ActorOf(By(() => new Acting((_, _) => { })), "child").Path.Name, ActorRefs.NoSender);
                    break;
            }
        }).Tell("go", ActorRefs.NoSender);
        await inlet.Expect("child");
    }

    [Fact]
    public async Task A_parent_that_no_longer_watches_its_child_hears_nothing_and_one_that_watches_it_late_hears_at_once()
    {
        var inlet = NewInlet();
        IActorRef child = ActorRefs.Nobody;
        var parent = Spawn((message, context) =>
        {
            switch (message)
            {
                case "begin":
                    child = context.ActorOf(By(() => new Acting((_, _) => { })), "child");
                    context.Watch(child);
                    context.Unwatch(child);
                    context.Sender.Tell(child, context.Self);
                    break;
                case "watch":
                    context.Watch(child);
                    break;
                default:
                    inlet.Ref.Tell(message is Terminated ended ? ended.ActorRef : message, ActorRefs.NoSender);
                    break;
            }
        });
        var victim = await parent.Ask<IActorRef>("begin", Patience);
        System.Stop(victim);
        await Eventually.Holds(() => ((ExtendedActorSystem)System).Provider.ResolveActorRef(victim.Path) is not LocalActorRef, "the parent has let it go");
        parent.Tell("before", ActorRefs.NoSender);
        parent.Tell("watch", ActorRefs.NoSender);
        await inlet.Expect("before");
        await inlet.Expect(victim);
        await inlet.ExpectNothing();
    }

    [Fact]
    public async Task Parent_and_others_hear_of_a_child_once_each()
    {
        var (inlet, other, third) = (NewInlet(), NewInlet(), NewInlet());
        var parent = Spawn((message, context) =>
        {
            if (message is "begin") context.Sender.Tell(context.Watch(context.ActorOf(By(() => new Acting((_, _) => { })))), context.Self);
            else if (message is Terminated ended) inlet.Ref.Tell(ended.ActorRef, ActorRefs.NoSender);
        });
        var child = await parent.Ask<IActorRef>("begin", Patience);
        await other.Watch(child);
        await third.Watch(child);
        System.Stop(child);
        await inlet.Expect(child);
        await inlet.ExpectNothing();
        foreach (var watcher in new[] { other, third })
        {
            Assert.Equal(child, Assert.IsType<Terminated>(await watcher.Next()).ActorRef);
            await watcher.ExpectNothing();
        }
    }

    [Fact]
    public async Task GracefulStop_tells_when_it_is_over()
    {
        var actor = Spawn((_, _) => { });
        Assert.True(await actor.GracefulStop(Patience));
        Assert.True(await actor.GracefulStop(Patience));
    }

    [Fact]
    public async Task GracefulStop_gives_up_in_time()
    {
        var gate = new TaskCompletionSource();
        var actor = Spawn((_, _) => gate.Task.Wait());
        actor.Tell("busy", ActorRefs.NoSender);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => actor.GracefulStop(TimeSpan.FromMilliseconds(20)));
        gate.SetResult();
    }

    private sealed class Devoted : ReceiveActor
    {
        public Devoted(IActorRef other) => Context.Watch(other);
    }
}

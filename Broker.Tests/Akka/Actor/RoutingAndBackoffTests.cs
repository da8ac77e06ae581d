using Akka.Actor;
using Akka.Event;
using Akka.Pattern;
using Akka.Routing;

namespace AkkaStream.Tests.Akka.Actor;

/// <summary>Routers, and supervisors that wait before a child begins again.</summary>
public sealed class RoutingAndBackoffTests : EngineFixture
{
    [Fact]
    public async Task A_round_robin_pool_spreads_messages_evenly()
    {
        var inlet = NewInlet();
        var pool = System.ActorOf(new RoundRobinPool(4).Props(Naming(inlet)));
        for (var i = 0; i < 40; i++) pool.Tell("x", ActorRefs.NoSender);
        var names = new List<string>();
        for (var i = 0; i < 40; i++) names.Add((string)await inlet.Next());
        Assert.Equal([10, 10, 10, 10], names.GroupBy(name => name).Select(group => group.Count()));
    }

    [Fact]
    public async Task A_broadcast_reaches_all()
    {
        var inlet = NewInlet();
        var pool = System.ActorOf(new RoundRobinPool(3).Props(Naming(inlet)));
        pool.Tell(new Broadcast("x"), ActorRefs.NoSender);
        Assert.Equal(3, new[] { await inlet.Next(), await inlet.Next(), await inlet.Next() }.Distinct().Count());
        System.ActorOf(new BroadcastPool(2).Props(Naming(inlet))).Tell("y", ActorRefs.NoSender);
        Assert.Equal(2, new[] { await inlet.Next(), await inlet.Next() }.Distinct().Count());
    }

    [Fact]
    public async Task Equal_keys_go_to_one_routee()
    {
        var inlet = NewInlet();
        var pool = System.ActorOf(new ConsistentHashingPool(5, message => message).Props(Naming(inlet)));
        var byKey = new Dictionary<string, object>();
        foreach (var key in Enumerable.Range(0, 50).Select(i => $"key{i}"))
        {
            pool.Tell(key, ActorRefs.NoSender);
            byKey[key] = await inlet.Next();
        }

        Assert.True(byKey.Values.Distinct().Count() > 1);
        foreach (var (key, name) in byKey)
        {
            pool.Tell(new ConsistentHashableEnvelope("x", key), ActorRefs.NoSender);
            Assert.Equal(name, await inlet.Next());
        }
    }

    [Fact]
    public async Task A_group_finds_its_routees_by_path()
    {
        var inlet = NewInlet();
        System.ActorOf(Naming(inlet), "a");
        System.ActorOf(Naming(inlet), "b");
        var group = System.ActorOf(new RoundRobinGroup("/user/a", "/user/b").Props());
        for (var i = 0; i < 4; i++) group.Tell("x", ActorRefs.NoSender);
        var names = new[] { await inlet.Next(), await inlet.Next(), await inlet.Next(), await inlet.Next() };
        Assert.Equal(["a", "a", "b", "b"], names.Cast<string>().Order());
    }

    [Fact]
    public async Task A_pool_ends_with_its_last_routee()
    {
        var inlet = NewInlet();
        var pool = System.ActorOf(new RoundRobinPool(2).Props(Naming(inlet)));
        await inlet.Watch(pool);
        var routees = await pool.Ask<Routees>(GetRoutees.Instance, Patience);
        Assert.Equal(2, routees.Members.Count());
        foreach (var routee in routees.Members) pool.Tell(new RemoveRoutee(routee), ActorRefs.NoSender);
        Assert.Equal(pool, Assert.IsType<Terminated>(await inlet.Next()).ActorRef);
    }

    [Fact]
    public async Task A_child_that_failed_begins_again_after_a_while()
    {
        // What the failed child did not get comes back as a dead letter.
        var inlet = Events<DeadLetter>();
        var instances = 0;
        var child = By(() =>
        {
            var instance = ++instances;
            return new Acting((message, _) =>
            {
                if (message is "fail") throw new InvalidOperationException("fail");
                inlet.Ref.Tell($"{instance} {message}", ActorRefs.NoSender);
            });
        });
        var options = Backoff.OnFailure(child, "child", TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1), 0.2).WithManualReset().WithReplyWhileStopped("away");
        var supervisor = System.ActorOf(BackoffSupervisor.Props(options));
        supervisor.Tell("hello", inlet.Ref);
        await inlet.Expect("1 hello");
        supervisor.Tell("fail", inlet.Ref);
        object answer;
        do
        {
            supervisor.Tell("hello", inlet.Ref);
            answer = await inlet.Next();
        }
        while (answer is "away" or DeadLetter);
        Assert.Equal("2 hello", answer);
        Assert.Equal(1, (await supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, Patience)).Count);
        supervisor.Tell(BackoffSupervisor.Reset.Instance, ActorRefs.NoSender);
        Assert.Equal(0, (await supervisor.Ask<BackoffSupervisor.RestartCount>(BackoffSupervisor.GetRestartCount.Instance, Patience)).Count);
    }

    [Fact]
    public async Task A_child_that_ends_too_often_ends_its_supervisor()
    {
        var inlet = NewInlet();
        var child = By(() => new Acting((_, context) => context.Stop(context.Self)));
        var supervisor = System.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(child, "child", TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), 0, 1).WithManualReset()));
        await inlet.Watch(supervisor);
        IActorRef? previous = null;
        for (var ends = 0; ends < 2; ends++)
        {
            IActorRef? current = null;
            while (current is null || current.Equals(previous)) current = (await supervisor.Ask<BackoffSupervisor.CurrentChild>(BackoffSupervisor.GetCurrentChild.Instance, Patience)).Ref;
            previous = current;
            var gone = current.WatchAsync();
            current.Tell("end", ActorRefs.NoSender);
            await gone.WaitAsync(Patience);
        }

        Assert.Equal(supervisor, Assert.IsType<Terminated>(await inlet.Next()).ActorRef);
    }

    private static Props Naming(Inlet inlet) => By(() => new Acting((_, context) => inlet.Ref.Tell(context.Self.Path.Name, ActorRefs.NoSender)));
}

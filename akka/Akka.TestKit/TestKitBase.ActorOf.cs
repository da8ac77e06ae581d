using System.Linq.Expressions;
using Akka.Actor;
using Akka.Util;

namespace Akka.TestKit;

public abstract partial class TestKitBase
{
    /// <summary>Creates an actor under the system's user guardian.</summary>
    public IActorRef ActorOf(Props props) => Sys.ActorOf(props);

    /// <summary>Creates an actor with a name under the system's user guardian.</summary>
    public IActorRef ActorOf(Props props, string? name) => Sys.ActorOf(props, name);

    /// <summary>Creates an actor that has a constructor without arguments.</summary>
    public IActorRef ActorOf<TActor>()
        where TActor : ActorBase, new()
        => Sys.ActorOf(Props.Create<TActor>());

    /// <summary>Creates an actor that has a constructor without arguments, with a name.</summary>
    public IActorRef ActorOf<TActor>(string? name)
        where TActor : ActorBase, new()
        => Sys.ActorOf(Props.Create<TActor>(), name);

    /// <summary>Creates an actor by the constructor call in <paramref name="factory"/>.</summary>
    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory)
        where TActor : ActorBase
        => Sys.ActorOf(Props.Create(factory));

    /// <summary>Creates an actor by the constructor call in <paramref name="factory"/>, with a name.</summary>
    public IActorRef ActorOf<TActor>(Expression<Func<TActor>> factory, string? name)
        where TActor : ActorBase
        => Sys.ActorOf(Props.Create(factory), name);

    /// <summary>Selects actors by path.</summary>
    public ActorSelection ActorSelection(ActorPath actorPath) => Sys.ActorSelection(actorPath);

    /// <summary>Selects actors by path.</summary>
    public ActorSelection ActorSelection(string actorPath) => Sys.ActorSelection(actorPath);

    /// <summary>Selects actors by a path that begins at <paramref name="anchorRef"/>.</summary>
    public ActorSelection ActorSelection(IActorRef anchorRef, string actorPath) => new(anchorRef, actorPath);

    /// <summary>Creates a child of the test actor; a failure stops it.</summary>
    public IActorRef ChildActorOf(Props props, CancellationToken cancellationToken = default)
        => ChildActorOf(props, null!, SupervisorStrategy.StoppingStrategy, cancellationToken);

    /// <summary>Creates a child of the test actor with a name; a failure stops it.</summary>
    public IActorRef ChildActorOf(Props props, string name, CancellationToken cancellationToken = default)
        => ChildActorOf(props, name, SupervisorStrategy.StoppingStrategy, cancellationToken);

    /// <summary>Creates a child of the test actor; its failures are handled by <paramref name="supervisorStrategy"/>.</summary>
    public IActorRef ChildActorOf(Props props, SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default)
        => ChildActorOf(props, null!, supervisorStrategy, cancellationToken);

    /// <summary>Creates a child of the test actor with a name; its failures are handled by <paramref name="supervisorStrategy"/>.</summary>
    public IActorRef ChildActorOf(Props props, string name, SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default)
    {
        var spawned = Spawn(props, name, supervisorStrategy);
        if (!spawned.Wait((int)RemainingOrDefault.TotalMilliseconds, cancellationToken)) _assertions.Fail("Timeout {0} while the test actor was asked to create a child", RemainingOrDefault);
        return spawned.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="ChildActorOf(Props, CancellationToken)"/>
    public Task<IActorRef> ChildActorOfAsync(Props props, CancellationToken cancellationToken = default)
        => ChildActorOfAsync(props, null!, SupervisorStrategy.StoppingStrategy, cancellationToken);

    /// <inheritdoc cref="ChildActorOf(Props, string, CancellationToken)"/>
    public Task<IActorRef> ChildActorOfAsync(Props props, string name, CancellationToken cancellationToken = default)
        => ChildActorOfAsync(props, name, SupervisorStrategy.StoppingStrategy, cancellationToken);

    /// <inheritdoc cref="ChildActorOf(Props, SupervisorStrategy, CancellationToken)"/>
    public Task<IActorRef> ChildActorOfAsync(Props props, SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default)
        => ChildActorOfAsync(props, null!, supervisorStrategy, cancellationToken);

    /// <inheritdoc cref="ChildActorOf(Props, string, SupervisorStrategy, CancellationToken)"/>
    public Task<IActorRef> ChildActorOfAsync(Props props, string name, SupervisorStrategy supervisorStrategy, CancellationToken cancellationToken = default)
        => Spawn(props, name, supervisorStrategy).WaitAsync(RemainingOrDefault, cancellationToken);

    /// <summary>Creates an actor that handles messages on the thread that sends them.</summary>
    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Props props, IActorRef? supervisor, string? name = null)
        where TActor : ActorBase
        => new(Sys, props, supervisor, name);

    /// <inheritdoc cref="ActorOfAsTestActorRef{TActor}(Props, IActorRef, string)"/>
    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Props props, string? name = null)
        where TActor : ActorBase
        => new(Sys, props, null, name);

    /// <inheritdoc cref="ActorOfAsTestActorRef{TActor}(Props, IActorRef, string)"/>
    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(string? name = null)
        where TActor : ActorBase, new()
        => new(Sys, Props.Create<TActor>(), null, name);

    /// <inheritdoc cref="ActorOfAsTestActorRef{TActor}(Props, IActorRef, string)"/>
    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(IActorRef supervisor, string? name = null)
        where TActor : ActorBase, new()
        => new(Sys, Props.Create<TActor>(), supervisor, name);

    /// <inheritdoc cref="ActorOfAsTestActorRef{TActor}(Props, IActorRef, string)"/>
    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Expression<Func<TActor>> factory, IActorRef? supervisor, string? name = null)
        where TActor : ActorBase
        => new(Sys, Props.Create(factory), supervisor, name);

    /// <inheritdoc cref="ActorOfAsTestActorRef{TActor}(Props, IActorRef, string)"/>
    public TestActorRef<TActor> ActorOfAsTestActorRef<TActor>(Expression<Func<TActor>> factory, string? name = null)
        where TActor : ActorBase
        => new(Sys, Props.Create(factory), null, name);

    private Task<IActorRef> Spawn(Props props, string? name, SupervisorStrategy strategy)
    {
        var spawn = new TestActor.Spawn(props, Option<string>.Create(name!), Option<SupervisorStrategy>.Create(strategy));
        TestActor.Tell(spawn);
        return spawn.Done.Task;
    }
}

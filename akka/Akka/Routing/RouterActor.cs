using Akka.Actor;
using Akka.Actor.Internal;

namespace Akka.Routing;

/// <summary>
/// A router's reference: messages go to routees on the sender's thread, without a turn of the router itself, which only manages them.
/// </summary>
internal sealed class RoutedActorRef(LocalActorRef head, RouterState state) : InternalActorRefBase
{
    public override ActorPath Path => head.Path;

    public override IInternalActorRef Parent => head.Parent;

    public override IActorRefProvider Provider => head.Provider;

    public override bool IsTerminated => head.IsTerminated;

    public override bool IsLocal => true;

    public override IActorRef GetChild(IReadOnlyList<string> name) => name.Count == 0 ? this : head.GetChild(name);

    public override void Resume(Exception? causedByFailure = null) => head.Resume(causedByFailure);

    public override void Start() => head.Start();

    public override void Stop() => head.Stop();

    public override void Restart(Exception cause) => head.Restart(cause);

    public override void Suspend() => head.Suspend();

    public override void SendSystemMessage(Dispatch.SysMsg.ISystemMessage message) => head.SendSystemMessage(message);

    protected override void TellInternal(object message, IActorRef? sender)
    {
        // Until the routees are there, and once the router ended, its own mailbox takes what comes.
        if (message is IAutoReceivedMessage or RouterManagementMessage || state.Router is not { All.Length: > 0 } router) head.Tell(message, sender);
        else router.Route(message, sender);
    }
}

/// <summary>The routees as senders see them.</summary>
internal sealed class RouterState
{
    private volatile Router? _router;

    public Router? Router
    {
        get => _router;
        set => _router = value;
    }
}

/// <summary>Manages a router's routees.</summary>
internal sealed class RouterActor(Props routeeProps, RouterConfig config, RouterState state) : UntypedActor
{
    protected override SupervisorStrategy SupervisorStrategy() => config is Pool pool ? pool.SupervisorStrategy : base.SupervisorStrategy();

    protected override void PreStart()
    {
        var router = config.CreateRouter(Context.System);
        switch (config)
        {
            case Pool pool:
                for (var i = 0; i < pool.GetNrOfInstances(Context.System); i++) router = router.AddRoutee(Context.Watch(Context.ActorOf(routeeProps)));
                break;
            case Group group:
                foreach (var path in group.GetPaths(Context.System)) router = router.AddRoutee(new ActorSelectionRoutee(Context.ActorSelection(path)));
                break;
        }

        state.Router = router;
    }

    // A routee's failure that came up to the router restarts it; the routees end with the old instance.
    protected override void PreRestart(Exception reason, object? message)
    {
        state.Router = null;
        base.PreRestart(reason, message);
    }

    protected override void PostStop() => state.Router = null;

    protected override void OnReceive(object message)
    {
        var router = state.Router!;
        switch (message)
        {
            case GetRoutees:
                Sender.Tell(new Routees(router.Routees), Self);
                break;
            case AddRoutee add:
                if (add.Routee is ActorRefRoutee added) Context.Watch(added.Actor);
                state.Router = router.AddRoutee(add.Routee);
                break;
            case RemoveRoutee remove:
                Remove(router, remove.Routee, true);
                break;
            case Terminated terminated:
                Remove(router, Routee.FromActorRef(terminated.ActorRef), false);
                break;
            default:
                router.Route(message, Sender);
                break;
        }
    }

    private void Remove(Router router, Routee routee, bool stop)
    {
        state.Router = router = router.RemoveRoutee(routee);
        if (routee is ActorRefRoutee { Actor: var actor } && stop)
        {
            Context.Unwatch(actor);

            // After what it was sent before.
            if (config is Pool && !Context.Child(actor.Path.Name).IsNobody()) actor.Tell(PoisonPill.Instance, Self);
        }

        if (config is Pool && config.StopRouterWhenAllRouteesRemoved && router.All.Length == 0) Context.Stop(Self);
    }
}

/// <summary>Makes routers.</summary>
internal static class RoutedActors
{
    public static IInternalActorRef Make(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path)
    {
        var config = props.RouterConfig;
        if (config is not (Pool or Group)) throw new Configuration.ConfigurationException($"{path}: a router of type {config.GetType()} is neither a pool nor a group");
        var state = new RouterState();
        var routees = props.WithRouter(NoRouter.Instance);
        var head = Props.CreateBy(new GuardianProducer(() => new RouterActor(routees, config, state))).WithDispatcher(config.RouterDispatcher);
        return new RoutedActorRef(LocalActorRefProvider.MakeLocal(system, head, supervisor, path), state);
    }
}

namespace Akka.Actor.Internal;

/// <summary>Makes a guardian.</summary>
internal sealed class GuardianProducer(Func<ActorBase> make) : IIndirectActorProducer
{
    public Type ActorType => typeof(ActorBase);

    public ActorBase Produce() => make();

    public void Release(ActorBase actor)
    {
    }
}

/// <summary>The root: ends when the system guardian has.</summary>
internal sealed class RootGuardianActor : ActorBase
{
    protected override SupervisorStrategy SupervisorStrategy() => Actor.SupervisorStrategy.StoppingStrategy;

    // A guardian's services are not stopped for a restart; there is none.
    protected override void PreRestart(Exception reason, object? message)
    {
    }

    protected override bool Receive(object message)
    {
        if (message is Terminated) Context.Stop(Self);
        else if (message is SystemGuardianActor.WatchMe watch) Context.Watch(watch.Guardian);
        return true;
    }
}

/// <summary>Supervises what users make at the top.</summary>
internal sealed class UserGuardianActor(SupervisorStrategy strategy) : ActorBase
{
    protected override SupervisorStrategy SupervisorStrategy() => strategy;

    protected override void PreRestart(Exception reason, object? message)
    {
    }

    protected override bool Receive(object message)
    {
        Context.System.DeadLetters.Tell(new Event.DeadLetter(message, Sender, Self), Sender);
        return true;
    }
}

/// <summary>Supervises the system's own services; ends when the user guardian has.</summary>
internal sealed class SystemGuardianActor(LocalActorRefProvider provider) : ActorBase
{
    protected override void PreRestart(Exception reason, object? message)
    {
    }

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case WatchUser:
                Context.Watch(provider.Guardian);
                Context.Parent.Tell(new WatchMe(Self), Self);
                return true;
            case Terminated:
                Context.System.EventStream.StopLoggers();
                Context.Stop(Self);
                return true;
            default:
                Context.System.DeadLetters.Tell(new Event.DeadLetter(message, Sender, Self), Sender);
                return true;
        }
    }

    /// <summary>The user guardian is there.</summary>
    public sealed class WatchUser
    {
        public static readonly WatchUser Instance = new();
    }

    /// <summary>To the root.</summary>
    public sealed record WatchMe(IActorRef Guardian);
}

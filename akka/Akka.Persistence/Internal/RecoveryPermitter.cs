using Akka.Actor;

namespace Akka.Persistence.Internal;

/// <summary>May I recover?</summary>
internal sealed class RequestRecoveryPermit
{
    public static readonly RequestRecoveryPermit Instance = new();
}

/// <summary>You may.</summary>
internal sealed class RecoveryPermitGranted
{
    public static readonly RecoveryPermitGranted Instance = new();
}

/// <summary>I have.</summary>
internal sealed class ReturnRecoveryPermit
{
    public static readonly ReturnRecoveryPermit Instance = new();
}

/// <summary>Lets so many actors recover at a time, in the order in which they ask: a thousand that begin together must not flood the journal.</summary>
internal sealed class RecoveryPermitter(int most) : UntypedActor
{
    private readonly LinkedList<IActorRef> _waiting = new();
    private readonly HashSet<IActorRef> _recovering = [];

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case RequestRecoveryPermit:
                Context.Watch(Sender);
                if (_recovering.Count < most) Grant(Sender);
                else _waiting.AddLast(Sender);
                break;
            case ReturnRecoveryPermit:
                Context.Unwatch(Sender);
                _waiting.Remove(Sender);
                Returned(Sender);
                break;
            case Terminated terminated:
                _waiting.Remove(terminated.ActorRef);
                Returned(terminated.ActorRef);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Returned(IActorRef actor)
    {
        if (!_recovering.Remove(actor)) return;
        if (_waiting.First is not { } next) return;
        _waiting.RemoveFirst();
        Grant(next.Value);
    }

    private void Grant(IActorRef actor)
    {
        _recovering.Add(actor);
        actor.Tell(RecoveryPermitGranted.Instance, Self);
    }
}

namespace Akka.Actor.Internal;

/// <summary>What the TestKit does to an actor from outside of its turns.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Has the actor handle a message on this thread; what it throws comes to the caller. Only between turns, for actors of the calling thread.</summary>
    public void InvokeHere(Envelope envelope)
    {
        ref var current = ref InternalCurrentActorCellKeeper.Slot;
        var outer = current;
        current = this;
        _current = envelope;
        try
        {
            if (envelope.Message is IAutoReceivedMessage) AutoReceive(envelope.Message);
            else _actor!.Handle(_behavior!, envelope.Message);
        }
        finally
        {
            _current = default;
            current = outer;
        }
    }
}

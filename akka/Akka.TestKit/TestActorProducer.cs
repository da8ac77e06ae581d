using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Makes the actor of a kit around the kit's queue.</summary>
internal sealed class TestActorProducer(TestQueue queue) : IIndirectActorProducer
{
    public Type ActorType => typeof(InternalTestActor);

    public ActorBase Produce() => new InternalTestActor(queue);

    public void Release(ActorBase actor)
    {
        // Holds nothing.
    }
}

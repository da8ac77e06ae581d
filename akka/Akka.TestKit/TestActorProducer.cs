using Akka.Actor;

namespace Akka.TestKit;

/// <summary>Makes the actor of a kit around the kit's queue.</summary>
internal sealed class TestActorProducer(TestQueue queue) : IIndirectActorProducer
{
    public Type ActorType => typeof(TestActor);

    public ActorBase Produce() => new TestActor(queue);

    public void Release(ActorBase actor)
    {
        // Holds nothing.
    }
}

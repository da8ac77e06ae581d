using Akka.Actor.Internal;
using Akka.Cluster.Gossiping;
using Akka.Remote;

namespace Akka.Cluster;

/// <summary>Actors of this process and of others, with a membership in a cluster.</summary>
internal sealed class ClusterActorRefProvider : RemoteActorRefProvider
{
    private readonly ActorSystemImpl _system;

    public ClusterActorRefProvider(ActorSystemImpl system)
        : base(system)
    {
        _system = system;
        system.Settings.InjectTopLevelFallback(ClusterReference.Default);
    }

    public override void Init()
    {
        var serializer = new ClusterMessageSerializer(_system);
        _system.Serialization.AddSerializer("akka-cluster", serializer);
        _system.Serialization.AddSerializationMap(typeof(ClusterMessage), serializer);
        base.Init();
    }

    public override void Started() => Cluster.Get(_system);
}

using Akka.Actor;
using Akka.Cluster.Tools.Singleton;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Metadata.Quorum;

namespace AkkaStream.Actors.Controller;

/// <summary>What a broker's part in the cluster's controller is made of.</summary>
public sealed record ControllerNodeParts
{
    /// <summary>Its voter; null on a broker without the role <see cref="ClusterRoles.Controller"/>, which only follows.</summary>
    public QuorumParts? Quorum { get; init; }

    /// <summary>What the controller needs where it runs here.</summary>
    public required ClusterControllerSetup Setup { get; init; }

    /// <summary>The image that this broker begins with; the empty one as a rule.</summary>
    public MetadataImage Known { get; init; } = MetadataImage.Empty;

    /// <summary>Takes each image with the one before it, on the subscriber's turn; see <see cref="MetadataSubscription.Apply"/>.</summary>
    public required Action<MetadataImage, MetadataImage> Apply { get; init; }

    /// <summary>A number from 0 up to a bound, from any thread.</summary>
    public required Func<int, int> Dice { get; init; }
}

/// <summary>A broker's part in the cluster's controller: its voter, the singleton, the subscription to what it decides, and the way to it.</summary>
public sealed class ControllerNode
{
    private const string ManagerName = "controllers";

    // How long a way to the controller that was lost may stay lost: it is asked for so often only then.
    private static readonly TimeSpan Seek = TimeSpan.FromMilliseconds(250);

    private ControllerNode(IActorRef proxy, IActorRef metadata, IActorRef link)
    {
        Proxy = proxy;
        Metadata = metadata;
        Link = link;
    }

    /// <summary>The way to the singleton, for messages that need no answer by number.</summary>
    public IActorRef Proxy { get; }

    /// <summary>The <see cref="MetadataSubscriber"/>.</summary>
    public IActorRef Metadata { get; }

    /// <summary>The <see cref="ControllerLink"/>.</summary>
    public IActorRef Link { get; }

    /// <summary>Starts all of it in a system whose provider is the cluster's. Safety is the quorum's matter: the singleton follows as soon as the cluster has removed a node, without a margin.</summary>
    public static ControllerNode Start(ActorSystem system, ControllerNodeParts parts)
    {
        ControllerSerializer.AddTo(system);
        if (parts.Quorum is { } quorum)
        {
            QuorumExtension.Start(system, quorum);
            var manager = ClusterSingletonManagerSettings.Create(system).WithSingletonName(ControllerSupervisor.Name).WithRole(ClusterRoles.Controller).WithRemovalMargin(TimeSpan.Zero);
            system.ActorOf(ClusterSingletonManager.Props(ControllerSupervisor.Props(parts.Setup, parts.Dice), manager), ManagerName);
        }

        var finding = ClusterSingletonProxySettings.Create(system).WithSingletonName(ControllerSupervisor.Name).WithRole(ClusterRoles.Controller).WithSingletonIdentificationInterval(Seek);
        var proxy = system.ActorOf(ClusterSingletonProxy.Props($"/user/{ManagerName}", finding), "controller-proxy");
        var subscription = new MetadataSubscription { Known = parts.Known, Controller = proxy, Apply = parts.Apply };
        var metadata = system.ActorOf(Props.Create(typeof(MetadataSubscriber), subscription), MetadataSubscriber.Name);
        var link = system.ActorOf(Props.Create(typeof(ControllerLink), parts.Setup.BrokerId, proxy, metadata), ControllerLink.Name);
        return new ControllerNode(proxy, metadata, link);
    }
}

using System.Diagnostics.CodeAnalysis;
using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>What a decision may look at: the image, this broker's configuration, and dice.</summary>
/// <param name="Image">Everything decided so far. Its offset rises with every decision, so that the one behind it can be a broker's epoch.</param>
/// <param name="Config">The broker's configuration with what was set while it ran.</param>
/// <param name="BrokerId">The broker on which the controller runs.</param>
/// <param name="NewId">Gives a fresh random id.</param>
public sealed record ControllerContext(MetadataImage Image, BrokerConfig Config, int BrokerId, Func<Guid> NewId)
{
    private IReadOnlyDictionary<int, BrokerImage>? brokers;

    /// <summary>The cluster's id, which brokers have to name when they register; null where it is not checked.</summary>
    public string? ClusterId { get; init; }

    /// <summary>What brokers said last of how far they are. Whoever runs commands keeps one for all of them; with a new one, nobody is waited for.</summary>
    public BrokerProgress Progress { get; init; } = new();

    /// <summary>Whether the controller is a cluster's: then only brokers that registered count, be there none yet.</summary>
    public bool IsCluster { get; init; }

    /// <summary>Whether one broker is all there is, which never registered with itself.</summary>
    public bool IsAlone => !IsCluster && Image.Brokers.IsEmpty;

    /// <summary>The brokers there are: those that registered, or this one alone.</summary>
    public IReadOnlyDictionary<int, BrokerImage> Brokers
        => brokers ??= IsAlone ? new Dictionary<int, BrokerImage> { [BrokerId] = new(BrokerId, Guid.Empty, 0, Config.Rack, [], false, false, []) } : Image.Brokers;

    /// <summary>The broker with that id, where that is its present registration; false for a former life of it, and for one that is not registered.</summary>
    public bool IsRegistered(int broker, long epoch, [NotNullWhen(true)] out BrokerImage? registered)
        => Image.Brokers.TryGetValue(broker, out registered) && registered.Epoch == epoch;

    /// <summary>Whether a broker may lead: it is registered, neither fenced nor about to stop.</summary>
    public bool IsActive(int broker) => Brokers.TryGetValue(broker, out var known) && known.IsActive;
}

/// <summary>
/// Something asked of the controller. It decides on events without any effect, and hears what came of them. A plain object: no clock, no
/// disk, no actor.
/// </summary>
public abstract class ControllerCommand
{
    /// <summary>The events that do what was asked; none where nothing changes or it is refused.</summary>
    public abstract IReadOnlyList<IApiMessage> Decide(ControllerContext context);

    /// <summary>The events are durable and in force.</summary>
    public abstract void Done(MetadataImage image);

    /// <summary>The journal did not take the events; nothing changed.</summary>
    public abstract void Failed(ErrorCode error);
}

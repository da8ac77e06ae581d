using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <summary>What a decision may look at: the image, this broker's configuration, and dice.</summary>
/// <param name="Image">Everything decided so far.</param>
/// <param name="Config">The broker's configuration with what was set while it ran.</param>
/// <param name="BrokerId">The one broker there is.</param>
/// <param name="NewId">Gives a fresh random id.</param>
public sealed record ControllerContext(MetadataImage Image, BrokerConfig Config, int BrokerId, Func<Guid> NewId);

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

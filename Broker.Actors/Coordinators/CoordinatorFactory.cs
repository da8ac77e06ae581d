using Akka.Actor;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Coordinators;

/// <summary>
/// The internal topics whose partitions have coordinators, and the way to them: a key's coordinator is that of its partition
/// (<see cref="CoordinatorHash"/>). Topics are added before the first partition is opened.
/// </summary>
/// <param name="partitions">The partitions of this broker.</param>
public sealed class CoordinatorFactory(PartitionRegistry partitions)
{
    private readonly Dictionary<string, CoordinatorSetup> setups = new(StringComparer.Ordinal);

    /// <summary>Partitions of that topic get such coordinators.</summary>
    public void Add(string topic, CoordinatorSetup setup) => setups.Add(topic, setup);

    /// <summary>Whether this broker has coordinators for that topic's partitions.</summary>
    public bool Serves(string topic) => setups.ContainsKey(topic);

    /// <summary>Tells a key's coordinator something; the message is refused where this broker leads no such partition.</summary>
    /// <param name="topic">The internal topic, such as <see cref="TopicNames.ConsumerOffsets"/>.</param>
    /// <param name="key">A group id or a transactional id.</param>
    /// <param name="message">What to tell.</param>
    public void Tell(string topic, string key, CoordinatorMessage message)
    {
        if (partitions.TryGetTopic(topic, out var handles) && handles.Length > 0 && handles[CoordinatorHash.PartitionOf(key, handles.Length)] is { } handle) handle.TellCoordinator(message);
        else message.Refuse(ErrorCode.NotCoordinator);
    }

    internal Props? PropsOf(PartitionHandle handle)
        => setups.TryGetValue(handle.Topic, out var setup) ? Props.Create(typeof(CoordinatorActor), handle, setup) : null;
}

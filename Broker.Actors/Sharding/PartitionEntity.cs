using Akka.Actor;
using AkkaStream.Actors.Partitions;

namespace AkkaStream.Actors.Sharding;

/// <summary>A partition as an entity of the region: hands what it is told to the actor that owns the log on this broker, which leads it or says that it does not.</summary>
/// <param name="id">Topic and number.</param>
/// <param name="partitions">The partitions that are here.</param>
public sealed class PartitionEntity(string id, PartitionRegistry partitions) : UntypedActor
{
    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (PartitionShards.TryParse(id, out var topic, out var index) && partitions.Find(topic, index) is { } handle) handle.Actor.Forward(message);
        else Unhandled(message);
    }
}

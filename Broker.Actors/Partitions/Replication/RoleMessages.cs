using AkkaStream.Actors.Metadata;

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>Tells a partition that this broker leads it, as the controller decided; said again, with what changed, while the leadership goes on.</summary>
/// <param name="Image">The partition.</param>
internal sealed record Lead(PartitionImage Image);

/// <summary>Tells a partition that another broker leads it, or none.</summary>
/// <param name="Image">The partition.</param>
internal sealed record Follow(PartitionImage Image);

namespace AkkaStream.Actors.Partitions.Replication;

/// <summary>A replica of this broker that takes no records.</summary>
/// <param name="TopicId">The topic.</param>
/// <param name="Partition">The partition's number.</param>
/// <param name="IsLost">Whether its log cannot be got at before the broker's next life; otherwise it only has no room, or could not be opened yet, and others go on without it until it can.</param>
public sealed record ReplicaTrouble(Guid TopicId, int Partition, bool IsLost);

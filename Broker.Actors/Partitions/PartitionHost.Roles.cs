using Akka.Actor;
using Akka.Event;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions.Replication;

namespace AkkaStream.Actors.Partitions;

/// <summary>What a member of a cluster has of each topic, and what it is for it.</summary>
public sealed partial class PartitionHost
{
    private bool IsHere(PartitionImage partition) => replication is null || partition.Replicas.Contains(replication.BrokerId);

    private bool LacksSome(PartitionHandle?[] existing, TopicImage now)
    {
        if (existing.Length < now.Partitions.Length) return true;
        if (replication is null) return false;
        for (var i = 0; i < existing.Length; i++)
        {
            if (existing[i] is null && IsHere(now.Partitions[i])) return true;
        }

        return false;
    }

    // A replica that was moved away is removed as one of a deleted topic is.
    private void LetGo(PartitionHandle?[] existing, TopicImage now)
    {
        for (var i = 0; i < existing.Length; i++)
        {
            if (existing[i] is not { } handle || IsHere(now.Partitions[i])) continue;
            existing[i] = null;
            Remove(handle);
        }
    }

    // Images share what did not change.
    private void TellRoles(TopicImage? before, TopicImage now)
    {
        if (!registry.TryGetTopic(now.Id, out var handles)) return;
        var old = before?.Id == now.Id ? before.Partitions : [];
        if (old == now.Partitions) return;
        for (var i = 0; i < handles.Length; i++)
        {
            if (handles[i] is not { } handle || (i < old.Length && ReferenceEquals(old[i], now.Partitions[i]) && handle.LeaderEpoch >= 0)) continue;
            var partition = now.Partitions[i];
            handle.Image = partition;
            handle.Actor.Tell(partition.Leader == replication!.BrokerId ? new Lead(partition) : new Follow(partition), ActorRefs.NoSender);
        }
    }

    // What was deleted, or moved elsewhere, while this broker was away goes. What the metadata knows nothing of may be all that is left of something: it is only set aside.
    private void SortOutStrays(MetadataImage image)
    {
        var removed = image.Removed.ToHashSet();
        foreach (var directory in directories)
        {
            if (directory.IsOffline) continue;
            foreach (var stray in directory.Partitions.Where(p => p.Topic != TopicNames.ClusterMetadata && registry.Find(p.Topic, p.Partition) is null).ToList())
            {
                places.Remove(stray);
                var id = directory.TopicIdOf(stray.ToString());
                if (WhyGone(image, removed, id, stray.Partition) is { } why)
                {
                    system.Log.Info("{0} in {1} is removed: {2}", stray, directory.Path, why);
                    directory.Remove(stray, newId());
                }
                else
                {
                    directory.SetAside(stray, id);
                }
            }
        }

        RemoveDoomed();
    }

    private string? WhyGone(MetadataImage image, HashSet<Guid> removed, Guid id, int partition)
    {
        if (image.TopicOf(id) is { } topic) return partition < topic.Partitions.Length && !IsHere(topic.Partitions[partition]) ? "its replicas are elsewhere now" : null;
        return removed.Contains(id) ? "its topic was deleted" : null;
    }
}

using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Partitions;

/// <summary>
/// Which log directory each partition lies in, and where a new one goes: to the directory that was wished for it, else to the one with the fewest partitions.
/// Safe from any thread.
/// </summary>
internal sealed class PartitionPlaces
{
    private readonly Lock gate = new();
    private readonly IReadOnlyList<LogDirectory> directories;
    private readonly Dictionary<PartitionName, LogDirectory> homes = [];
    private readonly Dictionary<PartitionName, LogDirectory> wishes = [];
    private readonly int[] load;

    public PartitionPlaces(IReadOnlyList<LogDirectory> directories)
    {
        this.directories = directories;
        load = new int[directories.Count];
    }

    /// <summary>Takes in what a directory held at the start.</summary>
    public void Add(LogDirectory directory)
    {
        lock (gate)
        {
            foreach (var partition in directory.Partitions)
            {
                if (partition.Topic != TopicNames.ClusterMetadata) Put(partition, directory);
            }
        }
    }

    /// <summary>The directory of a partition of an earlier run; where it is not found while a directory is offline, it lies in that one, and must not be made anew.</summary>
    public LogDirectory Find(PartitionName partition)
    {
        lock (gate)
        {
            if (homes.TryGetValue(partition, out var home)) return home;
            foreach (var directory in directories)
            {
                if (directory.IsOffline) return Put(partition, directory);
            }

            return Put(partition, Least());
        }
    }

    /// <summary>A directory for a partition that comes into being.</summary>
    public LogDirectory Place(PartitionName partition)
    {
        lock (gate)
        {
            if (homes.TryGetValue(partition, out var home)) return home;
            return Put(partition, wishes.Remove(partition, out var wished) && !wished.IsOffline ? wished : Least());
        }
    }

    /// <summary>The partition is gone; gives where it was, or null.</summary>
    public LogDirectory? Remove(PartitionName partition)
    {
        lock (gate)
        {
            if (!homes.Remove(partition, out var home)) return null;
            load[IndexOf(home)]--;
            return home;
        }
    }

    /// <summary>The partition lies in another directory now.</summary>
    public void Move(PartitionName partition, LogDirectory to)
    {
        lock (gate)
        {
            if (homes.Remove(partition, out var from)) load[IndexOf(from)]--;
            Put(partition, to);
        }
    }

    /// <summary>Remembers where a partition is to be made, should it come into being. At the limit, the wish is not remembered.</summary>
    public void Wish(PartitionName partition, LogDirectory directory)
    {
        lock (gate)
        {
            if (wishes.Count < Limits.WishedDirectories || wishes.ContainsKey(partition)) wishes[partition] = directory;
        }
    }

    /// <summary>Only the named directories get no new partitions; <c>*</c> names all.</summary>
    public void Cordon(IReadOnlyList<string> paths)
    {
        foreach (var directory in directories) directory.IsCordoned = paths.Contains("*") || paths.Any(path => PathNames.AreSame(directory.Path, path));
    }

    /// <summary>Whether so many partitions can be placed now.</summary>
    public ErrorCode CanPlace(int count)
    {
        if (directories.All(directory => directory.IsCordoned)) return ErrorCode.InvalidReplicationFactor;
        var hasRoom = directories.Any(directory => directory is { IsOffline: false, IsCordoned: false } && directory.HasRoom(count * Limits.RoomForPartition));
        return hasRoom ? ErrorCode.None : ErrorCode.KafkaStorageError;
    }

    private LogDirectory Put(PartitionName partition, LogDirectory directory)
    {
        homes[partition] = directory;
        load[IndexOf(directory)]++;
        return directory;
    }

    private LogDirectory Least()
    {
        var least = -1;
        var worst = 0;
        for (var i = 0; i < load.Length; i++)
        {
            if (directories[i].IsOffline) continue;
            // One that is cordoned or has no room takes what was decided already, where there is no other.
            var doubt = directories[i].IsCordoned ? 2 : directories[i].LacksRoom ? 1 : 0;
            if (least >= 0 && (doubt > worst || (doubt == worst && load[i] >= load[least]))) continue;
            (least, worst) = (i, doubt);
        }

        return directories[Math.Max(0, least)];
    }

    private int IndexOf(LogDirectory directory)
    {
        for (var i = 0; i < directories.Count; i++)
        {
            if (ReferenceEquals(directories[i], directory)) return i;
        }

        throw new ArgumentException($"{directory.Path} is no log directory of this broker", nameof(directory));
    }
}

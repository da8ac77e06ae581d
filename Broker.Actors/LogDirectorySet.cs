using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors;

/// <summary>
/// The log directories of a broker at its start: whose they are, which can be used, and where the controller's journal lies. A directory of another broker or
/// cluster is refused before anything in it is touched.
/// </summary>
internal sealed class LogDirectorySet
{
    private const int NamesTold = 5;
    private static readonly PartitionName Journal = new(TopicNames.ClusterMetadata, 0);
    private readonly BrokerConfig config;
    private readonly Func<Guid> newId;
    private readonly Action<string> report;
    private readonly List<LogDirectory> claimed = [];

    /// <summary>Opens <c>log.dirs</c>.</summary>
    /// <param name="config">The broker's.</param>
    /// <param name="disk">Where they lie.</param>
    /// <param name="newId">Fresh random ids.</param>
    /// <param name="report">Takes sentences about damage that was found.</param>
    /// <param name="wentOffline">Told of each directory that goes offline, now or later.</param>
    /// <exception cref="ConfigException">A directory belongs to another broker or cluster, or two are the same.</exception>
    /// <exception cref="IOException">No directory can be used, or not the one with the controller's journal.</exception>
    public LogDirectorySet(BrokerConfig config, IDisk disk, Func<Guid> newId, Action<string> report, Action<LogDirectory> wentOffline)
    {
        this.config = config;
        this.newId = newId;
        this.report = report;
        var paths = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in config.LogDirs)
        {
            if (!paths.Add(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)))) throw new ConfigException("log.dirs", $"log.dirs names {path} twice");
        }

        CheckNames();
        All = config.LogDirs.Select(path => LogDirectory.Look(disk, path, report, wentOffline)).ToList();
        CheckAny();
        ClusterId = Identify();
        foreach (var directory in All) directory.Load();
        CheckAny();
        JournalHome = FindJournal();
    }

    /// <summary>Every directory, in the order of the configuration, those that are offline included.</summary>
    public IReadOnlyList<LogDirectory> All { get; }

    /// <summary>The registration in whose life every directory was closed in order; -1 where one was not.</summary>
    public long CleanShutdownEpoch => All.Min(d => d.CleanShutdownEpoch);

    /// <summary>The directory with the controller's journal.</summary>
    public LogDirectory JournalHome { get; }

    /// <summary>The cluster's id: the directories', or a new one.</summary>
    public string ClusterId { get; }

    /// <summary>
    /// For a broker that is alone, before its partitions are opened: tells which of them are in no log directory. Where one of the directories is new at the same time, its disk may
    /// not be mounted, and nobody else has the records.
    /// </summary>
    /// <exception cref="IOException">That is so; the message says what to do.</exception>
    public void CheckComplete(MetadataImage image)
    {
        if (All.Any(directory => directory.IsOffline)) return;
        var missing = new List<PartitionName>();
        foreach (var topic in image.Topics.Values)
        {
            foreach (var partition in topic.Partitions)
            {
                var name = new PartitionName(topic.Name, partition.Index);
                if (!All.Any(directory => directory.Partitions.Contains(name))) missing.Add(name);
            }
        }

        if (missing.Count == 0) return;
        var which = Describe(missing);
        if (claimed.Count == 0)
        {
            report($"in no log directory, and empty from now on: {which}");
            return;
        }

        // The next start is to find the same.
        foreach (var directory in claimed) directory.Disclaim();
        var paths = string.Join(", ", claimed.Select(directory => directory.Path));
        throw new IOException($"{paths} was never used before, and these partitions are in no log directory: {which}. If a disk is not mounted there, mount it and start again. If their records are lost or were never there, start once without {paths} in log.dirs: they begin empty then.");
    }

    private string Describe(List<PartitionName> missing)
    {
        missing.Sort((a, b) => (string.CompareOrdinal(a.Topic, b.Topic), a.Partition - b.Partition) switch { (0, var order) => order, (var order, _) => order });
        var told = missing.Take(NamesTold).Select(name => All.Max(directory => directory.Gone.GetValueOrDefault(name)) is > 0 and var end ? $"{name} (which had records up to offset {end})" : name.ToString());
        return string.Join(", ", told) + (missing.Count > NamesTold ? $" and {missing.Count - NamesTold} more" : "");
    }

    private string Identify()
    {
        foreach (var directory in All)
        {
            if (directory.IsIdentityDamaged) throw new ConfigException("log.dirs", $"{directory.Path}/{MetaProperties.FileName} does not say whose directory this is: restore the file, or remove it if the directory is this broker's");
        }

        var known = All.Select(d => d.Identity?.ClusterId).FirstOrDefault(id => id is not null);
        var wanted = config.String("cluster.id");
        if (wanted is not null && known is not null && wanted != known) throw new ConfigException("cluster.id", $"cluster.id is {wanted}, but the log directories belong to cluster {known}: leave the key out, or give other directories");
        var cluster = known ?? wanted ?? ClusterConfig.Of(config)?.DefaultId ?? KafkaUuid.ToText(newId());
        var ids = new Dictionary<string, LogDirectory>(StringComparer.Ordinal);
        foreach (var directory in All)
        {
            if (directory.Identity is { } identity) Check(directory, identity, cluster, ids);
        }

        foreach (var directory in All)
        {
            if (directory.Identity is not null) continue;
            directory.Claim(new MetaProperties(cluster, config.NodeId, KafkaUuid.ToText(newId())));
            if (known is not null) claimed.Add(directory);
        }

        return cluster;
    }

    private void Check(LogDirectory directory, MetaProperties identity, string cluster, Dictionary<string, LogDirectory> ids)
    {
        if (identity.NodeId != config.NodeId)
        {
            throw new ConfigException("log.dirs", $"{directory.Path} belongs to broker {identity.NodeId}, this is broker {config.NodeId} (see {directory.Path}/{MetaProperties.FileName}): give another directory, or set node.id={identity.NodeId}");
        }

        if (identity.ClusterId != cluster)
        {
            throw new ConfigException("log.dirs", $"{directory.Path} belongs to cluster {identity.ClusterId}, the other directories to {cluster}: give directories of one cluster");
        }

        if (identity.DirectoryId.Length == 0 || ids.TryAdd(identity.DirectoryId, directory)) return;
        throw new ConfigException("log.dirs", $"{directory.Path} and {ids[identity.DirectoryId].Path} have the same directory.id {identity.DirectoryId}: one is a copy of the other; remove it from log.dirs");
    }

    private void CheckAny()
    {
        if (All.Any(d => !d.IsOffline)) return;
        throw new IOException($"no log directory can be used: {string.Join("; ", All.Select(d => d.Failure?.TrimEnd('.')))}. Mend what is named, or name other directories in log.dirs.");
    }

    private void CheckNames()
    {
        foreach (var cordoned in config.List("cordoned.log.dirs"))
        {
            if (cordoned != "*" && !IsOurs(cordoned)) throw new ConfigException("cordoned.log.dirs", $"cordoned.log.dirs names {cordoned}, which is not one of log.dirs");
        }

        if (config.String("metadata.log.dir") is { Length: > 0 } journal && !IsOurs(journal))
        {
            throw new ConfigException("metadata.log.dir", $"metadata.log.dir={journal}: this broker keeps its metadata log in one of log.dirs; name one of them, or leave the key out for the first");
        }
    }

    private bool IsOurs(string path) => config.LogDirs.Any(ours => PathNames.AreSame(ours, path));

    // The journal stays where it is, whatever the order in which the directories are named.
    private LogDirectory FindJournal()
    {
        var home = config.String("metadata.log.dir") is { Length: > 0 } path ? All.First(directory => PathNames.AreSame(directory.Path, path)) : null;
        foreach (var directory in All)
        {
            if (directory.IsOffline || !directory.Partitions.Contains(Journal)) continue;
            if (home is null || home == directory) return directory;
            throw new ConfigException("metadata.log.dir", $"metadata.log.dir is {home.Path}, but the metadata log lies in {directory.Path}: stop the broker and move {directory.Path}/{Journal} there, or name {directory.Path}");
        }

        home ??= All[0];
        if (!home.IsOffline) return home;
        throw new IOException($"the log directory {home.Path} with the controller's journal cannot be used: {home.Failure}. Mend it and start again; without the journal the broker does not know its topics.");
    }
}

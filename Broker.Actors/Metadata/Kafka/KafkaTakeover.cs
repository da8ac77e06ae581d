using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Kafka;

/// <summary>
/// Log directories that a Kafka broker left: its metadata log is set aside, because its quorum's epochs, snapshots and features are nothing that we could go on with, and what it
/// had decided becomes the first entry of a journal of our own. A crash in between is made good by the next start: the journal is empty then.
/// </summary>
/// <param name="disk">Where they lie.</param>
/// <param name="directories">The log directories, open.</param>
/// <param name="report">Takes a sentence for the operator.</param>
internal sealed class KafkaTakeover(IDisk disk, IReadOnlyList<LogDirectory> directories, Action<string> report)
{
    private const string AsideSuffix = ".kafka";
    private static readonly string JournalName = new PartitionName(TopicNames.ClusterMetadata, 0).ToString();

    /// <summary>Renames Kafka's metadata log where there is one, after it was read without an error: what cannot be read stays as it is.</summary>
    /// <exception cref="IOException">It is damaged, or there is an older one that was set aside; the message says what to do.</exception>
    public void SetAside()
    {
        foreach (var path in directories.Where(d => !d.IsOffline).Select(d => d.Path))
        {
            var from = $"{path}/{JournalName}";
            if (!KafkaMetadataLog.IsAt(disk, from)) continue;
            if (disk.DirectoryExists(from + AsideSuffix)) throw new IOException($"{from} is Kafka's metadata log, and {from}{AsideSuffix} is one too: move the one that shall not count elsewhere");
            Read(from);
            disk.Rename(from, from + AsideSuffix);
            disk.SyncDirectory(path);
            report($"{from} is Kafka's metadata log: it is set aside as {JournalName}{AsideSuffix}");
        }
    }

    /// <summary>The events that Kafka's metadata log comes to, for an empty journal; none where no such log was set aside.</summary>
    /// <param name="config">The broker's configuration.</param>
    /// <exception cref="IOException">It is damaged; the message says where.</exception>
    public List<IApiMessage> Events(BrokerConfig config)
    {
        var path = directories.Where(d => !d.IsOffline).Select(d => $"{d.Path}/{JournalName}{AsideSuffix}").FirstOrDefault(p => KafkaMetadataLog.IsAt(disk, p));
        if (path is null) return [];
        var metadata = Read(path);
        var here = directories.SelectMany(d => d.Partitions.Where(p => p.Topic != TopicNames.ClusterMetadata).Select(p => (p.Topic, p.Partition, Id: d.TopicIdOf(p.ToString())))).ToLookup(p => p.Topic, p => (p.Partition, p.Id));
        var events = metadata.Events(config, here, report);
        if (metadata.LeftOut.Count > 0) report($"not taken from Kafka's metadata: {string.Join(", ", metadata.LeftOut)}");
        report($"taken from Kafka's metadata: {events.Count(e => e is TopicRecord)} topic(s), {events.Count(e => e is PartitionRecord)} partition(s), {events.Count(e => e is ConfigRecord)} configuration value(s)");
        return events;
    }

    private KafkaMetadata Read(string path)
    {
        var metadata = new KafkaMetadata();
        try
        {
            new KafkaMetadataLog(disk, path).Read(metadata.Apply, metadata.Skip);
        }
        catch (Exception error) when (error is InvalidDataException or MalformedMessageException)
        {
            throw new IOException($"{path} cannot be taken over: {error.Message}", error);
        }

        return metadata;
    }
}

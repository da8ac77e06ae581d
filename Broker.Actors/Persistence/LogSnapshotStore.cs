using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Snapshot;
using AkkaStream.Actors.Storage;

namespace AkkaStream.Actors.Persistence;

/// <summary>
/// Snapshots as files in the folder <c>dir</c>, each with a checksum, each replaced in one step. What is acknowledged is on the disk. A damaged one is passed over, and said so:
/// the actor begins with the one before it, and replays more events. See <see cref="LogPersistenceSetup"/> for configuration and disk.
/// </summary>
public sealed class LogSnapshotStore : SnapshotStore
{
    private readonly IDisk _disk;
    private readonly string _folder;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly ActorSystem _system = Context.System;

    /// <summary>By the section <c>akka.persistence.snapshot-store.log</c>: <c>dir</c>.</summary>
    public LogSnapshotStore(Config config)
    {
        _disk = LogPersistenceSetup.DiskOf(Context.System);
        _folder = LogPersistenceSetup.FolderOf(config, "akka.persistence.snapshot-store.log");
    }

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Now<SelectedSnapshot?>(() =>
    {
        foreach (var metadata in Of(persistenceId, criteria).OrderByDescending(m => m.SequenceNr).ThenByDescending(m => m.Timestamp))
        {
            var path = PathOf(metadata);
            if (_disk.TryReadAll(path) is not { } bytes) continue;
            if (SnapshotFile.Decode(persistenceId, bytes, _system.Serialization) is { } snapshot) return new SelectedSnapshot(metadata, snapshot);
            _log.Warning("the snapshot {0} is damaged; the one before it is taken", path);
        }

        return null;
    });

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot) => Now<object?>(() =>
    {
        var bytes = SnapshotFile.Encode(metadata, snapshot, _system.Serialization);
        _disk.MakeDurableFolder(_folder);
        _disk.ReplaceAll(PathOf(metadata), bytes, durable: true);
        foreach (var other in Of(metadata.PersistenceId, new SnapshotSelectionCriteria(metadata.SequenceNr, DateTime.MaxValue, metadata.SequenceNr)))
        {
            if (other.Timestamp < metadata.Timestamp) _disk.Delete(PathOf(other));
        }

        return null;
    });

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata) => Delete(Of(metadata.PersistenceId, new SnapshotSelectionCriteria(metadata.SequenceNr, DateTime.MaxValue, metadata.SequenceNr))
        .Where(m => metadata.Timestamp == DateTime.MinValue || metadata.Timestamp == m.Timestamp));

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Delete(Of(persistenceId, criteria));

    private static Task<T> Now<T>(Func<T> work)
    {
        try
        {
            return Task.FromResult(work());
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }

    private Task Delete(IEnumerable<SnapshotMetadata> which) => Now<object?>(() =>
    {
        var gone = which.ToList();
        foreach (var metadata in gone) _disk.Delete(PathOf(metadata));
        if (gone.Count > 0) _disk.SyncDirectory(_folder);
        return null;
    });

    private string PathOf(SnapshotMetadata metadata) => $"{_folder}/{SnapshotFile.NameOf(metadata)}";

    private List<SnapshotMetadata> Of(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        var prefix = SnapshotFile.Prefix(persistenceId);
        var found = new List<SnapshotMetadata>();
        foreach (var entry in _disk.List(_folder))
        {
            if (entry.IsDirectory || SnapshotFile.Parse(persistenceId, prefix, entry.Name) is not { } metadata) continue;
            if (metadata.SequenceNr <= criteria.MaxSequenceNr && metadata.SequenceNr >= criteria.MinSequenceNr && metadata.Timestamp <= criteria.MaxTimeStamp && metadata.Timestamp >= (criteria.MinTimestamp ?? DateTime.MinValue)) found.Add(metadata);
        }

        return found;
    }
}

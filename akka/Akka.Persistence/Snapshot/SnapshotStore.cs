using Akka.Actor;

namespace Akka.Persistence.Snapshot;

/// <summary>A snapshot store: an actor that keeps, loads and deletes snapshots as a derived class says.</summary>
public abstract class SnapshotStore : ActorBase
{
    /// <summary>The latest snapshot that may be taken; null where there is none.</summary>
    protected abstract Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>Keeps a snapshot.</summary>
    protected abstract Task SaveAsync(SnapshotMetadata metadata, object snapshot);

    /// <summary>Deletes one; nothing where it is not there.</summary>
    protected abstract Task DeleteAsync(SnapshotMetadata metadata);

    /// <summary>Deletes all that fit.</summary>
    protected abstract Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria);

    /// <summary>What else a plug-in understands; false for what it does not.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        var sender = Sender;
        switch (message)
        {
            case LoadSnapshot load:
                _ = Answer(sender, LoadAsync(load), failure => new LoadSnapshotFailed(failure));
                return true;
            case SaveSnapshot save:
                var metadata = new SnapshotMetadata(save.Metadata.PersistenceId, save.Metadata.SequenceNr, Context.System.Scheduler.Now.UtcDateTime);
                _ = Answer(sender, Then(() => SaveAsync(metadata, save.Snapshot), new SaveSnapshotSuccess(metadata)), failure => new SaveSnapshotFailure(metadata, failure));
                return true;
            case DeleteSnapshot delete:
                _ = Answer(sender, Then(() => DeleteAsync(delete.Metadata), new DeleteSnapshotSuccess(delete.Metadata)), failure => new DeleteSnapshotFailure(delete.Metadata, failure));
                return true;
            case DeleteSnapshots delete:
                _ = Answer(sender, Then(() => DeleteAsync(delete.PersistenceId, delete.Criteria), new DeleteSnapshotsSuccess(delete.Criteria)), failure => new DeleteSnapshotsFailure(delete.Criteria, failure));
                return true;
            default:
                return ReceivePluginInternal(message);
        }
    }

    private static async Task Answer(IActorRef sender, Task<object> answer, Func<Exception, object> failed)
    {
        try
        {
            sender.Tell(await answer.ConfigureAwait(false), ActorRefs.NoSender);
        }
        catch (Exception e)
        {
            sender.Tell(failed(e), ActorRefs.NoSender);
        }
    }

    private static async Task<object> Then(Func<Task> work, object answer)
    {
        await work().ConfigureAwait(false);
        return answer;
    }

    private async Task<object> LoadAsync(LoadSnapshot load)
        => new LoadSnapshotResult(await LoadAsync(load.PersistenceId, load.Criteria.UpTo(load.ToSequenceNr)).ConfigureAwait(false), load.ToSequenceNr);
}

/// <summary>Snapshots in memory, for tests: they are gone with their system.</summary>
public class MemorySnapshotStore : SnapshotStore
{
    private readonly Dictionary<string, List<SelectedSnapshot>> _snapshots = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        SelectedSnapshot? latest = null;
        foreach (var snapshot in Of(persistenceId))
        {
            if (criteria.Takes(snapshot.Metadata) && (latest is null || snapshot.Metadata.SequenceNr >= latest.Metadata.SequenceNr)) latest = snapshot;
        }

        return Task.FromResult(latest);
    }

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot)
    {
        var own = Of(metadata.PersistenceId);
        own.RemoveAll(other => other.Metadata.SequenceNr == metadata.SequenceNr);
        own.Add(new SelectedSnapshot(metadata, snapshot));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata)
    {
        Of(metadata.PersistenceId).RemoveAll(snapshot => snapshot.Metadata.SequenceNr == metadata.SequenceNr
            && (metadata.Timestamp == DateTime.MinValue || metadata.Timestamp == snapshot.Metadata.Timestamp));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria)
    {
        Of(persistenceId).RemoveAll(snapshot => criteria.Takes(snapshot.Metadata));
        return Task.CompletedTask;
    }

    private List<SelectedSnapshot> Of(string persistenceId)
    {
        if (!_snapshots.TryGetValue(persistenceId, out var own)) _snapshots.Add(persistenceId, own = []);
        return own;
    }
}

/// <summary>No snapshots: there are none to load, and keeping one fails.</summary>
public sealed class NoSnapshotStore : SnapshotStore
{
    private const string Nowhere = "No snapshot store configured: set akka.persistence.snapshot-store.plugin";

    /// <inheritdoc/>
    protected override Task<SelectedSnapshot?> LoadAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Task.FromResult<SelectedSnapshot?>(null);

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot) => Task.FromException(new NoSnapshotStoreException(Nowhere));

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata) => Task.FromException(new NoSnapshotStoreException(Nowhere));

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria) => Task.FromException(new NoSnapshotStoreException(Nowhere));

    /// <summary>There is no snapshot store.</summary>
    public class NoSnapshotStoreException : Exception
    {
        /// <summary>Without a message.</summary>
        public NoSnapshotStoreException()
            : base(Nowhere)
        {
        }

        /// <summary>With a message.</summary>
        public NoSnapshotStoreException(string message)
            : base(message)
        {
        }

        /// <summary>With a message and a cause.</summary>
        public NoSnapshotStoreException(string message, Exception innerException)
            : base(message, innerException)
        {
        }
    }
}

using System.Collections.Concurrent;
using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>A journal in memory, for tests: it is gone with its system.</summary>
public class MemoryJournal : AsyncWriteJournal
{
    private readonly ConcurrentDictionary<string, long> _highest = new();

    /// <summary>The events by their actors.</summary>
    protected virtual ConcurrentDictionary<string, LinkedList<IPersistentRepresentation>> Messages { get; } = new();

    /// <inheritdoc/>
    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr) => Task.FromResult(HighestSequenceNr(persistenceId));

    /// <inheritdoc/>
    public override Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        foreach (var representation in Read(persistenceId, fromSequenceNr, Math.Min(toSequenceNr, HighestSequenceNr(persistenceId)), max)) recoveryCallback(representation);
        return Task.CompletedTask;
    }

    /// <summary>Adds an event.</summary>
    public IDictionary<string, LinkedList<IPersistentRepresentation>> Add(IPersistentRepresentation persistent)
    {
        Messages.GetOrAdd(persistent.PersistenceId, static _ => new LinkedList<IPersistentRepresentation>()).AddLast(persistent);
        _highest[persistent.PersistenceId] = Math.Max(persistent.SequenceNr, _highest.GetValueOrDefault(persistent.PersistenceId));
        return Messages;
    }

    /// <summary>Replaces an event by what is made of it.</summary>
    public IDictionary<string, LinkedList<IPersistentRepresentation>> Update(string pid, long seqNr, Func<IPersistentRepresentation, IPersistentRepresentation> updater)
    {
        if (!Messages.TryGetValue(pid, out var events)) return Messages;
        for (var node = events.First; node is not null; node = node.Next)
        {
            if (node.Value.SequenceNr == seqNr) node.Value = updater(node.Value);
        }

        return Messages;
    }

    /// <summary>Deletes an event.</summary>
    public IDictionary<string, LinkedList<IPersistentRepresentation>> Delete(string pid, long seqNr)
    {
        if (!Messages.TryGetValue(pid, out var events)) return Messages;
        for (var node = events.First; node is not null; node = node.Next)
        {
            if (node.Value.SequenceNr != seqNr) continue;
            events.Remove(node);
            break;
        }

        return Messages;
    }

    /// <summary>Events in their order.</summary>
    public IEnumerable<IPersistentRepresentation> Read(string pid, long fromSeqNr, long toSeqNr, long max)
    {
        var found = new List<IPersistentRepresentation>();
        if (!Messages.TryGetValue(pid, out var events)) return found;
        foreach (var representation in events)
        {
            if (found.Count >= max) break;
            if (representation.SequenceNr >= fromSeqNr && representation.SequenceNr <= toSeqNr) found.Add(representation);
        }

        return found;
    }

    /// <summary>The greatest number that was ever written; 0 for none.</summary>
    public long HighestSequenceNr(string pid) => _highest.GetValueOrDefault(pid);

    /// <inheritdoc/>
    protected override Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        foreach (var write in messages)
        {
            foreach (var representation in write.Events) Add(representation);
        }

        return Task.FromResult<IImmutableList<Exception?>?>(null);
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        foreach (var representation in Read(persistenceId, 0, toSequenceNr, long.MaxValue)) Delete(persistenceId, representation.SequenceNr);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    protected override bool ReceivePluginInternal(object message) => false;
}

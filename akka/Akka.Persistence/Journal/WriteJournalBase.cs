using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>What journals share.</summary>
public abstract class WriteJournalBase : ActorBase
{
    /// <summary>The writes among what came, with their time: what only waits for its turn is left out.</summary>
    protected IEnumerable<AtomicWrite> PreparePersistentBatch(IEnumerable<IPersistentEnvelope> resequenceables)
    {
        var now = Context.System.Scheduler.Now.UtcTicks;
        var writes = new List<AtomicWrite>();
        foreach (var envelope in resequenceables)
        {
            if (envelope is not AtomicWrite write) continue;
            var events = System.Collections.Immutable.ImmutableList.CreateBuilder<IPersistentRepresentation>();
            foreach (var representation in write.Events) events.Add(AdaptToJournal(representation.WithTimestamp(now)));
            writes.Add(new AtomicWrite(events.ToImmutable()));
        }

        return writes;
    }

    /// <summary>An event as actors see it, from what the journal keeps.</summary>
    protected IEnumerable<IPersistentRepresentation> AdaptFromJournal(IPersistentRepresentation representation) => [representation];

    /// <summary>An event as the journal keeps it: without its sender, who is of no use to anybody later.</summary>
    protected IPersistentRepresentation AdaptToJournal(IPersistentRepresentation representation)
        => representation.Update(representation.SequenceNr, representation.PersistenceId, representation.IsDeleted, ActorRefs.NoSender, representation.WriterGuid);
}

/// <summary>How a journal is read.</summary>
public interface IAsyncRecovery
{
    /// <summary>Hands events over in their order; the task ends when all were.</summary>
    Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback);

    /// <summary>The greatest number that was ever written, deleted events included; at least looked for from a number on.</summary>
    Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);
}

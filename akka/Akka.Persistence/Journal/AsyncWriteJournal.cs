using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence.Journal;

/// <summary>
/// A journal: an actor that writes, replays and deletes events as a derived class says. Writes may run side by side; their answers go out in the order in
/// which the writes came.
/// </summary>
public abstract class AsyncWriteJournal : WriteJournalBase, IAsyncRecovery
{
    private readonly SortedDictionary<long, WriteDone> _done = [];
    private long _lastWrite;
    private long _nextAnswer = 1;

    /// <inheritdoc/>
    public abstract Task ReplayMessagesAsync(IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback);

    /// <inheritdoc/>
    public abstract Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr);

    /// <summary>The exception behind one that only holds it.</summary>
    protected static Exception TryUnwrapException(Exception e)
        => e is AggregateException all && all.Flatten() is { InnerExceptions.Count: 1 } flat ? flat.InnerExceptions[0] : e;

    /// <summary>
    /// Writes. The task gives null where all went well, or for each write null or why it was refused (then nothing of it is written). It fails where nobody
    /// knows what was written. What is given is durable as the journal understands it.
    /// </summary>
    protected abstract Task<IImmutableList<Exception?>?> WriteMessagesAsync(IEnumerable<AtomicWrite> messages);

    /// <summary>Deletes events up to a number; the number of the last event remains known.</summary>
    protected abstract Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr);

    /// <summary>What else a plug-in understands; false for what it does not.</summary>
    protected virtual bool ReceivePluginInternal(object message) => false;

    /// <inheritdoc/>
    protected sealed override bool Receive(object message) => ReceiveWriteJournal(message) || ReceivePluginInternal(message);

    /// <summary>Handles what every journal understands.</summary>
    protected bool ReceiveWriteJournal(object message)
    {
        switch (message)
        {
            case WriteMessages write:
                _ = Write(write, ++_lastWrite, Self);
                return true;
            case WriteDone done:
                _done.Add(done.Number, done);
                while (_done.Remove(_nextAnswer, out var next))
                {
                    _nextAnswer++;
                    Answer(next);
                }

                return true;
            case ReplayMessages replay:
                _ = Replay(replay, Context);
                return true;
            case DeleteMessagesTo delete:
                _ = Delete(delete, Self);
                return true;
            default:
                return false;
        }
    }

    private static void Answer(WriteDone done)
    {
        var (actor, instance) = (done.Write.PersistentActor, done.Write.ActorInstanceId);
        actor.Tell(done.Failure is null ? WriteMessagesSuccessful.Instance : new WriteMessagesFailed(done.Failure, done.Writes), ActorRefs.NoSender);
        var write = 0;
        foreach (var envelope in done.Write.Messages)
        {
            if (envelope is not AtomicWrite atomic)
            {
                actor.Tell(new LoopMessageSuccess(envelope.Payload, instance), envelope.Sender);
                continue;
            }

            var refused = done.Failure is null && done.Refused is { } refusals ? refusals[write] : null;
            write++;
            foreach (var representation in atomic.Events)
            {
                object answer = done.Failure is not null ? new WriteMessageFailure(representation, done.Failure, instance)
                    : refused is not null ? new WriteMessageRejected(representation, refused, instance)
                    : new WriteMessageSuccess(representation, instance);
                actor.Tell(answer, representation.Sender);
            }
        }
    }

    private async Task Write(WriteMessages write, long number, IActorRef self)
    {
        var writes = new List<AtomicWrite>();
        try
        {
            writes.AddRange(PreparePersistentBatch(write.Messages));
            var refused = writes.Count == 0 ? null : await WriteMessagesAsync(writes).ConfigureAwait(false);
            if (refused is not null && refused.Count != 0 && refused.Count != writes.Count)
            {
                throw new InvalidOperationException($"WriteMessagesAsync gave {refused.Count} results for {writes.Count} writes");
            }

            self.Tell(new WriteDone(number, write, refused is { Count: > 0 } ? refused : null, null, writes.Count), ActorRefs.NoSender);
        }
        catch (Exception e)
        {
            self.Tell(new WriteDone(number, write, null, TryUnwrapException(e), writes.Count), ActorRefs.NoSender);
        }
    }

    private async Task Replay(ReplayMessages replay, IActorContext context)
    {
        var actor = replay.PersistentActor;
        try
        {
            var highest = await ReadHighestSequenceNrAsync(replay.PersistenceId, Math.Max(0, replay.FromSequenceNr - 1)).ConfigureAwait(false);
            var to = Math.Min(replay.ToSequenceNr, highest);
            if (highest != 0 && replay.FromSequenceNr <= to)
            {
                await ReplayMessagesAsync(context, replay.PersistenceId, replay.FromSequenceNr, to, replay.Max, representation =>
                {
                    if (representation.IsDeleted) return;
                    foreach (var adapted in AdaptFromJournal(representation)) actor.Tell(new ReplayedMessage(adapted), ActorRefs.NoSender);
                }).ConfigureAwait(false);
            }

            actor.Tell(new RecoverySuccess(highest), ActorRefs.NoSender);
        }
        catch (Exception e)
        {
            actor.Tell(new ReplayMessagesFailure(TryUnwrapException(e)), ActorRefs.NoSender);
        }
    }

    private async Task Delete(DeleteMessagesTo delete, IActorRef self)
    {
        try
        {
            await DeleteMessagesToAsync(delete.PersistenceId, delete.ToSequenceNr).ConfigureAwait(false);
            delete.PersistentActor.Tell(new DeleteMessagesSuccess(delete.ToSequenceNr), self);
        }
        catch (Exception e)
        {
            delete.PersistentActor.Tell(new DeleteMessagesFailure(TryUnwrapException(e), delete.ToSequenceNr), self);
        }
    }

    private sealed record WriteDone(long Number, WriteMessages Write, IImmutableList<Exception?>? Refused, Exception? Failure, int Writes) : INoSerializationVerificationNeeded;
}

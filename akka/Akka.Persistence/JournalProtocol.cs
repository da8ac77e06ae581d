using Akka.Actor;
using Akka.Event;

namespace Akka.Persistence;

/// <summary>A message of persistence.</summary>
public interface IPersistenceMessage : INoSerializationVerificationNeeded;

/// <summary>A message to or from a journal.</summary>
public interface IJournalMessage : IPersistenceMessage;

/// <summary>A message to a journal.</summary>
public interface IJournalRequest : IJournalMessage;

/// <summary>A journal's answer.</summary>
public interface IJournalResponse : IJournalMessage;

/// <summary>Write events.</summary>
public sealed class WriteMessages(IEnumerable<IPersistentEnvelope> messages, IActorRef persistentActor, int actorInstanceId) : IJournalRequest, INoSerializationVerificationNeeded
{
    /// <summary>The events.</summary>
    public IEnumerable<IPersistentEnvelope> Messages { get; } = messages;

    /// <summary>Who gets the answer.</summary>
    public IActorRef PersistentActor { get; } = persistentActor;

    /// <summary>Which instance of the actor asked.</summary>
    public int ActorInstanceId { get; } = actorInstanceId;
}

/// <summary>A write is through; an answer for each event follows.</summary>
public sealed class WriteMessagesSuccessful : IJournalResponse
{
    private WriteMessagesSuccessful()
    {
    }

    /// <summary>The only one.</summary>
    public static WriteMessagesSuccessful Instance { get; } = new();
}

/// <summary>A write failed; an answer for each event follows.</summary>
public sealed class WriteMessagesFailed(Exception cause, int writeCount) : IJournalResponse
{
    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;

    /// <summary>How many atomic writes it was.</summary>
    public int WriteCount { get; } = writeCount;
}

/// <summary>An event is written.</summary>
public sealed class WriteMessageSuccess(IPersistentRepresentation persistent, int actorInstanceId) : IJournalResponse
{
    /// <summary>The event.</summary>
    public IPersistentRepresentation Persistent { get; } = persistent;

    /// <summary>Which instance of the actor asked.</summary>
    public int ActorInstanceId { get; } = actorInstanceId;
}

/// <summary>A journal refused an event; nothing of it is written.</summary>
public sealed class WriteMessageRejected(IPersistentRepresentation persistent, Exception cause, int actorInstanceId) : IJournalResponse, INoSerializationVerificationNeeded
{
    /// <summary>The event.</summary>
    public IPersistentRepresentation Persistent { get; } = persistent;

    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;

    /// <summary>Which instance of the actor asked.</summary>
    public int ActorInstanceId { get; } = actorInstanceId;
}

/// <summary>An event could not be written, or nobody knows whether it is.</summary>
public sealed class WriteMessageFailure(IPersistentRepresentation persistent, Exception cause, int actorInstanceId) : IJournalResponse, INoSerializationVerificationNeeded
{
    /// <summary>The event.</summary>
    public IPersistentRepresentation Persistent { get; } = persistent;

    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;

    /// <summary>Which instance of the actor asked.</summary>
    public int ActorInstanceId { get; } = actorInstanceId;
}

/// <summary>What was only to wait for its turn.</summary>
public sealed class LoopMessageSuccess(object message, int actorInstanceId) : IJournalResponse, INoSerializationVerificationNeeded
{
    /// <summary>What it was.</summary>
    public object Message { get; } = message;

    /// <summary>Which instance of the actor asked.</summary>
    public int ActorInstanceId { get; } = actorInstanceId;
}

/// <summary>Replay events.</summary>
public sealed class ReplayMessages(long fromSequenceNr, long toSequenceNr, long max, string persistenceId, IActorRef persistentActor) : IJournalRequest
{
    /// <summary>The first one.</summary>
    public long FromSequenceNr { get; } = fromSequenceNr;

    /// <summary>The last one.</summary>
    public long ToSequenceNr { get; } = toSequenceNr;

    /// <summary>How many at most.</summary>
    public long Max { get; } = max;

    /// <summary>Whose.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>Who gets the answer.</summary>
    public IActorRef PersistentActor { get; } = persistentActor;
}

/// <summary>A replayed event.</summary>
public sealed class ReplayedMessage(IPersistentRepresentation persistent) : IJournalResponse, IDeadLetterSuppression, INoSerializationVerificationNeeded
{
    /// <summary>The event.</summary>
    public IPersistentRepresentation Persistent { get; } = persistent;
}

/// <summary>The replay is through.</summary>
public sealed class RecoverySuccess(long highestSequenceNr) : IJournalResponse, IDeadLetterSuppression
{
    /// <summary>The greatest number that was ever written.</summary>
    public long HighestSequenceNr { get; } = highestSequenceNr;
}

/// <summary>The replay failed.</summary>
public sealed class ReplayMessagesFailure(Exception cause) : IJournalResponse, IDeadLetterSuppression, INoSerializationVerificationNeeded
{
    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;
}

/// <summary>Delete events.</summary>
public sealed class DeleteMessagesTo(string persistenceId, long toSequenceNr, IActorRef persistentActor) : IJournalRequest
{
    /// <summary>Whose.</summary>
    public string PersistenceId { get; } = persistenceId;

    /// <summary>Up to this one.</summary>
    public long ToSequenceNr { get; } = toSequenceNr;

    /// <summary>Who gets the answer.</summary>
    public IActorRef PersistentActor { get; } = persistentActor;
}

/// <summary>Events are deleted.</summary>
public sealed class DeleteMessagesSuccess(long toSequenceNr) : IJournalResponse
{
    /// <summary>Up to this one.</summary>
    public long ToSequenceNr { get; } = toSequenceNr;
}

/// <summary>Events could not be deleted.</summary>
public sealed class DeleteMessagesFailure(Exception cause, long toSequenceNr) : IJournalResponse, INoSerializationVerificationNeeded
{
    /// <summary>Why.</summary>
    public Exception Cause { get; } = cause;

    /// <summary>Up to this one.</summary>
    public long ToSequenceNr { get; } = toSequenceNr;
}

using System.Collections.Immutable;
using Akka.Actor;

namespace Akka.Persistence;

/// <summary>What goes to a journal together with others.</summary>
public interface IPersistentEnvelope
{
    /// <summary>The event, or the events.</summary>
    object Payload { get; }

    /// <summary>Who sent the command.</summary>
    IActorRef Sender { get; }

    /// <summary>How many events.</summary>
    int Size { get; }
}

/// <summary>An event as a journal keeps it.</summary>
public interface IPersistentRepresentation
{
    /// <summary>The event.</summary>
    object Payload { get; }

    /// <summary>What tells a serialiser what the payload is; empty where nothing does.</summary>
    string Manifest { get; }

    /// <summary>Whose event it is.</summary>
    string PersistenceId { get; }

    /// <summary>Its number among those of its actor, from 1 on.</summary>
    long SequenceNr { get; }

    /// <summary>Which instance of the actor wrote it.</summary>
    string WriterGuid { get; }

    /// <summary>Whether it is deleted and kept as a mark only.</summary>
    bool IsDeleted { get; }

    /// <summary>Who sent the command.</summary>
    IActorRef Sender { get; }

    /// <summary>When it was written, in units of 100 ns since the year 1; 0 where nobody said.</summary>
    long Timestamp { get; }

    /// <summary>With another payload.</summary>
    IPersistentRepresentation WithPayload(object payload);

    /// <summary>With another manifest.</summary>
    IPersistentRepresentation WithManifest(string manifest);

    /// <summary>With other particulars.</summary>
    IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef sender, string writerGuid);

    /// <summary>With another time.</summary>
    IPersistentRepresentation WithTimestamp(long newTimestamp);
}

/// <summary>An event as a journal keeps it.</summary>
public class Persistent : IPersistentRepresentation, IEquatable<IPersistentRepresentation>
{
    /// <summary>With all there is to say.</summary>
    public Persistent(
        object payload,
        long sequenceNr = 0,
        string? persistenceId = null,
        string? manifest = null,
        bool isDeleted = false,
        IActorRef? sender = null,
        string? writerGuid = null,
        long timestamp = 0)
    {
        Payload = payload;
        SequenceNr = sequenceNr;
        PersistenceId = persistenceId ?? Undefined;
        Manifest = manifest ?? Undefined;
        IsDeleted = isDeleted;
        Sender = sender ?? ActorRefs.NoSender;
        WriterGuid = writerGuid ?? Undefined;
        Timestamp = timestamp;
    }

    /// <summary>In the place of a text that nobody gave.</summary>
    public static string Undefined { get; } = string.Empty;

    /// <inheritdoc/>
    public object Payload { get; }

    /// <inheritdoc/>
    public long SequenceNr { get; }

    /// <inheritdoc/>
    public string PersistenceId { get; }

    /// <inheritdoc/>
    public string Manifest { get; }

    /// <inheritdoc/>
    public bool IsDeleted { get; }

    /// <inheritdoc/>
    public IActorRef Sender { get; }

    /// <inheritdoc/>
    public string WriterGuid { get; }

    /// <inheritdoc/>
    public long Timestamp { get; }

    /// <inheritdoc/>
    public IPersistentRepresentation WithPayload(object payload) => new Persistent(payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    /// <inheritdoc/>
    public IPersistentRepresentation WithManifest(string manifest)
        => manifest == Manifest ? this : new Persistent(Payload, SequenceNr, PersistenceId, manifest, IsDeleted, Sender, WriterGuid, Timestamp);

    /// <inheritdoc/>
    public IPersistentRepresentation Update(long sequenceNr, string persistenceId, bool isDeleted, IActorRef sender, string writerGuid)
        => new Persistent(Payload, sequenceNr, persistenceId, Manifest, isDeleted, sender, writerGuid, Timestamp);

    /// <inheritdoc/>
    public IPersistentRepresentation WithTimestamp(long newTimestamp)
        => newTimestamp == Timestamp ? this : new Persistent(Payload, SequenceNr, PersistenceId, Manifest, IsDeleted, Sender, WriterGuid, newTimestamp);

    /// <inheritdoc/>
    public bool Equals(IPersistentRepresentation? other)
        => other is not null && SequenceNr == other.SequenceNr && PersistenceId == other.PersistenceId && Manifest == other.Manifest
           && IsDeleted == other.IsDeleted && WriterGuid == other.WriterGuid && Equals(Payload, other.Payload) && Equals(Sender, other.Sender);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as IPersistentRepresentation);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(PersistenceId, SequenceNr, WriterGuid);

    /// <inheritdoc/>
    public override string ToString() => $"Persistent<pid: {PersistenceId}, seqNr: {SequenceNr}, deleted: {IsDeleted}, manifest: {Manifest}, sender: {Sender}, payload: {Payload}, writerGuid: {WriterGuid}>";
}

/// <summary>Events of one persist: a journal writes all of them or none.</summary>
public sealed class AtomicWrite : IPersistentEnvelope
{
    /// <summary>Of one event.</summary>
    public AtomicWrite(IPersistentRepresentation @event)
        : this(ImmutableList.Create(@event))
    {
    }

    /// <summary>Of several events of one actor. Throws <see cref="ArgumentException"/> for none.</summary>
    public AtomicWrite(IImmutableList<IPersistentRepresentation> payload)
    {
        if (payload is null || payload.Count == 0) throw new ArgumentException("Payload of AtomicWrite must not be empty.", nameof(payload));
        Payload = payload;
        Sender = ActorRefs.NoSender;
        Size = payload.Count;
        PersistenceId = payload[0].PersistenceId;
        LowestSequenceNr = payload[0].SequenceNr;
        HighestSequenceNr = payload[payload.Count - 1].SequenceNr;
    }

    /// <inheritdoc/>
    public object Payload { get; }

    /// <inheritdoc/>
    public IActorRef Sender { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Whose events they are.</summary>
    public string PersistenceId { get; }

    /// <summary>The first one's number.</summary>
    public long LowestSequenceNr { get; }

    /// <summary>The last one's number.</summary>
    public long HighestSequenceNr { get; }

    internal IImmutableList<IPersistentRepresentation> Events => (IImmutableList<IPersistentRepresentation>)Payload;

    /// <inheritdoc/>
    public override string ToString() => $"AtomicWrite<pid: {PersistenceId}, lowSeqNr: {LowestSequenceNr}, highSeqNr: {HighestSequenceNr}, size: {Size}, sender: {Sender}>";
}

/// <summary>What only waits for its turn among events: of <c>DeferAsync</c>.</summary>
internal sealed class NonPersistentMessage(object payload, IActorRef sender) : IPersistentEnvelope
{
    public object Payload { get; } = payload;

    public IActorRef Sender { get; } = sender;

    public int Size => 1;
}

using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Coordinators;

/// <summary>One record of a coordinator's partition, as it stands in the log.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="ProducerId">The transaction that wrote it, or -1 outside of one: then it counts at once, otherwise at its marker.</param>
/// <param name="Key">The key. The memory is the reader's: copy what is kept.</param>
/// <param name="Value">The value; null for a tombstone.</param>
public readonly record struct CoordinatorRecord(long Offset, long Timestamp, long ProducerId, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte>? Value);

/// <summary>
/// The state machine of the coordinator of one partition: a plain class, without clock, dice or I/O. It is fed the partition's records first, then
/// messages; what it decides it writes to the partition through <see cref="ICoordinatorEffects"/>. It may act on what it wrote at once: no answer
/// leaves before the log has everything that the answer rests on, and where the log does not take a record, the whole state is thrown away and read
/// from the log again. So what anyone outside was told is always in the log.
/// </summary>
public interface ICoordinator
{
    /// <summary>When <see cref="Expire"/> wants to be called next, milliseconds since 1970; <see cref="long.MaxValue"/> for not at all.</summary>
    long NextDeadlineMs { get; }

    /// <summary>Takes in a record of the partition, in the order of the log, before anything else happens.</summary>
    void Replay(in CoordinatorRecord record);

    /// <summary>A transaction ended: while the partition is read, or when its <see cref="CoordinatorMarker"/> was told.</summary>
    void ReplayMarker(long producerId, bool commit);

    /// <summary>The partition was read to its end; messages come from now on.</summary>
    void Loaded(ICoordinatorEffects effects);

    /// <summary>Handles a message. Answers go through <see cref="ICoordinatorEffects.WhenCommitted"/>.</summary>
    void Handle(CoordinatorMessage message, ICoordinatorEffects effects);

    /// <summary>A deadline passed.</summary>
    void Expire(ICoordinatorEffects effects);

    /// <summary>This state is thrown away: whoever still waits for something is answered with the error, by the state machine's own means.</summary>
    void Abandon(ErrorCode error);
}

/// <summary>What a coordinator's state machine may do.</summary>
public interface ICoordinatorEffects
{
    /// <summary>Milliseconds since 1970.</summary>
    long NowMs { get; }

    /// <summary>
    /// Appends a record. All that one message (or deadline) writes stands in one batch: the log has all of it or nothing. The bytes are copied.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="hasValue">False: a tombstone.</param>
    void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool hasValue);

    /// <summary>
    /// What this message writes belongs to a transaction of that producer. To be called before the first <see cref="Write"/> of the message.
    /// </summary>
    void WriteInTransaction(long producerId, short producerEpoch);

    /// <summary>
    /// Has an action called once everything that was written up to now is committed (<see cref="ErrorCode.None"/>), or will not be (the error that
    /// a client is to get). At once where nothing is under way. On the coordinator's turn; it may not write.
    /// </summary>
    void WhenCommitted(Action<ErrorCode> done);
}

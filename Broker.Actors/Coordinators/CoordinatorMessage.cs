using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Coordinators;

/// <summary>
/// Something told to the coordinator of a partition: whoever told it gets an answer in any case, from the coordinator's state machine or,
/// where there is none that could, by <see cref="Refuse"/>.
/// </summary>
public abstract class CoordinatorMessage
{
    /// <summary>
    /// Not handled, nothing was changed: <see cref="ErrorCode.CoordinatorLoadInProgress"/>, <see cref="ErrorCode.NotCoordinator"/> or
    /// <see cref="ErrorCode.CoordinatorNotAvailable"/>. Called instead of the state machine, from any thread.
    /// </summary>
    public abstract void Refuse(ErrorCode error);
}

/// <summary>
/// A transaction that wrote records into the coordinator's partition has ended: its marker is appended, and what it wrote is applied or dropped.
/// </summary>
/// <param name="producerId">The transaction's producer.</param>
/// <param name="producerEpoch">Its epoch in the marker.</param>
/// <param name="coordinatorEpoch">The transaction coordinator's epoch.</param>
/// <param name="commit">Committed; else aborted.</param>
/// <param name="done">Called once the marker is committed, or with the reason why not.</param>
public sealed class CoordinatorMarker(long producerId, short producerEpoch, int coordinatorEpoch, bool commit, Action<ErrorCode> done) : CoordinatorMessage
{
    /// <summary>The transaction's producer.</summary>
    public long ProducerId => producerId;

    /// <summary>Its epoch in the marker.</summary>
    public short ProducerEpoch => producerEpoch;

    /// <summary>The transaction coordinator's epoch.</summary>
    public int CoordinatorEpoch => coordinatorEpoch;

    /// <summary>The version of transactions: from 2 on a repeated marker is told from a new one by its epoch.</summary>
    public int TransactionVersion { get; init; }

    /// <summary>Committed; else aborted.</summary>
    public bool IsCommit => commit;

    /// <summary>To be called with what came of it.</summary>
    public Action<ErrorCode> Done => done;

    /// <inheritdoc/>
    public override void Refuse(ErrorCode error) => done(error);
}

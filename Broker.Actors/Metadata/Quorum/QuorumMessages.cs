namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>From a proposer to a voter.</summary>
/// <param name="Epoch">The proposer's epoch.</param>
/// <param name="Claim">Tells the proposer from every other one, those of the same broker and epoch included.</param>
public abstract record QuorumMessage(int Epoch, Guid Claim);

/// <summary>Asks for the promise to obey no lower epoch.</summary>
/// <param name="Epoch">The proposer's epoch.</param>
/// <param name="Claim">The proposer.</param>
public sealed record QuorumClaim(int Epoch, Guid Claim) : QuorumMessage(Epoch, Claim);

/// <summary>Asks for what a voter has from an offset on.</summary>
/// <param name="Epoch">The proposer's epoch.</param>
/// <param name="Claim">The proposer.</param>
/// <param name="Offset">First offset wanted.</param>
/// <param name="EpochBefore">Epoch of the record before it in the proposer's log; where the voter has another one there, their logs diverged earlier.</param>
public sealed record QuorumFetch(int Epoch, Guid Claim, long Offset, int EpochBefore) : QuorumMessage(Epoch, Claim);

/// <summary>What a voter's log has to hold from an offset on.</summary>
/// <param name="Epoch">The proposer's epoch.</param>
/// <param name="Claim">The proposer.</param>
/// <param name="Offset">Where the batches begin.</param>
/// <param name="EpochBefore">Epoch of the record before them.</param>
/// <param name="Batches">Whole batches, one behind the other.</param>
/// <param name="Committed">Up to here a majority has the proposer's log: no voter cuts it off any more.</param>
public sealed record QuorumAppend(int Epoch, Guid Claim, long Offset, int EpochBefore, ReadOnlyMemory<byte> Batches, long Committed) : QuorumMessage(Epoch, Claim);

/// <summary>Asks for a piece of a voter's snapshot.</summary>
/// <param name="Epoch">The proposer's epoch.</param>
/// <param name="Claim">The proposer.</param>
/// <param name="Snapshot">Where the snapshot ends; one that is not there means the newest one, from its beginning.</param>
/// <param name="Position">First byte wanted.</param>
public sealed record QuorumFetchSnapshot(int Epoch, Guid Claim, LogEnd Snapshot, long Position) : QuorumMessage(Epoch, Claim);

/// <summary>A piece of a snapshot that is to take the place of a voter's log, which is behind it or went another way.</summary>
/// <param name="Epoch">The proposer's epoch.</param>
/// <param name="Claim">The proposer.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Position">Where the piece begins.</param>
/// <param name="Bytes">Its bytes.</param>
public sealed record QuorumInstall(int Epoch, Guid Claim, QuorumSnapshot Snapshot, long Position, ReadOnlyMemory<byte> Bytes) : QuorumMessage(Epoch, Claim);

/// <summary>Why a voter does not do what it was asked.</summary>
public enum QuorumRefusal : byte
{
    /// <summary>It did.</summary>
    None,

    /// <summary>It has promised a higher epoch, or this one to somebody else.</summary>
    Promised,

    /// <summary>Its log is another one before that offset, or does not go so far.</summary>
    Diverged,

    /// <summary>Its disk failed.</summary>
    Disk,

    /// <summary>The batches are none that continue a log, or a snapshot is none.</summary>
    Malformed,

    /// <summary>What was asked for is only in its snapshot.</summary>
    Trimmed,
}

/// <summary>From a voter to the proposer that asked.</summary>
/// <param name="Voter">The voter's broker.</param>
/// <param name="Disk">The voter's disk.</param>
/// <param name="Epoch">The question's epoch.</param>
/// <param name="Claim">Who asked.</param>
/// <param name="Refusal">Whether it was done.</param>
/// <param name="Promised">The epoch that the voter has promised.</param>
public abstract record QuorumAnswer(int Voter, Guid Disk, int Epoch, Guid Claim, QuorumRefusal Refusal, int Promised);

/// <summary>The answer to a claim.</summary>
/// <param name="Voter">The voter's broker.</param>
/// <param name="Disk">The voter's disk.</param>
/// <param name="Epoch">The question's epoch.</param>
/// <param name="Claim">Who asked.</param>
/// <param name="Refusal">Whether it was done.</param>
/// <param name="Promised">The epoch that the voter has promised.</param>
/// <param name="End">How far its log goes.</param>
/// <param name="Voters">The newest set of voters in its log; null where there is none.</param>
public sealed record QuorumClaimed(int Voter, Guid Disk, int Epoch, Guid Claim, QuorumRefusal Refusal, int Promised, LogEnd End, VoterSet? Voters)
    : QuorumAnswer(Voter, Disk, Epoch, Claim, Refusal, Promised);

/// <summary>The answer to a fetch.</summary>
/// <param name="Voter">The voter's broker.</param>
/// <param name="Disk">The voter's disk.</param>
/// <param name="Epoch">The question's epoch.</param>
/// <param name="Claim">Who asked.</param>
/// <param name="Refusal">Whether it was done.</param>
/// <param name="Promised">The epoch that the voter has promised.</param>
/// <param name="Offset">The offset that was asked for.</param>
/// <param name="Near">Where the logs diverged: the greatest epoch of the voter's log up to the one that was asked for, and where it ends.</param>
/// <param name="Batches">Whole batches from the offset on.</param>
public sealed record QuorumFetched(int Voter, Guid Disk, int Epoch, Guid Claim, QuorumRefusal Refusal, int Promised, long Offset, LogEnd Near, ReadOnlyMemory<byte> Batches)
    : QuorumAnswer(Voter, Disk, Epoch, Claim, Refusal, Promised);

/// <summary>The answer to an append: all that it brought is durable.</summary>
/// <param name="Voter">The voter's broker.</param>
/// <param name="Disk">The voter's disk.</param>
/// <param name="Epoch">The question's epoch.</param>
/// <param name="Claim">Who asked.</param>
/// <param name="Refusal">Whether it was done.</param>
/// <param name="Promised">The epoch that the voter has promised.</param>
/// <param name="Offset">Where the append began.</param>
/// <param name="End">Up to here the voter's log is the proposer's.</param>
/// <param name="Near">As of <see cref="QuorumFetched"/>, where the logs diverged.</param>
public sealed record QuorumAppended(int Voter, Guid Disk, int Epoch, Guid Claim, QuorumRefusal Refusal, int Promised, long Offset, long End, LogEnd Near)
    : QuorumAnswer(Voter, Disk, Epoch, Claim, Refusal, Promised);

/// <summary>The answer to a question for a snapshot.</summary>
/// <param name="Voter">The voter's broker.</param>
/// <param name="Disk">The voter's disk.</param>
/// <param name="Epoch">The question's epoch.</param>
/// <param name="Claim">Who asked.</param>
/// <param name="Refusal">Whether it was done.</param>
/// <param name="Promised">The epoch that the voter has promised.</param>
/// <param name="Snapshot">The snapshot.</param>
/// <param name="Position">Where the piece begins.</param>
/// <param name="Bytes">Whole batches.</param>
public sealed record QuorumSnapshotFetched(int Voter, Guid Disk, int Epoch, Guid Claim, QuorumRefusal Refusal, int Promised, QuorumSnapshot Snapshot, long Position, ReadOnlyMemory<byte> Bytes)
    : QuorumAnswer(Voter, Disk, Epoch, Claim, Refusal, Promised);

/// <summary>The answer to a piece of a snapshot.</summary>
/// <param name="Voter">The voter's broker.</param>
/// <param name="Disk">The voter's disk.</param>
/// <param name="Epoch">The question's epoch.</param>
/// <param name="Claim">Who asked.</param>
/// <param name="Refusal">Whether it was done.</param>
/// <param name="Promised">The epoch that the voter has promised.</param>
/// <param name="Snapshot">Where the snapshot ends.</param>
/// <param name="Position">From here on it is missing.</param>
/// <param name="IsThere">The voter has all that the snapshot says, durably.</param>
public sealed record QuorumInstalled(int Voter, Guid Disk, int Epoch, Guid Claim, QuorumRefusal Refusal, int Promised, LogEnd Snapshot, long Position, bool IsThere)
    : QuorumAnswer(Voter, Disk, Epoch, Claim, Refusal, Promised);

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>A snapshot of the controller's log: what all events before an offset came to. It is of committed events only, and never changes.</summary>
/// <param name="End">Offset behind the last event in it, and that event's epoch.</param>
/// <param name="Length">Its bytes.</param>
public readonly record struct QuorumSnapshot(LogEnd End, long Length);

/// <summary>A whole image, in the place of the events that it is made of: what a recovery begins with where there is a snapshot. Its number is that of the last of them.</summary>
/// <param name="Image">The image.</param>
public sealed record QuorumImage(MetadataImage Image);

/// <summary>A snapshot that a voter is to take now.</summary>
/// <param name="End">As of <see cref="QuorumSnapshot"/>.</param>
/// <param name="Voters">The newest set of voters among the events; null where there is none.</param>
public sealed record QuorumSnapshotDue(LogEnd End, VoterSet? Voters);

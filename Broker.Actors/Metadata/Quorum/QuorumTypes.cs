using System.Collections.Immutable;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>How far a log goes: of two logs the one with the higher epoch at its end is the more complete one, and with equal epochs the longer one.</summary>
/// <param name="Epoch">Epoch of the last record, or -1 for an empty log.</param>
/// <param name="Offset">Offset behind the last record.</param>
public readonly record struct LogEnd(int Epoch, long Offset) : IComparable<LogEnd>
{
    /// <inheritdoc/>
    public int CompareTo(LogEnd other) => Epoch == other.Epoch ? Offset.CompareTo(other.Offset) : Epoch.CompareTo(other.Epoch);
}

/// <summary>What a voter has promised, on its disk, before it said so.</summary>
/// <param name="Epoch">No lower epoch is obeyed; -1 where nothing was promised yet.</param>
/// <param name="Claim">Whose claim it was: of two that claim the same epoch one gets it.</param>
public sealed record QuorumPromise(int Epoch, Guid Claim)
{
    /// <summary>No promise yet.</summary>
    public static QuorumPromise None { get; } = new(-1, Guid.Empty);
}

/// <summary>A voter: a broker's id and the disk that its vote stands on. A disk that was lost comes back under another id, and is no voter until it is made one.</summary>
/// <param name="Id">The broker's id.</param>
/// <param name="Disk">The id that the disk was given when it was empty; <see cref="Guid.Empty"/> in a configuration, where it is not known.</param>
/// <param name="Host">Host of its actor system.</param>
/// <param name="Port">Port of its actor system.</param>
public sealed record QuorumMember(int Id, Guid Disk, string Host, int Port);

/// <summary>Who has to agree. Immutable.</summary>
/// <param name="Members">The voters, by id.</param>
public sealed record VoterSet(ImmutableArray<QuorumMember> Members)
{
    /// <summary>Nobody.</summary>
    public static VoterSet Empty { get; } = new([]);

    /// <summary>How many of them are more than half.</summary>
    public int Majority => (Members.Length / 2) + 1;

    /// <summary>Whether a disk of a broker is one of the voters.</summary>
    public bool Contains(int id, Guid disk)
    {
        foreach (var member in Members)
        {
            if (member.Id == id) return member.Disk == disk || member.Disk == Guid.Empty;
        }

        return false;
    }

    /// <summary>The voter of a broker, whatever its disk; null where there is none.</summary>
    public QuorumMember? Find(int id)
    {
        foreach (var member in Members)
        {
            if (member.Id == id) return member;
        }

        return null;
    }

    /// <summary>With one more, or with another one in the place of the same id.</summary>
    public VoterSet With(QuorumMember member) => new([.. Without(member.Id).Members.Add(member).OrderBy(m => m.Id)]);

    /// <summary>Without a broker.</summary>
    public VoterSet Without(int id) => new(Members.RemoveAll(m => m.Id == id));

    /// <summary>Whether the same brokers vote with the same disks.</summary>
    public bool Equals(VoterSet? other) => other is not null && Members.SequenceEqual(other.Members);

    /// <inheritdoc/>
    public override int GetHashCode() => Members.Length == 0 ? 0 : HashCode.Combine(Members.Length, Members[0], Members[^1]);
}

/// <summary>A log as readers see it; from any thread.</summary>
public interface IQuorumReader
{
    /// <summary>Offset of the first record, and the epoch of the one before it, which a snapshot has; epoch -1 and offset 0 where the log has all.</summary>
    LogEnd Start { get; }

    /// <summary>Offset behind the last record, all of them durable.</summary>
    long EndOffset { get; }

    /// <summary>Where epochs begin, oldest first.</summary>
    IReadOnlyList<EpochStart> Epochs { get; }

    /// <summary>Whole batches from an offset on, at which one begins: the first one whole, and as many as fit.</summary>
    /// <exception cref="IOException">The disk failed, or what stands there is damaged, or not there any more.</exception>
    byte[] Read(long offset, int maxBytes);

    /// <summary>The snapshots, oldest first. None ends before the log begins, none behind its end.</summary>
    IReadOnlyList<QuorumSnapshot> Snapshots { get; }

    /// <summary>Whole batches of a snapshot from a byte on, at which one begins: the first one whole, and as many as fit. Null where the snapshot is not there any more.</summary>
    /// <exception cref="IOException">The disk failed, or what stands there is damaged.</exception>
    byte[]? ReadSnapshot(LogEnd snapshot, long position, int maxBytes);
}

/// <summary>A voter's log. For one owner.</summary>
public interface IQuorumLog : IQuorumReader
{
    /// <summary>Takes whole batches that continue the log, and returns when they are durable. False: the disk failed, and the log is as before.</summary>
    bool TryAppend(ReadOnlyMemory<byte> batches);

    /// <summary>
    /// Cuts the log, for good. False: the disk failed. The log ends there all the same for whoever asks, and the next append makes the cut before anything else; after a crash before that, what was to be
    /// cut off may be there again.
    /// </summary>
    bool TryTruncate(long offset);

    /// <summary>Writes a snapshot, and returns when it is durable; <see cref="Saved"/> makes it count. From any thread, one at a time. Null: the disk failed.</summary>
    /// <param name="snapshot">Where it ends: at or before what is committed.</param>
    /// <param name="voters">The voters then; null for none.</param>
    /// <param name="events">The events that make the image of nothing.</param>
    QuorumSnapshot? TrySave(LogEnd snapshot, VoterSet? voters, IEnumerable<IApiMessage> events);

    /// <summary>A snapshot of this log is durable: what it makes superfluous may go.</summary>
    void Saved(QuorumSnapshot snapshot);

    /// <summary>Takes a piece of a snapshot from elsewhere; at position 0 it begins anew. False: the disk failed.</summary>
    bool TryStage(long position, ReadOnlyMemory<byte> bytes);

    /// <summary>What was staged takes the log's place: it is durable when this returns, and the log is empty behind it. False: it is not whole, or the disk failed; the log is as before.</summary>
    bool TryInstall(QuorumSnapshot snapshot);
}

/// <summary>Where a voter keeps its promise. For one owner.</summary>
public interface IQuorumPromises
{
    /// <summary>Id of the disk, given when it was empty.</summary>
    Guid Disk { get; }

    /// <summary>The promise that is on the disk.</summary>
    QuorumPromise Promise { get; }

    /// <summary>Replaces the promise, and returns when it is durable. False: the disk failed, and the old one may be there or the new one.</summary>
    bool TryStore(QuorumPromise promise);
}

/// <summary>What the beginnings of epochs tell.</summary>
internal static class LogHistory
{
    /// <summary>How far a log goes.</summary>
    public static LogEnd End(this IQuorumReader log) => new(log.EpochBefore(log.EndOffset), log.EndOffset);

    /// <summary>The newest snapshot; null for none.</summary>
    public static QuorumSnapshot? Newest(this IQuorumReader log) => log.Snapshots is [.., var newest] ? newest : null;

    /// <summary>Epoch of the record before an offset; -1 where there is none.</summary>
    public static int EpochBefore(this IQuorumReader log, long offset)
    {
        var start = log.Start;
        if (offset <= start.Offset) return offset == start.Offset ? start.Epoch : -1;
        var epochs = log.Epochs;
        for (var i = epochs.Count - 1; i >= 0; i--)
        {
            if (epochs[i].StartOffset < offset) return epochs[i].Epoch;
        }

        return -1;
    }

    /// <summary>The greatest epoch up to one, and where it ends, at or before an offset. The log's start where that lies before it, or there is none.</summary>
    public static LogEnd EndOfEpoch(this IQuorumReader log, int epoch, long before)
    {
        var start = log.Start;
        var epochs = log.Epochs;
        for (var i = epochs.Count - 1; i >= 0; i--)
        {
            if (epochs[i].Epoch > epoch || epochs[i].StartOffset >= before) continue;
            var end = i + 1 < epochs.Count ? epochs[i + 1].StartOffset : log.EndOffset;
            return Math.Min(end, before) <= start.Offset ? start : new LogEnd(epochs[i].Epoch, Math.Min(end, before));
        }

        return start;
    }
}

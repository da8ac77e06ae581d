namespace AkkaStream.Actors.Storage;

/// <summary>One segment of a closed log.</summary>
/// <param name="BaseOffset">The offset that names it.</param>
/// <param name="Size">Bytes of its batches.</param>
/// <param name="OffsetEntries">Entries of its offset index.</param>
/// <param name="TimeEntries">Entries of its time index.</param>
internal readonly record struct ClosedSegment(long BaseOffset, long Size, int OffsetEntries, int TimeEntries);

/// <summary>
/// What a log without transactions that was closed in order is made of. A start believes it as long as no file was touched since, which <see cref="Seal"/> tells
/// without opening any: so ten thousand partitions are there at once.
/// </summary>
internal sealed record ClosedLog
{
    /// <summary>Id of the topic.</summary>
    public required Guid TopicId { get; init; }

    /// <summary>Offset after the last record.</summary>
    public required long EndOffset { get; init; }

    /// <summary>Epochs of the leaders, oldest first.</summary>
    public required IReadOnlyList<EpochStart> Epochs { get; init; }

    /// <summary>The segments, oldest first; at least one.</summary>
    public required ClosedSegment[] Segments { get; init; }

    /// <summary>Largest timestamp of the last segment, milliseconds since 1970; -1 where none has one.</summary>
    public required long MaxTimestamp { get; init; }

    /// <summary>Last offset of the batch with it.</summary>
    public required long OffsetOfMaxTimestamp { get; init; }

    /// <summary>Bytes of the last segment behind its last index entry.</summary>
    public required int BytesSinceEntry { get; init; }

    /// <summary>Whether the snapshot at the end knows any producer.</summary>
    public required bool HasProducers { get; init; }

    /// <summary>Of <see cref="SealOf"/> after the log was closed.</summary>
    public ulong Seal { get; init; }

    /// <summary>
    /// A number that changes with every change to one of the files or to the directory's names; 0, which seals nothing, where the disk cannot tell. May throw as <see cref="IDisk"/>.
    /// </summary>
    public ulong SealOf(IDisk disk, string directory)
    {
        if (disk.StampOf(directory) is not { } names) return 0;
        var seal = new FileSeal();
        seal.Add(names);
        foreach (var segment in Segments)
        {
            foreach (var suffix in LogFiles.Searched) seal.Add(disk.StampOf(LogFiles.Path(directory, segment.BaseOffset, suffix)));
        }

        seal.Add(disk.StampOf(LogFiles.Path(directory, EndOffset, LogFiles.Snapshot)));
        seal.Add(disk.StampOf($"{directory}/{LogFiles.Epochs}"));
        seal.Add(disk.StampOf($"{directory}/{LogFiles.Metadata}"));
        return seal.Value;
    }
}

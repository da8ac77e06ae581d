namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>What one cleaning works on: taken on the owner's turn, worked off elsewhere. Nothing in it changes.</summary>
internal sealed class CleaningJob
{
    /// <summary>The disk.</summary>
    public required IDisk Disk { get; init; }

    /// <summary>The partition's directory.</summary>
    public required string Directory { get; init; }

    /// <summary>The settings.</summary>
    public required LogConfig Config { get; init; }

    /// <summary>The segments below <see cref="FirstUncleanable"/>, oldest first, all closed.</summary>
    public required LogSegment[] Segments { get; init; }

    /// <summary>
    /// The segments that a loss of power could take, the active one included: a record that supersedes another, or a marker that decides about it, has to be
    /// durable before the other goes.
    /// </summary>
    public required LogSegment[] NotDurable { get; init; }

    /// <summary>How often the log was cut back when the cleaning began.</summary>
    public required int Cuts { get; init; }

    /// <summary>Offsets below this one were cleaned before.</summary>
    public required long FirstDirty { get; init; }

    /// <summary>Base offset of the first segment that may not be cleaned.</summary>
    public required long FirstUncleanable { get; init; }

    /// <summary>Active producers.</summary>
    public required IReadOnlyDictionary<long, ProducerTail> Producers { get; init; }

    /// <summary>Reads the aborted transactions of the log; on the cleaner's thread.</summary>
    public required Func<IReadOnlyList<AbortedSpan>> Aborted { get; init; }

    /// <summary>Now, milliseconds since 1970.</summary>
    public required long NowMs { get; init; }
}

/// <summary>What a cleaning may use.</summary>
/// <param name="MapBytes">Memory of its map of keys.</param>
/// <param name="LoadFactor">How full the map may become, 0 to 1.</param>
/// <param name="BufferBytes">Bytes of each of its two buffers.</param>
/// <param name="Secret">Dice: what the hash of keys is keyed with.</param>
internal readonly record struct CleaningMeans(long MapBytes, double LoadFactor, int BufferBytes, Guid Secret);

/// <summary>A cleaned segment and what it shall replace: for the owner to swap.</summary>
/// <param name="Cleaned">Complete and durable, under its <c>.cleaned</c> name.</param>
/// <param name="Sources">The segments that it stands for.</param>
/// <param name="Cuts">How often the log was cut back when the cleaning began: it may not take its place after another one.</param>
internal sealed record CleanedGroup(CleanedSegment Cleaned, LogSegment[] Sources, int Cuts);

/// <summary>Where a cleaning stands.</summary>
internal enum CleaningState
{
    /// <summary>More is to be read: step again.</summary>
    Working,

    /// <summary><see cref="CleaningPass.Ready"/> is to be swapped by the owner, then <see cref="CleaningPass.Swapped"/> called.</summary>
    Swapping,

    /// <summary>All is done: below <see cref="CleaningPass.NextDirty"/> the log is clean.</summary>
    Done,

    /// <summary>The log changed meanwhile: what is not swapped is dropped, and the log may be cleaned anew.</summary>
    Aborted,

    /// <summary>The log cannot be cleaned; <see cref="CleaningPass.Failure"/> says why.</summary>
    Failed,
}

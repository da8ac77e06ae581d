using AkkaStream.Client.Records;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>What a partition remembers of an active producer, as far as a cleaning needs it.</summary>
/// <param name="Epoch">Its epoch.</param>
/// <param name="LastDataOffset">Offset of its last record; -1 where its last entry is a marker.</param>
internal readonly record struct ProducerTail(short Epoch, long LastDataOffset);

/// <summary>Which records and batches survive a cleaning.</summary>
internal sealed class CleaningRules
{
    /// <summary>The last offset of each key of the range that the map covers.</summary>
    public required OffsetMap Keys { get; init; }

    /// <summary>The hash that the map's keys have.</summary>
    public required KeyHasher Hasher { get; init; }

    /// <summary>Where the cleanable range ends: the batch that ends there is kept, if empty, so that the log's end is not lost with it.</summary>
    public required long UpperBound { get; init; }

    /// <summary>Now, milliseconds since 1970.</summary>
    public required long NowMs { get; init; }

    /// <summary>How long, in ms, tombstones and markers stay after the cleaning that found nothing before them.</summary>
    public required long DeleteRetentionMs { get; init; }

    /// <summary>Active producers.</summary>
    public required IReadOnlyDictionary<long, ProducerTail> Producers { get; init; }

    /// <summary>The delete horizon that a batch gets in this cleaning.</summary>
    public long NewHorizon => DeleteRetentionMs > long.MaxValue - NowMs ? long.MaxValue : NowMs + DeleteRetentionMs;

    /// <summary>Whether the time of a batch's tombstones and markers is over.</summary>
    public bool IsPastHorizon(in RecordBatchHeader header) => header.HasDeleteHorizon && header.DeleteHorizon <= NowMs;

    /// <summary>Whether a batch stays even without records: its producer's last sequence or epoch is known from it, or the log's end is.</summary>
    public bool KeepsEmpty(in RecordBatchHeader header)
    {
        if (header.NextOffset == UpperBound) return true;
        if (!header.HasProducerId || !Producers.TryGetValue(header.ProducerId, out var tail)) return false;
        return tail.LastDataOffset >= 0 ? tail.LastDataOffset == header.LastOffset : header.IsControl && tail.Epoch == header.ProducerEpoch;
    }

    /// <summary>Whether a record of data that was not aborted stays.</summary>
    /// <param name="record">The record.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="keepsTombstones">Whether the batch's tombstones may not go yet.</param>
    public bool Keeps(in SeenRecord record, long offset, bool keepsTombstones)
        => offset > Keys.LatestOffset || (record.HasKey && (record.HasValue || keepsTombstones) && offset >= Keys.Get(record.Hash));

    /// <summary>Whether a message of format 0 or 1 stays. A tombstone does: it has no place for a horizon before it is converted.</summary>
    /// <param name="message">The message.</param>
    public bool Keeps(in LegacyReader message)
        => message.Offset > Keys.LatestOffset || (!message.IsKeyNull && message.Offset >= Keys.Get(Hasher.Hash(message.Key)));
}

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>What a cleaning needs to know of a record.</summary>
/// <param name="Hash">Of its key; nothing where it has none.</param>
/// <param name="TimestampDelta">Milliseconds from the batch's base timestamp.</param>
/// <param name="OffsetDelta">Offset from the batch's base offset.</param>
/// <param name="HasKey">It has a key.</param>
/// <param name="HasValue">It has a value; without one it is a tombstone.</param>
internal readonly record struct SeenRecord(KeyHash Hash, long TimestampDelta, int OffsetDelta, bool HasKey, bool HasValue);

/// <summary>
/// Reads a batch's records some at a time, so that the places of their keys in the map, each a miss of the cache, are all on their way before the first one is looked
/// at. For one thread.
/// </summary>
internal sealed class RecordsAhead(OffsetMap map, KeyHasher hasher)
{
    /// <summary>Records at a time, as many as bits in a word.</summary>
    public const int Most = 64;

    private readonly SeenRecord[] _seen = new SeenRecord[Most];

    /// <summary>Steps over the next records; fewer than <see cref="Most"/> at the end of the batch.</summary>
    public ReadOnlySpan<SeenRecord> Read(ref RecordCursor cursor)
    {
        var count = 0;
        while (count < Most && cursor.MoveNext())
        {
            var hash = default(KeyHash);
            if (cursor.HasKey)
            {
                hash = hasher.Hash(cursor.Key);
                map.Prefetch(hash);
            }

            _seen[count++] = new SeenRecord(hash, cursor.TimestampDelta, cursor.OffsetDelta, cursor.HasKey, cursor.HasValue);
        }

        return _seen.AsSpan(0, count);
    }
}

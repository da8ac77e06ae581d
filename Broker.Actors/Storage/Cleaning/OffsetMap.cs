using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace AkkaStream.Actors.Storage.Cleaning;

/// <summary>
/// The last offset of each key, in memory of a fixed size outside of the garbage collector's heap: 24 bytes an entry, a hash of 128 bits and the offset. Pages that
/// no entry touched cost nothing; disposing gives all of it back to the system at once. For one thread.
/// </summary>
/// <remarks>
/// Entries stand in the order of their hashes, each at or behind the place that its hash points at: a search ends at the first larger hash, also in a nearly full
/// map. Behind the last place there is a spare stretch for those that are pushed out.
/// </remarks>
internal sealed unsafe class OffsetMap : IDisposable
{
    /// <summary>Bytes of one entry.</summary>
    public const int EntryBytes = 24;

    // At a load of nine tenths a run of entries is a few hundred long at worst.
    private const int LongestSpare = 4096;

    private readonly int _slots;
    private readonly ulong _places;
    private readonly int _most;
    private Entry* _entries;

    /// <summary>An empty map.</summary>
    /// <param name="bytes">Memory at most; at least what four entries take.</param>
    /// <param name="loadFactor">How full it may become, 0 to 1.</param>
    public OffsetMap(long bytes, double loadFactor)
    {
        _slots = (int)Math.Clamp(bytes / EntryBytes, 4, Array.MaxLength);
        _places = (ulong)(_slots - Math.Clamp(_slots / 8, 1, LongestSpare));
        _most = (int)Math.Clamp(_slots * loadFactor, 1, _slots - 1);
        _entries = (Entry*)MapMemory.Allocate((nuint)_slots * EntryBytes);
    }

    /// <summary>Keys in it.</summary>
    public int Count { get; private set; }

    /// <summary>Keys that it may hold.</summary>
    public int Capacity => _most;

    /// <summary>Everything up to this offset is in the map; -1 at first.</summary>
    public long LatestOffset { get; private set; } = -1;

    /// <summary>The bytes that hold so many keys at a load factor, with the spare stretch.</summary>
    public static long BytesFor(long keys, double loadFactor)
    {
        var slots = Math.Max(keys, 1) / Math.Max(loadFactor, 0.01);
        return (long)Math.Min((slots + Math.Max(slots / 4, 8)) * EntryBytes, long.MaxValue / 2);
    }

    /// <summary>Everything up to an offset is in the map; never back.</summary>
    public void Reach(long offset) => LatestOffset = Math.Max(LatestOffset, offset);

    /// <summary>Notes a key's offset, which is larger than every one before. False where the map is full: nothing changed then.</summary>
    public bool TryPut(KeyHash hash, long offset)
    {
        var at = Find(hash, out var found);
        if (found)
        {
            _entries[at].Mark = offset + 1;
        }
        else
        {
            if (Count >= _most || !Open(at)) return false;
            _entries[at] = new Entry { High = hash.High, Low = hash.Low, Mark = offset + 1 };
            Count++;
        }

        Reach(offset);
        return true;
    }

    /// <summary>A key is looked for soon: its place, nearly always a miss of the cache, is fetched meanwhile.</summary>
    public void Prefetch(KeyHash hash)
    {
        if (Sse.IsSupported) Sse.Prefetch0(_entries + PlaceOf(hash));
    }

    /// <summary>The last offset of a key; -1 where the key is not in the map.</summary>
    public long Get(KeyHash hash)
    {
        var at = Find(hash, out var found);
        return found ? _entries[at].Mark - 1 : -1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        MapMemory.Free(_entries);
        _entries = null;
    }

    private int PlaceOf(KeyHash hash) => (int)Math.BigMul(hash.High, _places, out _);

    // The entry's place, or the one where it would stand: the first that is free or has a larger hash.
    private int Find(KeyHash hash, out bool found)
    {
        ObjectDisposedException.ThrowIf(_entries is null, this);
        var at = PlaceOf(hash);
        for (; at < _slots; at++)
        {
            ref var entry = ref _entries[at];
            if (entry.Mark == 0 || entry.High > hash.High) break;
            if (entry.High < hash.High || entry.Low < hash.Low) continue;
            found = entry.High == hash.High && entry.Low == hash.Low;
            return at;
        }

        found = false;
        return at;
    }

    // Makes room at a place by pushing what stands there and behind it one further.
    private bool Open(int at)
    {
        var free = at;
        while (free < _slots && _entries[free].Mark != 0) free++;
        if (free >= _slots) return false;
        var length = (long)(free - at) * EntryBytes;
        Buffer.MemoryCopy(_entries + at, _entries + at + 1, length, length);
        return true;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 8)]
    private struct Entry
    {
        public ulong High;
        public ulong Low;

        // The offset and one: zeros are a free place.
        public long Mark;
    }
}

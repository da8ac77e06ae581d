using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AkkaStream.Actors.Storage;

/// <summary>
/// The offset index (relative last offset, position of its batch) or the time index (largest timestamp so far, relative last offset of its batch) of one
/// segment. The active segment's lies in memory, with one writer and any number of readers, and is written out at times; a closed one's is searched in its file.
/// </summary>
/// <remarks>Keys rise strictly, values never fall. A reader may see entries newer than its view: they point past what it looks for.</remarks>
internal sealed class SegmentIndex
{
    public const int OffsetEntrySize = 8;
    public const int TimeEntrySize = 12;

    // Few enough entries that reading them at once is cheaper than halving further.
    private const int Block = 256;

    private readonly IDisk _disk;
    private readonly LeasedFile _file;
    private readonly int _entrySize;
    private Entry[]? _entries;
    private int _count;
    private int _stored;

    // The file holds the stored entries and nothing else.
    private bool _isExact;

    private SegmentIndex(IDisk disk, SegmentFile name, int entrySize, DiskAccess access = DiskAccess.Create)
    {
        _disk = disk;
        _file = new LeasedFile(disk, name, access);
        _entrySize = entrySize;
    }

    /// <summary>Entries now.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>The file does not end with an entry: something else than this wrote it, or it was cut.</summary>
    public bool HasOddLength { get; private init; }

    /// <summary>Whether the entries lie in memory and more may be added.</summary>
    public bool InMemory => Volatile.Read(ref _entries) is not null;

    public string Path => _file.Path;

    public SegmentFile Name => _file.Name;

    /// <summary>Whether entries take room in memory.</summary>
    public bool HoldsEntries => Volatile.Read(ref _entries) is { Length: > 0 };

    /// <summary>An empty index in memory. Nothing is written before <see cref="Store"/>.</summary>
    public static SegmentIndex Fresh(IDisk disk, SegmentFile name, int entrySize) => new(disk, name, entrySize) { _entries = [] };

    /// <summary>The index of a closed segment, believed as its file is.</summary>
    public static SegmentIndex Stored(IDisk disk, SegmentFile name, int entrySize)
    {
        var length = Math.Max(disk.LengthOf(name.ToString()), 0);
        var count = (int)Math.Min(length / entrySize, int.MaxValue);
        return Known(disk, name, entrySize, count, length % entrySize != 0);
    }

    /// <summary>The index of a closed segment, of so many entries: its file is not looked at.</summary>
    public static SegmentIndex Known(IDisk disk, SegmentFile name, int entrySize, int count, bool hasOddLength = false)
        => new(disk, name, entrySize, count > 0 ? DiskAccess.Write : DiskAccess.Create) { _count = count, _stored = count, HasOddLength = hasOddLength };

    /// <summary>
    /// Reads a file into memory, up to the first entry that cannot follow the one before it (a preallocated file's zeros) or that lies past
    /// <paramref name="maxKey"/> or <paramref name="maxValue"/>.
    /// </summary>
    public static SegmentIndex Load(IDisk disk, SegmentFile name, int entrySize, long maxKey, long maxValue)
    {
        var index = Fresh(disk, name, entrySize);
        var bytes = disk.TryReadAll(name.ToString()) ?? [];
        var last = new Entry(entrySize == OffsetEntrySize ? -1 : long.MinValue, entrySize == OffsetEntrySize ? 0 : -1);
        for (var at = 0; at + entrySize <= bytes.Length; at += entrySize)
        {
            var entry = Decode(bytes.AsSpan(at), entrySize);
            var rises = entry.Key > last.Key && entry.Value > last.Value;
            if (!rises || entry.Key > maxKey || entry.Value > maxValue) break;
            index.Add(entry.Key, entry.Value);
            last = entry;
        }

        // What follows the believed entries in the file is written over or cut by the next Store.
        index._stored = index._count;
        index._isExact = index._count > 0 && bytes.Length == index._count * entrySize;
        return index;
    }

    /// <summary>Adds an entry whose key is larger than every one before it.</summary>
    public void Add(long key, int value)
    {
        var entries = _entries!;
        if (_count == entries.Length)
        {
            var larger = new Entry[Math.Max(16, entries.Length * 2)];
            entries.AsSpan().CopyTo(larger);
            entries = larger;
            Volatile.Write(ref _entries, entries);
        }

        entries[_count] = new Entry(key, value);
        Volatile.Write(ref _count, _count + 1);
    }

    /// <summary>The last entry; false where there is none.</summary>
    public bool TryLast(out long key, out int value)
    {
        var count = Count;
        if (count == 0)
        {
            (key, value) = (-1, -1);
            return false;
        }

        (key, value) = At(count - 1);
        return true;
    }

    /// <summary>As <see cref="TryLast"/> for a file that was not read: false also where the last entry cannot follow the one before it, as zeros at the end of a file.</summary>
    public bool TrySoundLast(out long key, out int value)
    {
        (key, value) = (-1, -1);
        var count = Count;
        if (count == 0 || HasOddLength) return false;
        Span<Entry> two = stackalloc Entry[2];
        var read = ReadBlock(Math.Max(0, count - 2), two[..Math.Min(2, count)]);
        if (read.Length != Math.Min(2, count)) return false;
        (key, value) = read[^1];
        return read.Length == 1 || (read[1].Key > read[0].Key && read[1].Value > read[0].Value);
    }

    /// <summary>The last entry with a key of at most <paramref name="key"/>; false where there is none.</summary>
    public bool TryFloorKey(long key, out long foundKey, out int value) => TryFloor(key, byKey: true, out foundKey, out value);

    /// <summary>The last entry with a value of at most <paramref name="value"/>; false where there is none.</summary>
    public bool TryFloorValue(long value, out long key, out int foundValue) => TryFloor(value, byKey: false, out key, out foundValue);

    /// <summary>The first entry with a value above <paramref name="value"/>; false where there is none.</summary>
    public bool TryAfterValue(long value, out long key, out int foundValue)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (At(middle).Value <= value) low = middle + 1;
            else high = middle;
        }

        (key, foundValue) = low < Count ? At(low) : new Entry(-1, -1);
        return foundValue > value;
    }

    /// <summary>The first entry with a key of at least <paramref name="key"/>; false where there is none.</summary>
    public bool TryCeilingKey(long key, out long foundKey, out int value)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (At(middle).Key < key) low = middle + 1;
            else high = middle;
        }

        (foundKey, value) = low < Count ? At(low) : new Entry(-1, -1);
        return foundKey >= key;
    }

    /// <summary>Writes what is not in the file yet and cuts the file to its entries.</summary>
    public void Store()
    {
        if (_entries is not { } entries) return;
        if (_isExact && _stored == _count) return;
        var missing = entries.AsSpan(_stored, _count - _stored);
        var file = _file.TryLease();
        if (file is null) return;
        try
        {
            var bytes = new byte[missing.Length * _entrySize];
            for (var i = 0; i < missing.Length; i++) Encode(missing[i], bytes.AsSpan(i * _entrySize));
            if (bytes.Length > 0) file.Write(bytes, (long)_stored * _entrySize);
            if (file.Length != (long)_count * _entrySize) file.SetLength((long)_count * _entrySize);
            _stored = _count;
            _isExact = true;
        }
        finally
        {
            _file.Dispose();
        }
    }

    /// <summary>Lets go of the memory, once everything is stored: the segment is closed.</summary>
    public void Release() => Volatile.Write(ref _entries, null);

    /// <summary>Closes its file where nobody reads it.</summary>
    public void Rest() => _file.Rest();

    /// <summary>Takes the entries of a closed segment back into memory: it is the active one again, or was idle.</summary>
    public void Unseal(long maxKey, long maxValue)
    {
        if (InMemory) return;
        var loaded = Load(_disk, _file.Name, _entrySize, maxKey, maxValue);
        _stored = loaded._stored;
        _isExact = loaded._isExact;
        Volatile.Write(ref _count, loaded._count);
        Volatile.Write(ref _entries, loaded._entries);
    }

    /// <summary>Makes what was stored durable.</summary>
    public void Flush()
    {
        if (_disk.LengthOf(Path) >= 0) _file.TryFlush();
    }

    /// <summary>Keeps its file open, where entries are read from it, until <see cref="Unpin"/>. False where it was removed. For the owner; may throw as <see cref="IDisk"/>.</summary>
    public bool TryPin() => InMemory || Count == 0 || _file.TryPin();

    /// <summary>The file may be closed again.</summary>
    public void Unpin() => _file.Unpin();

    public void Retire() => _file.Retire();

    private bool TryFloor(long wanted, bool byKey, out long key, out int value)
    {
        (key, value) = (-1, -1);
        int low = 0, high = Count - 1;
        if (high < 0) return false;
        if (Volatile.Read(ref _entries) is { } entries)
        {
            // What came back from a damaged file may be less than there was.
            return TryFloorIn(entries.AsSpan(0, Math.Min(high + 1, entries.Length)), wanted, byKey, out key, out value);
        }

        while (high - low >= Block)
        {
            var middle = (low + high) >>> 1;
            var entry = At(middle);
            if ((byKey ? entry.Key : entry.Value) <= wanted) low = middle;
            else high = middle - 1;
        }

        Span<Entry> block = stackalloc Entry[Block];
        return TryFloorIn(ReadBlock(low, block[..(high - low + 1)]), wanted, byKey, out key, out value);
    }

    private static bool TryFloorIn(ReadOnlySpan<Entry> entries, long wanted, bool byKey, out long key, out int value)
    {
        int low = 0, high = entries.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var at = byKey ? entries[middle].Key : entries[middle].Value;
            if (at <= wanted) low = middle + 1;
            else high = middle - 1;
        }

        (key, value) = high < 0 ? (-1L, -1) : (entries[high].Key, entries[high].Value);
        return high >= 0;
    }

    private Entry At(int position)
    {
        if (Volatile.Read(ref _entries) is { } entries) return position < entries.Length ? entries[position] : new Entry(-1, -1);
        Span<Entry> one = stackalloc Entry[1];
        var read = ReadBlock(position, one);
        return read.Length == 1 ? read[0] : new Entry(-1, -1);
    }

    private ReadOnlySpan<Entry> ReadBlock(int first, Span<Entry> into)
    {
        var file = _file.TryLease();
        if (file is null) return [];
        try
        {
            Span<byte> bytes = stackalloc byte[Block * TimeEntrySize];
            var got = file.Read(bytes[..(into.Length * _entrySize)], (long)first * _entrySize) / _entrySize;
            for (var i = 0; i < got; i++) into[i] = Decode(bytes[(i * _entrySize)..], _entrySize);
            return into[..got];
        }
        finally
        {
            _file.Dispose();
        }
    }

    private static Entry Decode(ReadOnlySpan<byte> bytes, int entrySize) => entrySize == OffsetEntrySize
        ? new Entry(BinaryPrimitives.ReadInt32BigEndian(bytes), BinaryPrimitives.ReadInt32BigEndian(bytes[4..]))
        : new Entry(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt32BigEndian(bytes[8..]));

    private void Encode(Entry entry, Span<byte> bytes)
    {
        if (_entrySize == OffsetEntrySize) BinaryPrimitives.WriteInt32BigEndian(bytes, (int)entry.Key);
        else BinaryPrimitives.WriteInt64BigEndian(bytes, entry.Key);
        BinaryPrimitives.WriteInt32BigEndian(bytes[(_entrySize - 4)..], entry.Value);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private readonly record struct Entry(long Key, int Value);
}

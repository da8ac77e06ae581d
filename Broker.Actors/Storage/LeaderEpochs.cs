using System.Globalization;
using System.Text;

namespace AkkaStream.Actors.Storage;

/// <summary>Where a leader's epoch begins.</summary>
/// <param name="Epoch">The epoch.</param>
/// <param name="StartOffset">Offset of the first record that its leader appended, or would have.</param>
public readonly record struct EpochStart(int Epoch, long StartOffset);

/// <summary>
/// The epochs of a partition's leaders, oldest first, epochs and offsets rising; the file <c>leader-epoch-checkpoint</c>. One writer; a reader on another
/// thread sees a list as it once was.
/// </summary>
internal sealed class LeaderEpochs
{
    private volatile EpochStart[] _entries = [];

    /// <summary>All of them, oldest first.</summary>
    public IReadOnlyList<EpochStart> Entries => _entries;

    /// <summary>The newest epoch, or -1.</summary>
    public int Latest => _entries is [.., var last] ? last.Epoch : -1;

    /// <summary>Whether the file is older than this list.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>A leader with this epoch begins at <paramref name="startOffset"/>. Entries that contradict it go. False where the epoch is known already.</summary>
    public bool Assign(int epoch, long startOffset)
    {
        if (epoch < 0 || epoch == Latest) return false;
        var kept = new List<EpochStart>(_entries.Length + 1);
        foreach (var entry in _entries)
        {
            if (entry.Epoch < epoch && entry.StartOffset < startOffset) kept.Add(entry);
        }

        kept.Add(new EpochStart(epoch, startOffset));
        _entries = [.. kept];
        IsChanged = true;
        return true;
    }

    /// <summary>
    /// Where <paramref name="epoch"/> ends: the largest epoch up to it and the offset at which the next one begins (the log's end for the latest);
    /// (-1, -1) where nothing is known of it.
    /// </summary>
    public EpochStart EndOf(int epoch, long logEndOffset)
    {
        var entries = _entries;
        if (epoch < 0 || entries.Length == 0 || epoch > entries[^1].Epoch) return new EpochStart(-1, -1);
        if (epoch == entries[^1].Epoch) return new EpochStart(epoch, logEndOffset);
        var next = 0;
        while (entries[next].Epoch <= epoch) next++;
        // Before the oldest one: nothing is left of it, but its successor's start is known.
        return next == 0 ? new EpochStart(epoch, entries[0].StartOffset) : new EpochStart(entries[next - 1].Epoch, entries[next].StartOffset);
    }

    /// <summary>The epoch of the record at an offset, or -1.</summary>
    public int EpochAt(long offset)
    {
        var entries = _entries;
        for (var i = entries.Length - 1; i >= 0; i--)
        {
            if (entries[i].StartOffset <= offset) return entries[i].Epoch;
        }

        return -1;
    }

    /// <summary>The log begins at <paramref name="offset"/> now: the epoch that holds it starts there.</summary>
    public void CutHead(long offset)
    {
        var entries = _entries;
        var first = 0;
        while (first + 1 < entries.Length && entries[first + 1].StartOffset <= offset) first++;
        if (entries.Length == 0 || entries[first].StartOffset >= offset) return;
        var kept = entries[first..];
        kept[0] = kept[0] with { StartOffset = offset };
        _entries = kept;
        IsChanged = true;
    }

    /// <summary>The log ends at <paramref name="offset"/> now: epochs that begin there or later are gone.</summary>
    public void CutTail(long offset)
    {
        var entries = _entries;
        var kept = entries.Length;
        while (kept > 0 && entries[kept - 1].StartOffset >= offset) kept--;
        if (kept == entries.Length) return;
        _entries = entries[..kept];
        IsChanged = true;
    }

    /// <summary>Starts over, without any.</summary>
    public void Clear()
    {
        IsChanged |= _entries.Length > 0;
        _entries = [];
    }

    /// <summary>The file's bytes.</summary>
    public byte[] Encode()
    {
        var text = new StringBuilder("0\n").Append(CultureInfo.InvariantCulture, $"{_entries.Length}\n");
        foreach (var (epoch, start) in _entries) text.Append(CultureInfo.InvariantCulture, $"{epoch} {start}\n");
        return Encoding.ASCII.GetBytes(text.ToString());
    }

    /// <summary>Takes a file's contents; false, with nothing changed, where they are not what such a file holds. An empty file is no epochs.</summary>
    public bool TryDecode(ReadOnlySpan<byte> bytes)
    {
        if (!CheckpointText.TryReadLines(bytes, 2, out var lines)) return false;
        var entries = new List<EpochStart>(lines.Count);
        foreach (var fields in lines)
        {
            if (!int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var epoch)) return false;
            if (!long.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var start)) return false;
            if (entries.Count > 0 && (entries[^1].Epoch >= epoch || entries[^1].StartOffset > start)) return false;
            entries.Add(new EpochStart(epoch, start));
        }

        _entries = [.. entries];
        IsChanged = false;
        return true;
    }

    /// <summary>The file holds this list now.</summary>
    public void MarkStored() => IsChanged = false;
}

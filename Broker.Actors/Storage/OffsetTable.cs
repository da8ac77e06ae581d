namespace AkkaStream.Actors.Storage;

/// <summary>What one checkpoint file of a log directory says, and whether the file says so already. Not safe from several threads.</summary>
/// <param name="name">The file's name.</param>
internal sealed class OffsetTable(string name)
{
    private Dictionary<PartitionName, long> _offsets = [];
    private bool _isChanged = true;

    public string Name => name;

    /// <summary>Takes what the file says.</summary>
    public void Load(Dictionary<PartitionName, long> stored)
    {
        _offsets = stored;
        _isChanged = false;
    }

    /// <summary>The offset of a partition, or <paramref name="otherwise"/>.</summary>
    public long Of(PartitionName partition, long otherwise = 0) => _offsets.GetValueOrDefault(partition, otherwise);

    public void Set(PartitionName partition, long offset)
    {
        if (_offsets.TryGetValue(partition, out var before) && before == offset) return;
        _offsets[partition] = offset;
        _isChanged = true;
    }

    public void Remove(PartitionName partition) => _isChanged |= _offsets.Remove(partition);

    /// <summary>Forgets partitions that are not there, and gives those of them that had records; takes the names of those that are: ten thousand of them are in memory once, not once for each file.</summary>
    public Dictionary<PartitionName, long> Keep(HashSet<PartitionName> there)
    {
        var gone = new Dictionary<PartitionName, long>();
        var kept = new Dictionary<PartitionName, long>(_offsets.Count);
        foreach (var (partition, offset) in _offsets)
        {
            if (there.TryGetValue(partition, out var known)) kept[known] = offset;
            else if (offset > 0) gone[partition] = offset;
        }

        _isChanged |= kept.Count < _offsets.Count;
        _offsets = kept;
        return gone;
    }

    /// <summary>The bytes that the file is to hold; null where it holds them. They count as written from here on.</summary>
    public byte[]? TakeChanged()
    {
        if (!_isChanged) return null;
        _isChanged = false;
        return OffsetCheckpoint.Encode(_offsets);
    }

    /// <summary>The bytes did not reach the file.</summary>
    public void MarkChanged() => _isChanged = true;
}

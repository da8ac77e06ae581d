namespace AkkaStream.Client.Producer;

/// <summary>
/// Chooses the partition of one topic's records without a key: the same one until a batch's worth of bytes went there, then another, less busy
/// ones more often (KIP-794). Not thread-safe.
/// </summary>
/// <param name="stickyBytes">Bytes that stay together: batch.size.</param>
/// <param name="dice">Throws dice: any integer of 0 or more.</param>
public sealed class StickyPartitioner(int stickyBytes, Func<int> dice)
{
    private const int None = -1;

    private int _current = None;
    private long _produced;

    /// <summary>How busy the partitions are; null: all alike.</summary>
    public PartitionLoad? Load { get; set; }

    /// <summary>The partition that the next record goes to.</summary>
    /// <param name="partitions">How many partitions the topic has.</param>
    /// <param name="available">Those of them with a leader; empty where that is not known.</param>
    public int Current(int partitions, ReadOnlySpan<int> available)
    {
        if (_current == None || _current >= partitions) Switch(partitions, available);
        return _current;
    }

    /// <summary>Counts bytes that went to the current partition, and goes on to the next one when it has enough.</summary>
    /// <param name="bytes">Bytes appended.</param>
    /// <param name="batchIsFull">A change would cut no batch short. Past twice the sticky bytes it happens anyway.</param>
    /// <param name="partitions">How many partitions the topic has.</param>
    /// <param name="available">Those of them with a leader.</param>
    public void Appended(int bytes, bool batchIsFull, int partitions, ReadOnlySpan<int> available)
    {
        var isDue = IsDue(bytes, batchIsFull);
        _produced += bytes;
        if (isDue) Switch(partitions, available);
    }

    /// <summary>Whether <see cref="Appended"/> would go on to another partition: the moment to say how busy they are.</summary>
    /// <param name="bytes">Bytes appended.</param>
    /// <param name="batchIsFull">A change would cut no batch short.</param>
    public bool IsDue(int bytes, bool batchIsFull) => _produced + bytes >= (batchIsFull ? stickyBytes : stickyBytes * 2L);

    /// <summary>The next partition by a throw of dice.</summary>
    public int Next(int partitions, ReadOnlySpan<int> available)
    {
        var thrown = dice() & int.MaxValue;
        if (Load is { } load) return load.Choose(thrown);
        return available.IsEmpty ? thrown % partitions : available[thrown % available.Length];
    }

    private void Switch(int partitions, ReadOnlySpan<int> available)
    {
        _current = Next(partitions, available);
        _produced = 0;
    }
}

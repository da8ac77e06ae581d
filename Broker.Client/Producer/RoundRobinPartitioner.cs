namespace AkkaStream.Client.Producer;

/// <summary>Gives one topic's records to its partitions in turn, leaving out those without a leader as long as there are others. Not thread-safe.</summary>
public sealed class RoundRobinPartitioner
{
    private int _next;

    /// <summary>The partition of the next record.</summary>
    /// <param name="partitions">How many partitions the topic has.</param>
    /// <param name="available">Those of them with a leader; empty where there is none.</param>
    public int Next(int partitions, ReadOnlySpan<int> available)
    {
        var turn = _next++ & int.MaxValue;
        return available.IsEmpty ? turn % partitions : available[turn % available.Length];
    }
}

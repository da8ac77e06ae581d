using System.Globalization;
using AkkaStream.Client.Cluster;

namespace AkkaStream.Host.Simulation;

/// <summary>
/// What clients of a cluster saw: who sent what, what was acknowledged where, what readers read in which order. Judged at the end against what the log holds: lost and unseen records, two
/// records at one offset, duplicates and wrong order of idempotent producers, readers that went back.
/// </summary>
internal sealed class ClusterHistory
{
    private readonly Dictionary<(TopicPartition Partition, long Offset), string> _known = [];
    private readonly Dictionary<(TopicPartition Partition, long Offset), string> _acknowledged = [];

    /// <summary>Records that were acknowledged.</summary>
    public int Acknowledged => _acknowledged.Count;

    /// <summary>A producer was told where its record is.</summary>
    public void Sent(TopicPartition partition, long offset, string record)
    {
        Know(partition, offset, record, "acknowledged");
        if (!_acknowledged.TryAdd((partition, offset), record)) throw Broken($"{partition} offset {offset} was acknowledged twice, for {record} too");
    }

    /// <summary>A reader got a record.</summary>
    public void Read(TopicPartition partition, long offset, string record) => Know(partition, offset, record, "read");

    /// <summary>Judges.</summary>
    /// <param name="stored">What the log holds in the end, by offset.</param>
    /// <param name="idempotent">Whether a producer's records must be there once and in order.</param>
    public void Check(IReadOnlyDictionary<TopicPartition, SortedDictionary<long, string>> stored, Func<string, bool> idempotent)
    {
        foreach (var ((partition, offset), record) in _known)
        {
            var how = _acknowledged.ContainsKey((partition, offset)) ? "acknowledged" : "read";
            if (!stored.TryGetValue(partition, out var log) || !log.TryGetValue(offset, out var found)) throw Broken($"{record} was {how} at {partition} offset {offset} and is not there");
            if (found != record) throw Broken($"{record} was {how} at {partition} offset {offset}, where {found} is");
        }

        foreach (var (partition, log) in stored) CheckOrder(partition, log, idempotent);
    }

    private static void CheckOrder(TopicPartition partition, SortedDictionary<long, string> log, Func<string, bool> idempotent)
    {
        var last = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (offset, record) in log)
        {
            var (producer, number) = Parse(record);
            if (!idempotent(producer)) continue;
            if (last.TryGetValue(producer, out var before) && number <= before) throw Broken($"{partition} offset {offset} has {record} behind {producer}:{before}; all of it: {string.Join(' ', log.Values)}");
            last[producer] = number;
        }
    }

    // Two that know of one offset know of the same record, for all time.
    private void Know(TopicPartition partition, long offset, string record, string how)
    {
        if (!_known.TryAdd((partition, offset), record) && _known[(partition, offset)] != record) throw Broken($"{record} was {how} at {partition} offset {offset}, where {_known[(partition, offset)]} had been seen");
    }

    private static (string Producer, int Number) Parse(string record)
    {
        var colon = record.IndexOf(':', StringComparison.Ordinal);
        return (record[..colon], int.Parse(record.AsSpan(colon + 1), CultureInfo.InvariantCulture));
    }

    private static InvalidOperationException Broken(string what) => new(what);
}

using System.Globalization;
using System.Text;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Records;

namespace AkkaStream.Host.Simulation;

/// <summary>What producers were told and readers saw of one partition, and whether it holds.</summary>
internal sealed class ReplicaHistory(int partition)
{
    private const int PieceBytes = 1 << 20;
    private readonly Dictionary<long, string> seen = [];
    private readonly List<(long Offset, string Value)> acknowledged = [];

    public int Acknowledged => acknowledged.Count;

    public int Seen => seen.Count;

    /// <summary>A value of a producer: whose, and which.</summary>
    public static string Value(int producer, int number) => string.Create(CultureInfo.InvariantCulture, $"{producer}:{number}");

    /// <summary>The first record of a batch was acknowledged at an offset, the others behind it.</summary>
    public void Acknowledge(long offset, IReadOnlyList<string> values)
    {
        for (var i = 0; i < values.Count; i++) acknowledged.Add((offset + i, values[i]));
    }

    /// <summary>A reader gets what lies from an offset on, and remembers it; gives where to go on.</summary>
    public long Read(PartitionHandle handle, long from)
    {
        var records = Records(handle.Log, from, ReadLimit.HighWatermark, out var next);
        foreach (var (offset, value) in records)
        {
            if (!seen.TryAdd(offset, value) && seen[offset] != value) throw new InvalidOperationException($"partition {partition}: at offset {offset} {seen[offset]} was read, and later {value}");
        }

        return next;
    }

    /// <summary>After healing: all replicas are the same, and everything is there that anyone was told or saw.</summary>
    /// <param name="replicas">The partition on each broker.</param>
    /// <param name="idempotent">Producers whose values must be there once and in order.</param>
    public void Check(IReadOnlyList<PartitionHandle> replicas, Func<int, bool> idempotent)
    {
        var first = Bytes(replicas[0].Log);
        for (var i = 1; i < replicas.Count; i++)
        {
            if (!first.AsSpan().SequenceEqual(Bytes(replicas[i].Log))) throw new InvalidOperationException($"partition {partition}: two replicas are not the same");
        }

        var stored = new Dictionary<long, string>();
        var last = new Dictionary<int, int>();
        for (var from = 0L; from < replicas[0].Log.View.EndOffset;)
        {
            var records = Records(replicas[0].Log, from, ReadLimit.End, out from);
            foreach (var (offset, value) in records)
            {
                stored[offset] = value;
                var parts = value.Split(':');
                var (producer, number) = (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
                if (number <= last.GetValueOrDefault(producer, -1) && (idempotent(producer) || number == last[producer])) throw new InvalidOperationException($"partition {partition}: {value} at offset {offset} is there twice, or behind a later one");
                last[producer] = number;
            }
        }

        foreach (var (offset, value) in acknowledged) Expect(stored, offset, value, "acknowledged");
        foreach (var (offset, value) in seen) Expect(stored, offset, value, "read");
    }

    private void Expect(Dictionary<long, string> stored, long offset, string value, string how)
    {
        if (stored.GetValueOrDefault(offset) is var found && found != value) throw new InvalidOperationException($"partition {partition}: {value} was {how} at offset {offset}, where {found ?? "nothing"} is");
    }

    private static byte[] Bytes(PartitionLog log)
    {
        var all = new MemoryStream();
        for (var at = log.View.StartOffset; at < log.View.EndOffset;)
        {
            using var read = log.Read(at, PieceBytes, ReadLimit.End, minOneBatch: true);
            var bytes = read.ReadBytes();
            var walker = new RecordBatchWalker(bytes);
            var before = at;
            while (walker.MoveNext())
            {
                all.Write(walker.Batch);
                at = walker.Header.NextOffset;
            }

            if (at == before) throw new InvalidOperationException($"offset {at} cannot be read: {read.Error}");
        }

        return all.ToArray();
    }

    private static List<(long Offset, string Value)> Records(PartitionLog log, long from, ReadLimit limit, out long next)
    {
        var found = new List<(long, string)>();
        next = from;
        using var read = log.Read(from, PieceBytes, limit, minOneBatch: true);
        if (read.Length == 0) return found;
        var walker = new RecordBatchWalker(read.ReadBytes());
        while (walker.MoveNext())
        {
            next = walker.Header.NextOffset;
            var reader = new RecordReader(walker.Header, walker.Records);
            while (reader.MoveNext())
            {
                if (reader.Offset >= from) found.Add((reader.Offset, Encoding.ASCII.GetString(reader.Value)));
            }
        }

        return found;
    }
}

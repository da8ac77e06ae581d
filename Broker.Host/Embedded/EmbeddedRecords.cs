using System.Buffers;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Embedded;

/// <summary>
/// Who owns record bytes that cross between client and broker in one process. The client may use its memory again as soon as a request is
/// sent, so the broker gets a copy; what the broker answers from its files is read into memory that the answer owns.
/// </summary>
internal static class EmbeddedRecords
{
    /// <summary>The request with record bytes of its own; other requests as they are.</summary>
    public static IApiMessage Own(IApiMessage request, out IDisposable? memory)
    {
        memory = null;
        if (request is not ProduceRequest produce) return request;
        long total = 0;
        foreach (var topic in produce.TopicData)
        {
            foreach (var partition in topic.PartitionData) total += partition.Records.Length;
        }

        var copy = new Rented(checked((int)total));
        memory = copy;
        var topics = new List<ProduceRequest.TopicProduceData>(produce.TopicData.Count);
        foreach (var topic in produce.TopicData) topics.Add(topic with { PartitionData = Own(topic.PartitionData, copy) });
        return produce with { TopicData = topics };
    }

    /// <summary>Reads the files of a fetch's answer; gives what the answer owns then.</summary>
    /// <exception cref="IOException">A file ends before its range does.</exception>
    public static IDisposable? Load(IApiMessage response)
    {
        if (response is not FetchResponse fetch) return null;
        long total = 0;
        foreach (var topic in fetch.Responses)
        {
            foreach (var partition in topic.Partitions) total += partition.Records.File?.Length ?? 0;
        }

        if (total == 0) return null;
        var memory = new Rented(checked((int)total));
        foreach (var topic in fetch.Responses)
        {
            foreach (var partition in topic.Partitions) partition.Records = Load(partition.Records, memory);
        }

        return memory;
    }

    private static List<ProduceRequest.PartitionProduceData> Own(List<ProduceRequest.PartitionProduceData> partitions, Rented memory)
    {
        var owned = new List<ProduceRequest.PartitionProduceData>(partitions.Count);
        foreach (var partition in partitions)
        {
            if (partition.Records.IsNull)
            {
                owned.Add(partition);
                continue;
            }

            var place = memory.Next(partition.Records.Length);
            partition.Records.Memory.CopyTo(place);
            owned.Add(partition with { Records = new RecordsPayload(place) });
        }

        return owned;
    }

    private static RecordsPayload Load(RecordsPayload records, Rented memory)
    {
        if (records.File is not { } file) return records;
        var place = memory.Next(file.Length);
        using (file)
        {
            return file.ReadInto(place.Span) == file.Length ? new RecordsPayload(place) : throw new IOException("it is shorter than the answer's head promised");
        }
    }

    private sealed class Rented(int length) : IDisposable
    {
        private byte[]? array = ArrayPool<byte>.Shared.Rent(length);
        private int used;

        public Memory<byte> Next(int count)
        {
            used += count;
            return array.AsMemory(used - count, count);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref array, null) is { } rented) ArrayPool<byte>.Shared.Return(rented);
        }
    }
}

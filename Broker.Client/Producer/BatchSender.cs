using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Producer;

/// <summary>Sends batches to the leaders of their partitions and judges the answers.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="options">The producer's options.</param>
/// <param name="ended">Told of each batch and its result.</param>
internal sealed class BatchSender(ClusterClient cluster, ProducerOptions options, Action<ProducerBatch, BatchResult> ended)
{
    private const short LastByName = 12;
    private const short LastThatAddsNothing = 11;
    private readonly Dictionary<int, Completion<bool>> lines = [];

    /// <summary>Whether the brokers add partitions to the transaction by themselves: Produce 12 and later.</summary>
    public bool AddsPartitions { get; set; }

    /// <summary>Sends batches, one request for each leader, in the order of the calls. Does not wait for answers.</summary>
    public void Send(List<ProducerBatch> batches)
    {
        foreach (var group in batches.GroupBy(b => cluster.Metadata.Partition(b.Partition)?.Leader ?? -1))
        {
            var written = new Completion<bool>(cluster.Options.Time);
            var before = lines.GetValueOrDefault(group.Key)?.Task ?? Task.CompletedTask;
            lines[group.Key] = written;
            _ = SendTo(group.Key, group.ToList(), before, written);
        }
    }

    private async Task SendTo(int leader, List<ProducerBatch> batches, Task before, Completion<bool> written)
    {
        try
        {
            // Requests to a broker go out one behind the other, so that batches that are under way together arrive in order.
            await before.ConfigureAwait(false);
            if (leader < 0) throw new TransportException("the partition has no leader");
            var connection = await cluster.ToAsync(leader).ConfigureAwait(false);
            var (request, highest) = RequestOf(batches);
            if (options.Acks == Acks.None)
            {
                await connection.SendOneWayAsync(request).ConfigureAwait(false);
                foreach (var batch in batches) ended(batch, new BatchResult(ErrorCode.None, -1, -1));
                return;
            }

            var sending = connection.SendAsync(request, options.RequestTimeout + TimeSpan.FromSeconds(5), highest);
            written.TrySetResult(true);
            using var answer = await sending.ConfigureAwait(false);
            Judge(batches, answer.As<ProduceResponse>());
        }
        catch (Exception e) when (e is TransportException or BrokerException or Records.CorruptRecordException or ObjectDisposedException)
        {
            // Without its cluster client a producer can send nothing more, however often it tries.
            var code = e switch { BrokerException refused => refused.Code, TransportException => ErrorCode.NetworkException, ObjectDisposedException => ErrorCode.UnknownServerError, _ => ErrorCode.UnsupportedCompressionType };
            foreach (var batch in batches) ended(batch, new BatchResult(code, -1, -1, e.Message));
            if (code.IsRetriable()) await Refresh(batches).ConfigureAwait(false);
        }
        finally
        {
            written.TrySetResult(true);
        }
    }

    private (ProduceRequest Request, short Highest) RequestOf(List<ProducerBatch> batches)
    {
        var request = new ProduceRequest { TransactionalId = options.TransactionalId, Acks = (short)options.Acks, TimeoutMs = (int)options.RequestTimeout.TotalMilliseconds };
        var byId = true;
        foreach (var batch in batches)
        {
            var topic = cluster.Metadata.Topics[batch.Partition.Topic];
            byId &= topic.Id != Guid.Empty;
            var place = request.TopicData.Find(t => t.Name == topic.Name);
            if (place is null) request.TopicData.Add(place = new() { Name = topic.Name, TopicId = topic.Id });
            place.PartitionData.Add(new() { Index = batch.Partition.Partition, Records = (ReadOnlyMemory<byte>)batch.Build(options.TransactionalId is not null) });
        }

        var highest = byId ? short.MaxValue : LastByName;
        return (request, options.TransactionalId is not null && !AddsPartitions ? LastThatAddsNothing : highest);
    }

    private void Judge(List<ProducerBatch> batches, ProduceResponse answer)
    {
        var stale = false;
        foreach (var batch in batches)
        {
            var found = Find(answer, batch.Partition);
            var code = found?.ErrorCode ?? ErrorCode.UnknownServerError;
            stale |= code.NeedsMetadata();
            ended(batch, new BatchResult(code, found?.BaseOffset ?? -1, found?.LogAppendTimeMs ?? -1, found?.ErrorMessage));
        }

        if (stale) _ = Refresh(batches);
    }

    private ProduceResponse.PartitionProduceResponse? Find(ProduceResponse answer, TopicPartition partition)
    {
        foreach (var topic in answer.Responses)
        {
            var name = topic.Name.Length > 0 ? topic.Name : cluster.Metadata.TopicOf(topic.TopicId)?.Name;
            if (name == partition.Topic && topic.PartitionResponses.Find(p => p.Index == partition.Partition) is { } found) return found;
        }

        return null;
    }

    private async Task Refresh(List<ProducerBatch> batches)
    {
        try
        {
            await cluster.RefreshAsync(batches.Select(b => b.Partition.Topic).Distinct().ToList()).ConfigureAwait(false);
        }
        catch (TransportException)
        {
            // The batches are repeated after their backoff in any case, and each repetition asks anew.
            return;
        }
    }
}

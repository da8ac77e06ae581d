using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Client.Producer;

/// <summary>Sends batches to the leaders of their partitions and judges the answers.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="options">The producer's options.</param>
/// <param name="ended">Told of each batch: its result, and whether it should be sent again.</param>
internal sealed class BatchSender(ClusterClient cluster, ProducerOptions options, Action<ProducerBatch, BatchResult, bool> ended)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<TopicPartition, int> sequences = new();
    private readonly SemaphoreSlim starting = new(1);
    private long producerId = -1;
    private short producerEpoch = -1;

    /// <summary>Sends batches, one request for each leader. Does not wait for answers.</summary>
    public void Send(List<ProducerBatch> batches)
    {
        foreach (var group in batches.GroupBy(b => cluster.Metadata.Partition(b.Partition)?.Leader ?? -1)) _ = SendTo(group.Key, group.ToList());
    }

    private async Task SendTo(int leader, List<ProducerBatch> batches)
    {
        try
        {
            if (leader < 0) throw new TransportException("the partition has no leader");
            if (options.Idempotence) await Start().ConfigureAwait(false);
            var connection = await cluster.ToAsync(leader).ConfigureAwait(false);
            var (request, highest) = RequestOf(batches);
            if (options.Acks == Acks.None)
            {
                await connection.SendOneWayAsync(request).ConfigureAwait(false);
                foreach (var batch in batches) ended(batch, new BatchResult(ErrorCode.None, -1, -1), false);
                return;
            }

            using var answer = await connection.SendAsync(request, options.RequestTimeout + TimeSpan.FromSeconds(5), highest).ConfigureAwait(false);
            Judge(batches, answer.As<ProduceResponse>());
        }
        catch (Exception e) when (e is TransportException or BrokerException or Records.CorruptRecordException)
        {
            var code = e is BrokerException refused ? refused.Code : ErrorCode.NetworkException;
            var again = e is TransportException || code.IsRetriable();
            foreach (var batch in batches) ended(batch, new BatchResult(code, -1, -1, e.Message), again);
            if (again) await Refresh(batches).ConfigureAwait(false);
        }
    }

    private (ProduceRequest Request, short Highest) RequestOf(List<ProducerBatch> batches)
    {
        var request = new ProduceRequest { Acks = (short)options.Acks, TimeoutMs = (int)options.RequestTimeout.TotalMilliseconds };
        var byId = true;
        foreach (var batch in batches)
        {
            var topic = cluster.Metadata.Topics[batch.Partition.Topic];
            byId &= topic.Id != Guid.Empty;
            if (options.Idempotence && batch.BaseSequence < 0)
            {
                batch.BaseSequence = sequences.GetValueOrDefault(batch.Partition);
                sequences[batch.Partition] = Records.RecordBatchHeader.AddSequence(batch.BaseSequence, batch.Count);
            }

            var place = request.TopicData.Find(t => t.Name == topic.Name);
            if (place is null) request.TopicData.Add(place = new() { Name = topic.Name, TopicId = topic.Id });
            ReadOnlyMemory<byte> bytes = options.Idempotence ? batch.Build(producerId, producerEpoch) : batch.Build();
            place.PartitionData.Add(new() { Index = batch.Partition.Partition, Records = bytes });
        }

        return (request, byId ? short.MaxValue : (short)12);
    }

    private void Judge(List<ProducerBatch> batches, ProduceResponse answer)
    {
        var stale = false;
        foreach (var batch in batches)
        {
            var found = Find(answer, batch.Partition);
            var code = found?.ErrorCode ?? ErrorCode.UnknownServerError;
            stale |= code.NeedsMetadata();
            ended(batch, new BatchResult(code, found?.BaseOffset ?? -1, found?.LogAppendTimeMs ?? -1, found?.ErrorMessage), code.IsRetriable());
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

    private async ValueTask Start()
    {
        if (Volatile.Read(ref producerId) >= 0) return;
        await starting.WaitAsync().ConfigureAwait(false);
        try
        {
            if (producerId >= 0) return;
            var given = await cluster.SendAsync<InitProducerIdResponse>(new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 60_000 }, highest: 5).ConfigureAwait(false);
            BrokerException.ThrowIf(given.ErrorCode, "asking for a producer id");
            producerEpoch = given.ProducerEpoch;
            Volatile.Write(ref producerId, given.ProducerId);
        }
        finally
        {
            starting.Release();
        }
    }
}

using Akka.Actor;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Storage;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Transactions;

/// <summary>DescribeProducers: the producers that partitions know, by leaders and followers alike, and where their open transactions begin.</summary>
public sealed class DescribeProducersHandler(BrokerServices broker) : IRequestHandler
{
    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var answer = new DescribeProducersResponse();
        var open = 1;
        foreach (var topic in ((DescribeProducersRequest)slot.Request).Topics)
        {
            var partitions = new List<DescribeProducersResponse.PartitionResponse>(topic.PartitionIndexes.Count);
            answer.Topics.Add(new() { Name = topic.Name, Partitions = partitions });
            foreach (var index in topic.PartitionIndexes)
            {
                var partition = new DescribeProducersResponse.PartitionResponse { PartitionIndex = index, ErrorMessage = null };
                partitions.Add(partition);
                if (broker.Partitions.Find(topic.Name, index) is not { } handle)
                {
                    partition.ErrorCode = broker.WhyMissing(topic.Name, index);
                    continue;
                }

                Interlocked.Increment(ref open);
                handle.Actor.Tell(new LookAtProducers((error, producers) =>
                {
                    Fill(partition, error, producers);
                    Arrived();
                }), ActorRefs.NoSender);
            }
        }

        Arrived();

        void Arrived()
        {
            if (Interlocked.Decrement(ref open) == 0) slot.Complete(answer);
        }
    }

    private static void Fill(DescribeProducersResponse.PartitionResponse partition, ErrorCode error, IReadOnlyList<ProducerEntry> producers)
    {
        partition.ErrorCode = error;
        foreach (var producer in producers)
        {
            partition.ActiveProducers.Add(new()
            {
                ProducerId = producer.ProducerId,
                ProducerEpoch = producer.Epoch,
                LastSequence = producer.LastSequence,
                LastTimestamp = producer.LastTimestamp,
                CoordinatorEpoch = producer.CoordinatorEpoch,
                CurrentTxnStartOffset = producer.FirstOffsetOfTransaction,
            });
        }
    }
}

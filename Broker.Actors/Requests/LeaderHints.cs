using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests;

/// <summary>Who leads now, in answers that say that this broker does not (KIP-951): clients go there at once instead of asking for the metadata first.</summary>
internal static class LeaderHints
{
    private const short FirstProduce = 10;
    private const short FirstFetch = 16;

    /// <summary>Adds hints where the answer has partitions that are led elsewhere.</summary>
    public static void AddTo(ProduceResponse answer, BrokerServices broker, RequestSlot slot)
    {
        if (slot.Header.Version < FirstProduce) return;
        foreach (var topic in answer.Responses)
        {
            foreach (var partition in topic.PartitionResponses)
            {
                if (partition.ErrorCode != ErrorCode.NotLeaderOrFollower) continue;
                if ((topic.TopicId != Guid.Empty ? broker.ImageOf(topic.TopicId, partition.Index) : broker.ImageOf(topic.Name, partition.Index)) is not { } image) continue;
                partition.CurrentLeader = new() { LeaderId = image.Leader, LeaderEpoch = image.LeaderEpoch };
                if (answer.NodeEndpoints.Exists(node => node.NodeId == image.Leader) || AddressOf(broker, image, slot) is not { } leader) continue;
                answer.NodeEndpoints.Add(new() { NodeId = leader.Id, Host = leader.Host, Port = leader.Port, Rack = leader.Rack });
            }
        }
    }

    /// <summary>Adds hints where the answer has partitions that are led elsewhere.</summary>
    public static void AddTo(FetchResponse answer, BrokerServices broker, RequestSlot slot)
    {
        if (slot.Header.Version < FirstFetch) return;
        foreach (var topic in answer.Responses)
        {
            foreach (var partition in topic.Partitions)
            {
                if (partition.ErrorCode is not (ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch)) continue;
                if (broker.ImageOf(topic.TopicId, partition.PartitionIndex) is not { } image) continue;
                partition.CurrentLeader = new() { LeaderId = image.Leader, LeaderEpoch = image.LeaderEpoch };
                if (answer.NodeEndpoints.Exists(node => node.NodeId == image.Leader) || AddressOf(broker, image, slot) is not { } leader) continue;
                answer.NodeEndpoints.Add(new() { NodeId = leader.Id, Host = leader.Host, Port = leader.Port, Rack = leader.Rack });
            }
        }
    }

    private static AdvertisedBroker? AddressOf(BrokerServices broker, PartitionImage image, RequestSlot slot) => image.Leader < 0 ? null : broker.AddressOf(image.Leader, slot.Connection);
}

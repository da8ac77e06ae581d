using AkkaStream.Actors.Coordinators;
using AkkaStream.Actors.Metadata;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Groups;

/// <summary>
/// FindCoordinator: the leader of the key's partition of the internal topic. The topic is made at the first question, as clients of Kafka know it.
/// </summary>
/// <param name="broker">The broker.</param>
public sealed class FindCoordinatorHandler(BrokerServices broker) : IRequestHandler
{
    private const short FirstBatched = 4;
    private const sbyte Group = 0;
    private const sbyte Transaction = 1;
    private const sbyte Share = 2;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (FindCoordinatorRequest)slot.Request;
        var topic = request.KeyType switch { Group => TopicNames.ConsumerOffsets, Transaction => TopicNames.TransactionState, _ => null };
        if (topic is null || broker.Metadata.Image.Topics.ContainsKey(topic)) slot.Complete(Answer(slot, request, topic));
        else broker.Gate.CreateInternalTopic(topic, () => slot.Complete(Answer(slot, request, topic)));
    }

    private FindCoordinatorResponse Answer(RequestSlot slot, FindCoordinatorRequest request, string? topic)
    {
        var answer = new FindCoordinatorResponse();
        if (slot.Header.Version < FirstBatched)
        {
            var only = Find(slot, request.KeyType, request.Key, topic);
            (answer.ErrorCode, answer.ErrorMessage, answer.NodeId, answer.Host, answer.Port) = (only.ErrorCode, only.ErrorMessage, only.NodeId, only.Host, only.Port);
            return answer;
        }

        foreach (var key in request.CoordinatorKeys) answer.Coordinators.Add(Find(slot, request.KeyType, key, topic));
        return answer;
    }

    private FindCoordinatorResponse.Coordinator Find(RequestSlot slot, sbyte type, string key, string? topic)
    {
        if (type is < Group or > Share || (type == Share && key.Split(':').Length != 3)) return Refused(key, ErrorCode.InvalidRequest, "there is no such kind of key");
        var leader = topic is null || !broker.Coordinators.Serves(topic) ? -1 : LeaderOf(topic, key);
        if (leader < 0 || broker.AddressOf(leader, slot.Connection) is not { } found) return Refused(key, ErrorCode.CoordinatorNotAvailable, "there is no coordinator for it now");
        return new() { Key = key, NodeId = leader, Host = found.Host, Port = found.Port, ErrorMessage = null };
    }

    private int LeaderOf(string topic, string key)
    {
        if (!broker.Metadata.Image.Topics.TryGetValue(topic, out var known) || known.Partitions.IsEmpty) return -1;
        return known.Partitions[CoordinatorHash.PartitionOf(key, known.Partitions.Length)].Leader;
    }

    private static FindCoordinatorResponse.Coordinator Refused(string key, ErrorCode error, string why)
        => new() { Key = key, NodeId = -1, Host = "", Port = -1, ErrorCode = error, ErrorMessage = why };
}

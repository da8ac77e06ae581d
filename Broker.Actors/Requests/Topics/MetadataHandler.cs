using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Requests.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Topics;

/// <summary>Metadata: brokers, topics, partitions; creates topics that are asked about where both sides allow it.</summary>
public sealed class MetadataHandler(BrokerServices broker) : IRequestHandler
{
    private const short FirstWithCreateFlag = 4;
    private const short FirstWithNullName = 12;

    /// <inheritdoc/>
    public void Handle(RequestSlot slot)
    {
        var request = (MetadataRequest)slot.Request;
        var image = broker.Metadata.Image;
        var answer = Brokers(slot, request);
        // In version 0 an empty list means every topic; later null does, and empty means none.
        if (request.Topics is null || (slot.Header.Version == 0 && request.Topics.Count == 0))
        {
            foreach (var topic in image.Topics.Values) answer.Topics.Add(Describe(topic, slot));
            slot.Complete(answer);
            return;
        }

        var create = new List<string>();
        var mayCreate = broker.Config.AutoCreateTopicsEnable && (slot.Header.Version < FirstWithCreateFlag || request.AllowAutoTopicCreation);
        foreach (var asked in request.Topics) answer.Topics.Add(Find(asked, image, slot, mayCreate ? create : null));
        if (slot.Header.Version < FirstWithNullName) NameAll(answer);
        if (create.Count > 0) broker.Gate.CreateTopics(create, () => slot.Complete(answer));
        else slot.Complete(answer);
    }

    private static void NameAll(MetadataResponse answer)
    {
        foreach (var topic in answer.Topics) topic.Name ??= "";
    }

    private MetadataResponse Brokers(RequestSlot slot, MetadataRequest request)
    {
        var brokers = broker.AddressesFor(slot.Connection);
        return new MetadataResponse
        {
            ClusterId = broker.Metadata.ClusterId,
            ControllerId = broker.Metadata.BrokerId,
            Brokers = brokers.ConvertAll(b => new MetadataResponse.MetadataResponseBroker { NodeId = b.Id, Host = b.Host, Port = b.Port, Rack = b.Rack }),
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations ? AuthorizedOperations.Cluster : AuthorizedOperations.NotAsked,
        };
    }

    private MetadataResponse.MetadataResponseTopic Find(MetadataRequest.MetadataRequestTopic asked, MetadataImage image, RequestSlot slot, List<string>? create)
    {
        if (asked.Name is null || asked.TopicId != Guid.Empty)
        {
            if (image.TopicOf(asked.TopicId) is { } known) return Describe(known, slot);
            // Neither a name nor an id: no question at all, which Kafka answers so.
            if (asked.TopicId == Guid.Empty) return new() { Name = "", ErrorCode = ErrorCode.UnknownServerError };
            return new() { Name = null, TopicId = asked.TopicId, ErrorCode = ErrorCode.UnknownTopicId };
        }

        if (image.Topics.TryGetValue(asked.Name, out var topic)) return Describe(topic, slot);
        if (TopicNames.Check(asked.Name) is not null) return new() { Name = asked.Name, ErrorCode = ErrorCode.InvalidTopicException };
        if (create is null || TopicNames.IsInternal(asked.Name)) return new() { Name = asked.Name, ErrorCode = ErrorCode.UnknownTopicOrPartition };
        create.Add(asked.Name);
        // The first answer says that the topic has no leader yet; the client asks again and finds it.
        return new() { Name = asked.Name, ErrorCode = ErrorCode.LeaderNotAvailable };
    }

    private MetadataResponse.MetadataResponseTopic Describe(TopicImage topic, RequestSlot slot)
    {
        var request = (MetadataRequest)slot.Request;
        var partitions = new List<MetadataResponse.MetadataResponsePartition>(topic.Partitions.Length);
        foreach (var p in topic.Partitions)
        {
            var shown = ShownPartition.Of(broker, topic, p, slot.Connection);
            partitions.Add(new()
            {
                ErrorCode = shown.Error,
                OfflineReplicas = shown.Offline,
                PartitionIndex = p.Index,
                LeaderId = shown.Leader,
                LeaderEpoch = p.LeaderEpoch,
                ReplicaNodes = [.. p.Replicas],
                IsrNodes = [.. p.InSync],
            });
        }

        return new()
        {
            Name = topic.Name,
            TopicId = topic.Id,
            IsInternal = topic.IsInternal,
            Partitions = partitions,
            TopicAuthorizedOperations = request.IncludeTopicAuthorizedOperations ? AuthorizedOperations.Topic : AuthorizedOperations.NotAsked,
        };
    }
}
